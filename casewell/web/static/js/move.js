/* Moving bookings in the calendar, by whatever means: wires them to the grid, the list, the feed. */

import { DAY } from "./day-scale.js";
import { iso } from "./day-words.js";
import { Carry } from "./move-carry.js";
import { Drag } from "./move-drag.js";
import { placeIn, spanOn } from "./move-place.js";
import { Moves } from "./move-send.js";
import { say } from "./move-toast.js";

const SHORTEST = 5;

export class Moving {
  constructor(element, { grid, list, redraw, settled }) {
    Object.assign(this, { grid, list });
    this.moves = new Moves({ redraw, settled, said: say });
    const drop = (...move) => this.moves.go(...move);
    this.drag = new Drag(grid, { drop, book: (...time) => this.book(...time), letGo: redraw });
    this.carry = new Carry({ grid, list, drop, redraw });
    if (grid.mayBook) element.addEventListener("keydown", (event) => this.key(event));
  }

  /* While a tile is in the air nothing else moves. */
  get busy() {
    return this.drag.active;
  }

  over(day) {
    return this.moves.over(day);
  }

  drawn() {
    this.carry.mark();
  }

  /* Whether a booking was in hand, and is put down there. */
  put(resource, start) {
    if (!this.carry.booking) return false;
    this.carry.put(resource, start);
    return true;
  }

  book(column, minutes, length) {
    const { cursor } = this.grid;
    cursor.moveTo(column, minutes, { jump: false });
    this.grid.mark(cursor.element);
    const { date, resource } = this.grid.columns[column];
    this.grid.book(resource, `${date}T${iso(minutes)}`, length);
  }

  /* M picks up; Alt and the arrows move by a line or a column, with Shift they make it longer. */
  key(event) {
    const tile = event.target.closest(".tile");
    if (!tile || event.ctrlKey || event.metaKey) return;
    const { day } = this.grid.element.hidden ? this.list : this.grid;
    const booking = day.bookings.find(({ id }) => id === tile.dataset.booking);
    if (event.key.toLowerCase() === "m" && !event.altKey) {
      event.preventDefault();
      this.carry.pick(booking);
    } else if (event.altKey && this.nudge(tile, booking, event)) event.preventDefault();
  }

  nudge(tile, booking, { key, shiftKey }) {
    const [across, along] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key] ?? [];
    const here = this.grid.columnOf(tile);
    if (across === undefined || here === -1) return false;
    const column = this.grid.columns[here + across];
    if (!column) return true;
    const [start, end] = spanOn(this.grid.columns[here].date, booking);
    const by = along * this.grid.step;
    const from = shiftKey ? start : start + by;
    const until = end + by;
    if (from < 0 || from >= DAY || until - from < SHORTEST) return true;
    this.moves.go(booking, placeIn(column, booking, from, until), { resized: shiftKey && by !== 0 });
    return true;
  }
}
