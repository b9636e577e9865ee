/* Where a booking would go: times as the server reads them, and the shadow that shows them. */

import { DAY } from "./day-scale.js";
import { clock, iso, minutesOn } from "./day-words.js";

const A_DAY_MS = 86_400_000;

/* Minutes of a date as wall-clock time; 24:00 is the next day's beginning. */
export function stamp(date, minutes) {
  const days = Math.floor(minutes / DAY);
  const on = new Date(Date.parse(`${date}T00:00Z`) + days * A_DAY_MS).toISOString().slice(0, 10);
  return `${on}T${iso(minutes - days * DAY)}`;
}

/* Start and end of a booking as minutes of a date. */
export function spanOn(date, { start, end }) {
  return [minutesOn(date, start), minutesOn(date, end)];
}

export function lengthOf(booking) {
  const [from, until] = spanOn(booking.start.slice(0, 10), booking);
  return until - from;
}

/* A booking's place in a column; its business stays where the practitioner works there too. */
export function placeIn({ date, resource }, booking, from, until) {
  const stays = resource.places.includes(booking.business);
  return {
    resourceId: resource.id,
    business: stays ? booking.business : resource.business,
    start: stamp(date, from),
    end: stamp(date, until),
  };
}

/* What shows in a column where something is about to be: its time, and whose it is. */
export class Shadow {
  constructor(grid) {
    this.grid = grid;
    this.element = document.createElement("div");
    this.element.className = "grid__shadow";
    this.element.append(document.createElement("b"), document.createElement("span"));
  }

  show({ column, from, until }, { colour, who } = {}) {
    const [time, name] = this.element.children;
    time.textContent = `${clock(from)} – ${clock(until % DAY)}`;
    name.textContent = who ?? "";
    if (colour) this.element.style.setProperty("--type", colour);
    this.grid.place(this.element, column, from, Math.min(until, DAY) - from);
    if (!this.element.isConnected) this.grid.sheet.append(this.element);
  }

  hide() {
    this.element.remove();
    this.element.removeAttribute("style");
  }
}
