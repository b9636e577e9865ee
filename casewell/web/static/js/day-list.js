/* The days of one practitioner as a list: bookings and the free times between them. */

import { touches } from "./day-layout.js";
import { clock, iso, minutesOf, minutesOn } from "./day-words.js";
import { tile } from "./tile.js";

const SHORTEST = 10; // a gap of fewer minutes is no time to offer
const HALF = 30;
const KEPT = "day-practitioner";

function made(name, className, text = "") {
  return Object.assign(document.createElement(name), { className, textContent: text });
}

export class List {
  constructor(element, { open, book, mayBook }) {
    this.element = element;
    this.book = book;
    this.holding = null; // minutes of the booking that is in hand
    this.mayBook = mayBook;
    this.days = made("div", "day-list__days");
    this.mark = made("li", "day-list__now");
    element.addEventListener("change", ({ target }) => this.chose(target));
    element.addEventListener("click", (event) => {
      const free = event.target.closest("button.day-list__free");
      if (free) this.book(this.chosen, free.dataset.start);
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
    this.drawDays();
    if (focused) this.refocus(focused);
    this.beginAtNow();
  }

  /* Once for each day or week: what is over by now lies above. */
  beginAtNow() {
    const shown = this.day.days[0].date;
    if (this.begun === shown || !this.element.offsetParent) return;
    this.begun = shown;
    this.mark.scrollIntoView({ block: "center" });
  }

  /* The line that is now, among the rows of today. */
  now(at) {
    const { date, minutes } = (this.at = at);
    const rows = this.days.querySelector(`[data-date="${date}"]`);
    if (!rows) return this.mark.remove();
    this.mark.textContent = `now ${clock(Math.floor(minutes))}`;
    const next = [...rows.children].find(({ dataset }) => Number(dataset.at) > minutes) ?? null;
    if (next?.previousSibling !== this.mark) rows.insertBefore(this.mark, next);
    return undefined;
  }

  get chosen() {
    const kept = sessionStorage.getItem(KEPT);
    return this.day.resources.find(({ id }) => id === kept) ?? this.day.resources[0];
  }

  chose({ id, value }) {
    if (id !== "day-practitioner") return;
    sessionStorage.setItem(KEPT, value);
    this.drawDays();
  }

  /* Nothing to switch where the head has chosen one person. */
  drawSwitch() {
    const shape = JSON.stringify(this.day.resources.map(({ id, title }) => [id, title]));
    if (this.shape === shape && this.days.isConnected) return;
    this.shape = shape;
    const choice = made("select", "form-select");
    choice.id = "day-practitioner";
    choice.setAttribute("aria-label", "Practitioner");
    choice.append(...this.day.resources.map(({ id, title }) => new Option(title, id)));
    choice.value = this.chosen.id;
    this.element.replaceChildren(...(this.day.resources.length > 1 ? [choice] : []), this.days);
  }

  drawDays() {
    const written = JSON.stringify([this.chosen, this.day.days, this.bookings(), this.holding]);
    if (written === this.written) return;
    this.written = written;
    this.days.replaceChildren(...this.day.days.map((shown) => this.oneDay(shown)));
    if (this.at) this.now(this.at);
  }

  oneDay({ date, title }) {
    const part = made("section", "day-list__day");
    const rows = made("ol", "day-list__rows");
    rows.setAttribute("aria-label", `${title}, ${this.chosen.title}`);
    const several = this.day.days.length > 1;
    if (several) part.append(this.heading(date, title));
    const past = several && date < this.day.now.slice(0, 10);
    const lines = [...this.booked(date), ...(past ? [] : this.gaps(date))];
    lines.sort((one, other) => one.at - other.at);
    rows.dataset.date = date;
    for (const { at, element } of lines) {
      element.dataset.at = at;
      rows.append(element);
    }
    if (!lines.length) rows.append(this.line(past ? "Nothing booked." : "Not at work, and nothing booked.", ""));
    part.append(rows);
    return part;
  }

  heading(date, title) {
    const heading = made("h2", "day-list__title", title);
    if (date === this.day.now.slice(0, 10)) heading.append(made("span", "day-list__today", "today"));
    return heading;
  }

  bookings() {
    const own = this.day.bookings.filter(({ resourceId }) => resourceId === this.chosen.id);
    return own.sort((one, other) => one.start.localeCompare(other.start));
  }

  on(date) {
    return this.bookings().filter((booking) => touches(booking, date));
  }

  booked(date) {
    return this.on(date).map((booking) => {
      const row = this.line("", timeOn(booking, date));
      row.append(tile(booking, null));
      return { at: minutesOn(date, booking.start), element: row };
    });
  }

  line(text, time) {
    const row = document.createElement("li");
    row.append(made("time", "", time));
    if (text) row.append(text);
    return row;
  }

  /* The open times less the bookings, as buttons. */
  gaps(date) {
    const taken = this.on(date).map(({ start, end }) => [minutesOn(date, start), minutesOn(date, end)]);
    const free = (this.chosen.open[date] ?? []).flatMap(([start, end]) => {
      return without(minutesOf(start), minutesOf(end), taken);
    });
    return free.flatMap((gap) => this.offers(...gap)).map(([start, end]) => this.gap(date, start, end));
  }

  /* A free time; with a booking in hand, each half hour of it at which that fits. */
  offers(start, end) {
    if (!this.holding) return [[start, end]];
    const offers = [];
    for (let from = start; from + this.holding <= end; from += HALF - (from % HALF)) offers.push([from, end]);
    return offers;
  }

  gap(date, start, end) {
    const row = this.line("", clock(start));
    const until = `ree until ${clock(end)}`;
    const words = this.holding ? `Put here · f${until}` : `F${until}`;
    const button = made(this.mayBook ? "button" : "span", "day-list__free", words);
    if (this.mayBook) {
      button.type = "button";
      button.dataset.start = `${date}T${iso(start)}`;
      button.dataset.focusKey = `free-${this.chosen.id}-${date}-${start}`;
      button.setAttribute("aria-label", `${this.holding ? "Put down" : "Book"} ${clock(start)}, f${until}`);
    }
    row.append(button);
    return { at: start + 0.5, element: row };
  }

  refocus(key) {
    if (document.activeElement?.dataset?.focusKey === key) return;
    this.element.querySelector(`[data-focus-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
  }
}

/* When it begins; of what began on the day before, when it ends. */
function timeOn({ start, end }, date) {
  return minutesOn(date, start) < 0 ? `to ${clock(minutesOf(end))}` : clock(minutesOf(start));
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
