/* The free time under the mouse, shown before a click takes it. */

import { clock } from "./day-words.js";

export class Hover {
  constructor(grid) {
    this.grid = grid;
    this.element = Object.assign(document.createElement("div"), { className: "grid__hover", hidden: true });
    this.element.setAttribute("aria-hidden", "true");
    if (!grid.mayBook) return;
    grid.element.addEventListener("pointermove", (event) => this.over(event));
    for (const name of ["pointerleave", "pointerdown", "scroll"]) {
      grid.element.addEventListener(name, () => (this.element.hidden = true));
    }
  }

  over({ target, clientX, clientY, buttons, pointerType }) {
    const free = !this.grid.holding && pointerType === "mouse" && !buttons && target.classList?.contains("grid__column");
    const point = free ? this.grid.pointAt(clientX, clientY) : null;
    this.element.hidden = !point;
    if (!point) return;
    const minutes = this.grid.scale.floor(Math.floor(point.minutes));
    this.element.dataset.time = clock(minutes);
    this.grid.place(this.element, point.column, minutes, this.grid.step);
  }
}
