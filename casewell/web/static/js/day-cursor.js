/* Walking through the columns by keys: one stop for Tab, arrows from slot to slot and tile to tile. */

import { isOpen } from "./day-columns.js";
import { DAY } from "./day-scale.js";
import { clock, minutesOn } from "./day-words.js";

export class Cursor {
  constructor(grid) {
    this.grid = grid;
    this.column = 0;
    this.minutes = null;
    this.element = document.createElement("button");
    this.element.type = "button";
    this.element.className = "day-cursor";
    this.element.dataset.focusKey = "day-cursor";
    this.element.addEventListener("click", () => grid.bookAt(this.column, this.minutes));
    grid.element.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("keydown", (event) => this.enter(event));
    grid.element.addEventListener("focusin", (event) => this.entered(event.target));
  }

  /* After a redraw: stay where it was, as far as that is still there. */
  keep() {
    const { scale, columns } = this.grid;
    this.minutes ??= this.beginning();
    this.column = Math.min(this.column, columns.length - 1);
    this.minutes = scale.within(scale.floor(this.minutes));
    this.label();
  }

  /* The slot that is now, where today is shown; else the first opening time. */
  beginning() {
    const { now, columns } = this.grid;
    const today = columns.findIndex(({ date }) => date === now.date);
    if (today === -1) return this.edges(columns[this.column])[0];
    this.column = today;
    return Math.floor(now.minutes);
  }

  label() {
    const column = this.grid.columns[this.column];
    const { title } = column.resource;
    const free = this.grid.holding ? "Put down" : this.grid.mayBook ? "Book" : "Free:";
    const away = isOpen(column, this.minutes) ? "" : ", not at work";
    const on = this.grid.day.days.length > 1 ? `${this.dayTitle(column)} ` : "";
    const words = `${free} ${on}${clock(this.minutes)} with ${title}${away}`;
    this.element.setAttribute("aria-label", words);
    this.element.dataset.time = clock(this.minutes);
    const length = Math.min(this.grid.holding ?? this.grid.step, DAY - this.minutes);
    this.grid.place(this.element, this.column, this.minutes, length);
    return words;
  }

  dayTitle({ date }) {
    return this.grid.day.days.find((one) => one.date === date).title;
  }

  /* The bookings of a column, in order. */
  bookings(column) {
    const own = [...this.grid.columns[column].bookings];
    return own.sort((one, other) => one.start.localeCompare(other.start));
  }

  /* Go to a slot, or (with jump) to the tile that covers it. */
  moveTo(column, minutes, { jump }) {
    const { grid } = this;
    this.column = Math.max(0, Math.min(column, grid.columns.length - 1));
    this.minutes = grid.scale.within(minutes);
    const covering = jump && this.bookings(this.column).find((booking) => this.covers(booking));
    if (covering) {
      this.focusTile(covering.id);
      return;
    }
    this.minutes = grid.scale.floor(this.minutes);
    const words = this.label();
    if (document.activeElement === this.element) document.getElementById("day-said").textContent = words;
    this.element.focus({ preventScroll: true });
    if (jump) this.element.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  covers(booking) {
    const [start, end] = this.span(booking);
    return start < this.minutes + this.grid.step && this.minutes < end;
  }

  span(booking) {
    const { date } = this.grid.columns[this.column];
    return [minutesOn(date, booking.start), minutesOn(date, booking.end)];
  }

  focusTile(id) {
    const tile = this.grid.columns[this.column].tiles.get(id)?.element;
    tile?.focus({ preventScroll: true });
    tile?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /* Focus came by mouse or key: arrows go on from there. */
  entered(target) {
    if (!target.classList.contains("tile")) return;
    this.at = this.grid.bookingOf(target);
    this.column = this.grid.columnOf(target);
    this.minutes = Math.max(0, this.span(this.at)[0]);
  }

  key(event) {
    const onTile = event.target.classList.contains("tile");
    if (!onTile && event.target !== this.element) return;
    const to = (column, minutes) => () => this.moveTo(column, minutes, { jump: true });
    const [opens, closes] = this.edges(this.grid.columns[this.column]);
    const steps = {
      ArrowDown: () => this.down(onTile),
      ArrowUp: () => this.up(onTile),
      ArrowLeft: to(this.column - 1, this.minutes),
      ArrowRight: to(this.column + 1, this.minutes),
      PageDown: to(this.column, this.minutes + 60),
      PageUp: to(this.column, this.minutes - 60),
      Home: to(this.column, this.minutes > opens ? opens : 0),
      End: to(this.column, this.minutes < closes ? closes : this.grid.scale.last),
    };
    const step = steps[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    event.preventDefault();
    step();
  }

  /* An arrow key that is meant for nothing else begins where the arrows were last. */
  enter(event) {
    const nowhere = [document.body, document.getElementById("main")].includes(document.activeElement);
    const plain = !(event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.defaultPrevented);
    if (!nowhere || !plain || !event.key.startsWith("Arrow") || !this.element.offsetParent) return;
    event.preventDefault();
    this.moveTo(this.column, this.minutes, { jump: true });
  }

  /* The first and the last line of a column's opening hours. */
  edges({ open }) {
    const { step, scale } = this.grid;
    const times = open.flat();
    return times.length ? [times[0], scale.floor(times.at(-1) - step)] : [8 * 60, 18 * 60];
  }

  /* Below a tile comes a tile that overlaps it, else the time at which it ends. */
  down(onTile) {
    if (!onTile) {
      this.moveTo(this.column, this.minutes + this.grid.step, { jump: true });
      return;
    }
    const all = this.bookings(this.column);
    const next = all[all.findIndex(({ id }) => id === this.at.id) + 1];
    const end = this.span(this.at)[1];
    if (next && next.start < this.at.end) this.focusTile(next.id);
    else if (end < 24 * 60) this.moveTo(this.column, end, { jump: true });
  }

  up(onTile) {
    const all = onTile ? this.bookings(this.column) : [];
    const before = all[all.findIndex(({ id }) => id === this.at?.id) - 1];
    if (before && before.end > this.at.start) this.focusTile(before.id);
    else this.moveTo(this.column, this.minutes - this.grid.step, { jump: true });
  }
}
