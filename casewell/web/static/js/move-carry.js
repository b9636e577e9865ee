/* Picked up: the calendar is browsed with a booking in hand, until it is put down or put back. */

import { carried, carry } from "./carried.js";
import { lengthOf, placeIn, Shadow } from "./move-place.js";

const REFUSED = 422;
const bar = document.getElementById("carry");
const said = document.getElementById("day-said");

export class Carry {
  constructor({ grid, list, drop, redraw }) {
    Object.assign(this, { grid, list, drop, redraw, shadow: new Shadow(grid) });
    this.lifted = null;
    bar.addEventListener("click", ({ target }) => target.closest("[data-put-back]") && this.putBack());
    document.addEventListener("keydown", (event) => this.key(event), { capture: true });
    document.addEventListener("picked-up", (event) => this.fromPanel(event));
    grid.element.addEventListener("pointermove", (event) => this.hover(event));
    grid.element.addEventListener("pointerleave", () => this.shadow.hide());
    this.show();
  }

  get booking() {
    return carried();
  }

  pick(booking) {
    carry({ ...booking, who: booking.patient || booking.title });
    this.show();
    this.redraw();
    said.textContent = bar.querySelector("span").textContent;
  }

  fromPanel(event) {
    event.preventDefault();
    document.querySelector("#panel [data-panel-close]")?.click();
    this.show();
    this.redraw();
  }

  /* The bar, and the words of what would otherwise book. */
  show() {
    const { booking } = this;
    this.comeOrGo(!booking);
    const minutes = booking ? lengthOf(booking) : null;
    if (booking) {
      const words = `${booking.who}, ${minutes} min, is picked up: choose a time.`;
      bar.querySelector("span").textContent = words;
    }
    for (const view of [this.grid, this.list]) view.holding = minutes;
    if (!booking) this.shadow.hide();
  }

  /* The bar takes room; what lies under the pointer stays there. */
  comeOrGo(hidden) {
    const { element } = this.grid;
    const before = element.getBoundingClientRect().top;
    bar.hidden = hidden;
    element.scrollTop += element.getBoundingClientRect().top - before;
  }

  /* After a drawing: its tile shows that it is in hand. */
  mark() {
    const { booking } = this;
    if (this.lifted) delete this.lifted.dataset.lifted;
    this.lifted = booking && document.querySelector(`#day .tile[data-booking="${booking.id}"]`);
    if (this.lifted) this.lifted.dataset.lifted = "";
  }

  putBack() {
    const { who } = this.booking;
    this.leave();
    said.textContent = `${who} stays where it was.`;
  }

  leave() {
    carry(null);
    this.show();
    this.redraw();
  }

  /* Puts it down at a wall-clock time; it stays in hand where it may not go there. */
  async put(resource, start) {
    const { booking } = this;
    const [date, clock] = start.split("T");
    const [hours, minutes] = clock.split(":").map(Number);
    const from = hours * 60 + minutes;
    this.leave();
    const place = placeIn({ date, resource }, booking, from, from + lengthOf(booking));
    const answer = await this.drop(booking, place);
    if (answer.status !== REFUSED || answer.choices || this.booking) return;
    carry(booking);
    this.show();
    this.redraw();
  }

  hover(event) {
    const { booking, grid } = this;
    if (!booking || event.pointerType === "touch" || event.buttons) return;
    const point = event.target.closest(".tile") ? null : grid.pointAt(event.clientX, event.clientY);
    if (!point) {
      this.shadow.hide();
      return;
    }
    const from = grid.scale.floor(Math.floor(point.minutes));
    this.shadow.show({ ...point, from, until: from + lengthOf(booking) }, { colour: booking.colour, who: booking.who });
  }

  /* One Esc closes one thing: a menu or the panel first. */
  key(event) {
    if (event.key !== "Escape" || !this.booking || event.defaultPrevented) return;
    const over = document.getElementById("panel").childElementCount || document.querySelector("details.menu[open]");
    if (over || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
    event.preventDefault();
    this.putBack();
  }
}
