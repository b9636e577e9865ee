/* Walking through the day by keys: one stop for Tab, arrows from slot to slot and tile to tile. */

import { clock, minutesOf } from "./day-words.js";

const STEP = 15;

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
    grid.element.addEventListener("focusin", (event) => this.entered(event.target));
  }

  /* After a redraw: stay where it was, as far as that is still there. */
  keep() {
    const { grid } = this;
    this.minutes ??= this.beginning();
    this.column = Math.min(this.column, grid.day.resources.length - 1);
    this.minutes = Math.max(grid.from, Math.min(this.minutes, grid.until - STEP));
    this.label();
  }

  /* The slot that is now, where today is shown; else the first that is seen. */
  beginning() {
    const start = this.grid.now ?? this.grid.firstSeen();
    return start - (start % STEP);
  }

  label() {
    const { title, open } = this.grid.day.resources[this.column];
    const working = open.some(([start, end]) => {
      return minutesOf(start) <= this.minutes && this.minutes < minutesOf(end);
    });
    const free = this.grid.mayBook ? "Book" : "Free:";
    const words = `${free} ${clock(this.minutes)} with ${title}${working ? "" : ", not at work"}`;
    this.element.setAttribute("aria-label", words);
    this.element.dataset.time = clock(this.minutes);
    this.grid.place(this.element, this.column, this.minutes, STEP);
    return words;
  }

  /* The bookings of a column, in order. */
  bookings(column) {
    const { id } = this.grid.day.resources[column];
    const own = this.grid.day.bookings.filter((booking) => booking.resourceId === id);
    return own.sort((one, other) => one.start.localeCompare(other.start));
  }

  /* Go to a slot, or (with jump) to the tile that covers it. */
  moveTo(column, minutes, { jump }) {
    const { grid } = this;
    this.column = Math.max(0, Math.min(column, grid.day.resources.length - 1));
    this.minutes = Math.max(grid.from, Math.min(minutes, grid.until - STEP));
    const covering = jump && this.bookings(this.column).find((booking) => this.covers(booking));
    if (covering) {
      this.focusTile(covering.id);
      return;
    }
    const words = this.label();
    if (document.activeElement === this.element) document.getElementById("day-said").textContent = words;
    this.element.focus({ preventScroll: true });
    if (jump) this.element.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  covers(booking) {
    return minutesOf(booking.start) < this.minutes + STEP && this.minutes < minutesOf(booking.end);
  }

  focusTile(id) {
    this.grid.tiles.get(id)?.domNodes[0].focus();
  }

  /* Focus came by mouse or key: arrows go on from there. */
  entered(target) {
    const id = target.dataset.booking;
    const booking = id && this.grid.day.bookings.find((one) => one.id === id);
    if (!booking) return;
    this.column = this.grid.day.resources.findIndex((one) => one.id === booking.resourceId);
    this.minutes = minutesOf(booking.start);
    this.at = booking;
  }

  key(event) {
    const onTile = event.target.classList.contains("tile");
    if (!onTile && event.target !== this.element) return;
    const steps = {
      ArrowDown: () => this.down(onTile),
      ArrowUp: () => this.up(onTile),
      ArrowLeft: () => this.moveTo(this.column - 1, this.minutes, { jump: true }),
      ArrowRight: () => this.moveTo(this.column + 1, this.minutes, { jump: true }),
      PageDown: () => this.moveTo(this.column, this.minutes + 60, { jump: true }),
      PageUp: () => this.moveTo(this.column, this.minutes - 60, { jump: true }),
      Home: () => this.moveTo(this.column, this.grid.from, { jump: true }),
      End: () => this.moveTo(this.column, this.grid.until - STEP, { jump: true }),
    };
    const step = steps[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    step();
  }

  /* Below a tile comes a tile that overlaps it, else the time at which it ends. */
  down(onTile) {
    if (!onTile) {
      this.moveTo(this.column, this.minutes + STEP, { jump: true });
      return;
    }
    const all = this.bookings(this.column);
    const next = all[all.findIndex(({ id }) => id === this.at.id) + 1];
    if (next && next.start < this.at.end) this.focusTile(next.id);
    else if (minutesOf(this.at.end) < this.grid.until) {
      this.moveTo(this.column, minutesOf(this.at.end), { jump: true });
    }
  }

  up(onTile) {
    const all = onTile ? this.bookings(this.column) : [];
    const before = all[all.findIndex(({ id }) => id === this.at?.id) - 1];
    if (before && before.end > this.at.start) this.focusTile(before.id);
    else this.moveTo(this.column, this.minutes - STEP, { jump: true });
  }
}
