/* The calendar as columns over the hours: a practitioner's day each, kept in step with the feed.
   Moving bookings is not here (move.js): it needs `columns`, `pointAt`, `place` and `bookingOf`. */

import { axisOf, beginsDay, closedParts, columnsOf, headOf } from "./day-columns.js";
import { Cursor } from "./day-cursor.js";
import { Hover } from "./day-hover.js";
import { laidOut } from "./day-layout.js";
import { Now } from "./day-now.js";
import { DAY, LOWEST, Scale } from "./day-scale.js";
import { iso, minutesOn } from "./day-words.js";
import { colour, tiles, tileText } from "./tile.js";

const AT_ONCE = 150; // tiles
const LINE = 19;
const HEADS = 48;

export class Grid {
  /* `step` is the axis somebody chose; `usual` the practice's, drawn finer where visits are short. */
  constructor(element, { open, book, mayBook, step, usual }) {
    this.element = element;
    this.open = open;
    this.book = book;
    this.mayBook = mayBook;
    this.chosen = step;
    this.scale = new Scale(step ?? usual);
    this.columns = [];
    this.holding = null; // minutes of the booking that is in hand
    this.sheet = Object.assign(document.createElement("div"), { className: "grid__sheet" });
    this.now = new Now(this);
    this.hover = new Hover(this);
    this.cursor = new Cursor(this);
    element.addEventListener("click", (event) => this.clicked(event));
    element.addEventListener("pointerover", ({ target }) => {
      const tile = target.closest?.(".tile");
      if (tile) tile.title = tile.ariaLabel;
    });
  }

  /* The feed's answer; tiles whose booking is the same keep still, and keep the focus. */
  show(day) {
    const focused = document.activeElement?.dataset?.focusKey;
    const first = !this.day;
    this.day = day;
    if (!day.resources.length) return this.empty();
    this.shape(columnsOf(day));
    this.draw([...this.columns]);
    this.cursor.keep();
    this.now.place();
    this.later?.();
    this.later = null;
    if (first) this.element.scrollTop = this.scale.pixels(this.firstSeen());
    if (focused) this.refocus(focused);
    return undefined;
  }

  /* So many tiles at a time, so that a crowded day never stops the hand that scrolls it. */
  draw(columns) {
    window.clearTimeout(this.drawing);
    for (const { element } of columns) element.setAttribute("aria-busy", "true");
    for (let drawn = 0; drawn < AT_ONCE && columns.length; ) drawn += this.fill(columns.shift());
    if (columns.length) this.drawing = window.setTimeout(() => this.draw(columns));
  }

  empty() {
    window.clearTimeout(this.drawing);
    this.columns = [];
    this.shaped = null;
    this.element.replaceChildren(document.getElementById("day-empty").content.cloneNode(true));
  }

  /* New columns, or the same ones with other bookings. */
  shape(columns) {
    const { days, resources, now } = this.day;
    this.fit(JSON.stringify([days, resources.map(({ id }) => id)]));
    const shape = JSON.stringify([days, resources, now.slice(0, 10), this.scale]);
    if (shape === this.shaped) {
      columns.forEach(({ bookings }, place) => (this.columns[place].bookings = bookings));
      return;
    }
    this.shaped = shape;
    this.columns = columns;
    this.sheet.style.setProperty("--columns", String(columns.length));
    this.sheet.style.setProperty("--minute", `${this.scale.minute}px`);
    this.sheet.style.setProperty("--line-every", `${this.scale.pixels(this.scale.step)}px`);
    const corner = Object.assign(document.createElement("div"), { className: "grid__corner" });
    corner.textContent = this.day.zone ?? "";
    const axis = axisOf(this.scale);
    axis.append(this.now.time);
    const heads = columns.map((column) => headOf(this.day, column));
    const bodies = columns.map((column, place) => this.body(column, place));
    this.sheet.replaceChildren(corner, ...heads, axis, ...bodies, this.now.line, this.hover.element, this.cursor.element);
    if (!this.sheet.isConnected) this.element.replaceChildren(this.sheet);
  }

  /* When other days or people come, not while one looks on: so tall that names can be read. */
  fit(shown) {
    if (this.chosen || this.fitted === shown) return;
    this.fitted = shown;
    const top = this.scale.minutes(this.element.scrollTop);
    this.scale = new Scale(this.step, this.day.bookings);
    if (this.sheet.isConnected) this.later = () => (this.element.scrollTop = this.scale.pixels(top));
  }

  body(column, place) {
    column.element = document.createElement("div");
    column.element.className = "grid__column";
    column.element.style.gridColumn = String(place + 2);
    if (beginsDay(this.day, column)) column.element.dataset.begins = "";
    column.element.append(...closedParts(column, this.scale));
    return column.element;
  }

  /* Draws the tiles of a column that are new or changed, all of them in one piece; how many. */
  fill(column) {
    const placed = laidOut(column.bookings, column.date, this.scale.minutes(LOWEST));
    const kept = new Set(column.bookings.map(({ id }) => id));
    for (const [id, { element }] of column.tiles) {
      if (!kept.has(id)) element.remove();
      if (!kept.has(id)) column.tiles.delete(id);
    }
    const changed = placed.filter((one) => {
      one.written = JSON.stringify(one);
      return column.tiles.get(one.booking.id)?.written !== one.written;
    });
    const drawn = tiles(changed.map(({ booking }) => tileText(booking, column.resource.title)));
    changed.forEach((one, place) => {
      column.tiles.get(one.booking.id)?.element.remove();
      this.stand(drawn[place], one, column);
      column.tiles.set(one.booking.id, { element: drawn[place], written: one.written });
    });
    column.element.append(...drawn);
    column.element.removeAttribute("aria-busy");
    return drawn.length;
  }

  stand(element, { booking, from, until, lane, lanes }, { date }) {
    const height = this.scale.pixels(until - from) - 1;
    const width = 100 / lanes;
    element.tabIndex = -1; // the arrow keys reach it
    if (booking.start.slice(0, 10) < date) element.dataset.from = "before";
    if (minutesOn(date, booking.end) > DAY) element.dataset.until = "after";
    element.dataset.lines = String(Math.max(1, Math.min(3, Math.floor(height / LINE))));
    element.style.cssText = `top:${this.scale.pixels(from)}px;height:${height}px;left:${lane * width}%;width:calc(${width}% - 3px)`;
    colour(element, booking);
  }

  /* Another time axis; what is at the top stays there. */
  zoom(step) {
    const top = this.scale.minutes(this.element.scrollTop);
    this.chosen = step;
    this.scale = new Scale(step);
    if (!this.columns.length) return;
    this.show(this.day);
    this.element.scrollTop = this.scale.pixels(top);
  }

  get step() {
    return this.scale.step;
  }

  /* The hour before now, where today is shown, but no more of the evening than need be;
     else the time at which the first one starts. */
  firstSeen() {
    const times = this.columns.flatMap(({ open }) => open.flat());
    const [opens, closes] = times.length ? [Math.min(...times), Math.max(...times)] : [480, 1080];
    if (!this.columns.some(({ date }) => date === this.now.date)) return opens - this.step;
    const whole = this.scale.minutes(this.element.clientHeight - HEADS);
    return Math.max(0, Math.min(this.now.minutes - 60, Math.max(opens, closes + 60 - whole)));
  }

  /* Which column and minute lies there; null beside the columns. */
  pointAt(x, y) {
    const column = this.columns.findIndex(({ element }) => {
      const { left, right } = element.getBoundingClientRect();
      return left <= x && x < right;
    });
    if (column === -1) return null;
    const minutes = this.scale.minutes(y - this.columns[column].element.getBoundingClientRect().top);
    return minutes >= 0 && minutes < DAY ? { column, minutes } : null;
  }

  /* Puts an element over a column, from that minute on, `length` minutes tall. */
  place(element, column, minutes, length) {
    element.style.gridColumn = String(column + 2);
    element.style.top = `${this.scale.pixels(minutes)}px`;
    element.style.height = `${this.scale.pixels(length)}px`;
  }

  columnOf(tile) {
    return this.columns.findIndex(({ element }) => element === tile.parentElement);
  }

  bookingOf(tile) {
    return this.day.bookings.find(({ id }) => id === tile.dataset.booking);
  }

  bookAt(column, minutes) {
    if (!this.mayBook) return;
    this.mark(this.cursor.element);
    const { date, resource } = this.columns[column];
    this.book(resource, `${date}T${iso(minutes)}`);
  }

  clicked(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.target.closest(".tile");
    if (!link) {
      this.clickedFree(event);
      return;
    }
    event.preventDefault();
    link.focus({ preventScroll: true });
    this.mark(link);
    this.open(link.getAttribute("href"));
  }

  clickedFree(event) {
    if (!event.target.closest(".grid__column")) return;
    const { column, minutes } = this.pointAt(event.clientX, event.clientY) ?? {};
    if (column === undefined) return;
    this.cursor.moveTo(column, this.scale.floor(Math.floor(minutes)), { jump: false });
    this.bookAt(column, this.scale.floor(Math.floor(minutes)));
  }

  /* The panel takes room: keep in sight what it is about. */
  reveal() {
    this.opened?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /* Shows which time or booking the panel is about. */
  mark(element) {
    this.settle();
    this.opened = element;
    element.dataset.opened = "";
  }

  settle() {
    if (this.opened) delete this.opened.dataset.opened;
    this.opened = null;
  }

  /* A tile that was drawn anew takes back the focus, unless it has gone elsewhere meanwhile. */
  refocus(key) {
    if (document.activeElement !== document.body) return;
    const found = this.element.querySelector(`[data-focus-key="${CSS.escape(key)}"]`);
    found?.focus({ preventScroll: true });
  }
}
