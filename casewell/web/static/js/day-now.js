/* The line that is now, over the columns of today, and its time beside them. */

import { clock } from "./day-words.js";

const made = (name) => Object.assign(document.createElement("div"), { className: name, hidden: true });

export class Now {
  constructor(grid) {
    this.grid = grid;
    this.line = made("grid__now");
    this.time = made("grid__now-time");
    this.date = null;
    this.minutes = null;
  }

  move({ date, minutes }) {
    this.date = date;
    this.minutes = minutes;
    if (this.grid.columns.length) this.place();
  }

  place() {
    const { columns, scale } = this.grid;
    const today = columns.filter(({ date }) => date === this.date);
    for (const part of [this.line, this.time]) {
      part.hidden = !today.length;
      part.style.top = `${scale.pixels(this.minutes ?? 0)}px`;
    }
    if (!today.length) return;
    const first = columns.indexOf(today[0]) + 2;
    this.line.style.gridColumn = `${first} / ${first + today.length}`;
    this.time.textContent = clock(Math.floor(this.minutes));
  }
}
