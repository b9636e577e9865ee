/* Dragging in the grid: a tile to another time or column, its edges to another length, and over
   free time to book that much of it. Esc lets go. On touch a tile is held first. */

import { DAY } from "./day-scale.js";
import { placeIn, Shadow, spanOn } from "./move-place.js";

const SLACK = 4; // pixels that are still a click
const EDGE = 7;
const HOLD = 450;
const FINE = 5; // minutes, with Shift
const NEAR = 36; // pixels from the grid's edge, where it scrolls along
const HEADS = 48;

export class Drag {
  constructor(grid, { drop, book, letGo }) {
    Object.assign(this, { grid, drop, book, letGo, shadow: new Shadow(grid), at: null });
    const { element } = grid;
    element.addEventListener("pointerdown", (event) => this.down(event));
    element.addEventListener("dragstart", (event) => event.preventDefault());
    element.addEventListener("click", (event) => this.swallow(event), { capture: true });
    element.addEventListener("contextmenu", (event) => this.active && event.preventDefault());
    element.addEventListener("touchmove", (event) => this.active && event.preventDefault(), { passive: false });
    document.addEventListener("pointermove", (event) => this.moved(event));
    document.addEventListener("pointerup", () => this.up());
    document.addEventListener("pointercancel", () => this.end());
    document.addEventListener("keydown", (event) => this.key(event), { capture: true });
  }

  get active() {
    return Boolean(this.at?.to);
  }

  down(event) {
    this.dragged = false;
    if (event.button || !event.isPrimary || !this.grid.mayBook) return;
    if (this.grid.element.closest("[aria-busy]")) return; // another day is on its way
    const point = this.grid.pointAt(event.clientX, event.clientY);
    const tile = event.target.closest(".tile");
    const touch = event.pointerType === "touch";
    if (!point || !(tile || event.target.closest(".grid__column")) || (touch && !tile)) return;
    this.at = { x: event.clientX, y: event.clientY, point, touch, fine: false, ...this.held(tile, point, event, touch) };
    if (touch) this.timer = window.setTimeout(() => this.begin(), HOLD);
  }

  /* What of the grid is held: free time, a tile, or one of its edges. */
  held(tile, point, { clientY }, touch) {
    if (!tile) return { mode: "new" };
    const booking = this.grid.bookingOf(tile);
    const column = this.grid.columnOf(tile);
    const { top, bottom } = tile.getBoundingClientRect();
    const [from, until] = spanOn(this.grid.columns[column].date, booking);
    const edges = !touch && bottom - top > 3 * EDGE;
    const low = edges || bottom - top > EDGE ? bottom - clientY < EDGE : false;
    const mode = !touch && low ? "end" : edges && clientY - top < EDGE ? "start" : "all";
    return { mode, tile, booking, column, from, until, grip: point.minutes - from };
  }

  begin() {
    const { tile } = this.at;
    if (tile) tile.dataset.lifted = "";
    document.body.dataset.dragging = this.at.mode;
    this.follow();
    this.scroll();
  }

  moved(event) {
    if (!this.at) return;
    const far = Math.hypot(event.clientX - this.at.x, event.clientY - this.at.y) > SLACK;
    if (!this.active && !far) return;
    Object.assign(this.at, { x: event.clientX, y: event.clientY, fine: event.shiftKey });
    if (this.active) this.follow();
    else if (this.at.touch) this.end(); // it scrolls
    else this.begin();
  }

  follow() {
    const { grid, at } = this;
    const { left, right } = grid.sheet.getBoundingClientRect();
    const { top } = grid.columns[0].element.getBoundingClientRect();
    const found = grid.pointAt(Math.max(left, Math.min(at.x, right - 1)), Math.max(top, at.y));
    const column = found?.column ?? at.to?.column ?? at.point.column;
    const minutes = Math.max(0, Math.min(DAY, grid.scale.minutes(at.y - top)));
    at.to = this.target(column, minutes);
    this.shadow.show(at.to, { colour: at.booking?.colour, who: at.booking?.patient || at.booking?.title });
  }

  target(column, minutes) {
    const { at } = this;
    const step = at.fine ? FINE : this.grid.step;
    const snap = (time) => Math.round(time / step) * step;
    if (at.mode === "new") {
      const [one, other] = [at.point.minutes, minutes].sort((a, b) => a - b);
      const from = Math.floor(one / step) * step;
      return { column: at.point.column, from, until: Math.max(from + step, snap(other)) };
    }
    if (at.mode === "end") return { column: at.column, from: at.from, until: Math.max(at.from + FINE, snap(minutes)) };
    if (at.mode === "start") return { column: at.column, from: Math.min(snap(minutes), at.until - FINE), until: at.until };
    const from = Math.max(0, Math.min(snap(minutes - at.grip), DAY - step));
    return { column, from, until: from + at.until - at.from };
  }

  /* Near an edge the grid scrolls along. */
  scroll() {
    if (!this.active) return;
    const { element } = this.grid;
    const box = element.getBoundingClientRect();
    const { x, y } = this.at;
    const by = (low, high) => (low > 0 ? -Math.min(low, NEAR) / 3 : high > 0 ? Math.min(high, NEAR) / 3 : 0);
    const left = by(box.left + NEAR - x, x - box.right + NEAR);
    const top = by(box.top + HEADS + NEAR - y, y - box.bottom + NEAR);
    if (left || top) {
      element.scrollBy(left, top);
      this.follow();
    }
    window.requestAnimationFrame(() => this.scroll());
  }

  up() {
    const { at } = this;
    const went = this.active;
    this.end();
    if (!went) return;
    const { column, from, until } = at.to;
    if (at.mode === "new") this.book(column, from, until - from);
    else if (column !== at.column || from !== at.from || until !== at.until) {
      const place = placeIn(this.grid.columns[column], at.booking, from, until);
      this.drop(at.booking, place, { resized: at.mode !== "all" });
    }
  }

  /* Lets go; what the poll brought meanwhile is drawn now. */
  end() {
    window.clearTimeout(this.timer);
    const went = this.active;
    if (went) this.dragged = true;
    if (this.at?.tile) delete this.at.tile.dataset.lifted;
    this.at = null;
    delete document.body.dataset.dragging;
    this.shadow.hide();
    if (went) this.letGo();
  }

  key(event) {
    if (event.key !== "Escape" || !this.active) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.end();
  }

  /* The click that ends a drag opens nothing. */
  swallow(event) {
    if (!this.dragged || !event.detail) return;
    this.dragged = false;
    event.preventDefault();
    event.stopPropagation();
  }
}
