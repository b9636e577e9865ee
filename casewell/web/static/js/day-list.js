/* The day of one practitioner as a list: bookings and the free times between them. */

import { clock, iso, minutesOf } from "./day-words.js";
import { tile } from "./tile.js";

const SHORTEST = 10; // a gap of fewer minutes is no time to offer
const KEPT = "day-practitioner";

export class List {
  constructor(element, { open, book, mayBook }) {
    this.element = element;
    this.book = book;
    this.mayBook = mayBook;
    this.rows = document.createElement("ol");
    this.rows.className = "day-list__rows";
    element.addEventListener("click", (event) => {
      const link = event.target.closest(".tile");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      open(link.getAttribute("href"));
    });
  }

  show(day) {
    const focused = document.activeElement?.dataset?.focusKey;
    this.day = day;
    if (!day.resources.length) {
      const nobody = document.getElementById("day-empty").content.cloneNode(true);
      this.element.replaceChildren(nobody);
      return;
    }
    this.drawSwitch();
    this.drawRows();
    if (focused) this.refocus(focused);
  }

  get chosen() {
    const kept = sessionStorage.getItem(KEPT);
    return this.day.resources.find(({ id }) => id === kept) ?? this.day.resources[0];
  }

  drawSwitch() {
    const shape = JSON.stringify(this.day.resources.map(({ id, title }) => [id, title]));
    if (this.shape === shape && this.rows.isConnected) return;
    this.shape = shape;
    const choice = document.createElement("select");
    Object.assign(choice, { className: "form-select", id: "day-practitioner" });
    choice.setAttribute("aria-label", "Practitioner");
    choice.append(...this.day.resources.map(({ id, title }) => new Option(title, id)));
    choice.value = this.chosen.id;
    choice.addEventListener("change", () => {
      sessionStorage.setItem(KEPT, choice.value);
      this.drawRows();
    });
    this.element.replaceChildren(choice, this.rows);
  }

  drawRows() {
    const { id, title } = this.chosen;
    const written = JSON.stringify([this.chosen, this.bookings(id)]);
    if (written === this.written) return;
    this.written = written;
    this.rows.setAttribute("aria-label", `Day of ${title}`);
    const rows = [...this.bookings(id).map((booking) => this.row(booking)), ...this.gaps(id)];
    rows.sort((one, other) => one.at - other.at);
    this.rows.replaceChildren(...rows.map(({ element }) => element));
    if (!rows.length) this.rows.append(this.line("Not at work, and nothing booked.", ""));
  }

  bookings(id) {
    const own = this.day.bookings.filter((booking) => booking.resourceId === id);
    return own.sort((one, other) => one.start.localeCompare(other.start));
  }

  row(booking) {
    const at = minutesOf(booking.start);
    const row = this.line("", `${clock(at)}`);
    row.append(tile(booking, null));
    return { at, element: row };
  }

  line(text, time) {
    const row = document.createElement("li");
    const when = document.createElement("time");
    when.textContent = time;
    row.append(when);
    if (text) row.append(text);
    return row;
  }

  /* The open times less the bookings, as buttons. */
  gaps(id) {
    const taken = this.bookings(id).map(({ start, end }) => [minutesOf(start), minutesOf(end)]);
    const { date } = this.day.days[0];
    const free = (this.chosen.open[date] ?? []).flatMap(([start, end]) => {
      return without(minutesOf(start), minutesOf(end), taken);
    });
    return free.map(([start, end]) => this.gap(id, start, end));
  }

  gap(id, start, end) {
    const row = this.line("", clock(start));
    const button = document.createElement(this.mayBook ? "button" : "span");
    button.className = "day-list__free";
    button.textContent = `Free until ${clock(end)}`;
    if (this.mayBook) {
      button.type = "button";
      button.dataset.focusKey = `free-${id}-${start}`;
      button.setAttribute("aria-label", `Book ${clock(start)}, free until ${clock(end)}`);
      button.addEventListener("click", () => this.book(this.chosen, `${this.day.days[0].date}T${iso(start)}`));
    }
    row.append(button);
    return { at: start + 0.5, element: row };
  }

  refocus(key) {
    if (document.activeElement?.dataset?.focusKey === key) return;
    this.element.querySelector(`[data-focus-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
  }
}

/* The parts of [start, end) that no taken span covers; `taken` is in order of its starts. */
function without(start, end, taken) {
  const free = [];
  let from = start;
  for (const [busy, until] of taken) {
    if (until <= from || busy >= end) continue;
    if (busy - from >= SHORTEST) free.push([from, busy]);
    from = Math.max(from, until);
  }
  if (end - from >= SHORTEST) free.push([from, end]);
  return free;
}
