/* The day as columns of practitioners, drawn by EventCalendar and kept in step with the feed. */

import { closedTimes, columns, head } from "./day-columns.js";
import { Cursor } from "./day-cursor.js";
import { clock, iso, minutesOf, tile } from "./day-words.js";

export const STEP = 15;
const SLOT_HEIGHT = 22;
const MINUTE_HEIGHT = SLOT_HEIGHT / STEP;

export class Grid {
  constructor(element, { open, book, mayBook }) {
    this.element = element;
    this.open = open;
    this.book = book;
    this.mayBook = mayBook;
    this.tiles = new Map();
    this.nowLine = Object.assign(document.createElement("div"), { className: "day__now" });
    this.nowTime = Object.assign(document.createElement("div"), { className: "day__now-time" });
    this.cursor = new Cursor(this);
    element.addEventListener("click", (event) => this.clicked(event));
  }

  show(day) {
    const focused = document.activeElement?.dataset?.focusKey;
    this.shape = JSON.stringify([day.date, day.hours, day.resources]);
    const first = !this.calendar;
    if (!day.resources.length) return this.empty();
    this.day = day;
    if (first) this.create();
    else if (this.shape !== this.drawnShape) this.reshape();
    this.drawnShape = this.shape;
    this.update();
    window.requestAnimationFrame(() => this.decorate(focused)); // EventCalendar draws a little later
    return undefined;
  }

  empty() {
    this.calendar?.destroy?.();
    this.calendar = null;
    const nobody = document.getElementById("day-empty").content.cloneNode(true);
    this.element.replaceChildren(nobody);
  }

  get from() {
    return minutesOf(this.day.hours.start);
  }

  get until() {
    return minutesOf(this.day.hours.end);
  }

  create() {
    this.element.replaceChildren();
    this.drawn = new Map();
    this.calendar = window.EventCalendar.create(this.element, {
      view: "resourceTimeGridDay",
      date: this.day.date,
      timeZone: "UTC", // times come as the business's wall clock and must not be moved
      allDaySlot: false,
      headerToolbar: { start: "", center: "", end: "" },
      height: "100%",
      columnWidth: "minmax(6.25rem, 1fr)",
      slotDuration: { minutes: STEP },
      slotLabelInterval: { hours: 1 },
      slotHeight: SLOT_HEIGHT,
      slotEventOverlap: false,
      slotLabelFormat: (time) => clock(time.getUTCHours() * 60).replace(":00", ""),
      dayHeaderFormat: () => "",
      scrollTime: iso(this.firstSeen()),
      slotMinTime: this.day.hours.start,
      slotMaxTime: this.day.hours.end,
      resources: columns(this.day),
      resourceLabelContent: ({ resource }) => head(resource),
      events: closedTimes(this.day),
      eventContent: ({ event }) => this.content(event),
      dateClick: (info) => this.clickedFree(info),
      pointer: false,
      editable: false,
      eventStartEditable: false,
      eventDurationEditable: false,
    });
  }

  /* The hour before now, where today is shown; else the time at which the first one starts. */
  firstSeen() {
    const opening = this.day.resources.flatMap(({ open }) => open.map(([start]) => minutesOf(start)));
    const now = this.day.now.slice(0, 10) === this.day.date ? minutesOf(this.day.now) - 60 : null;
    const wanted = now ?? Math.min(...opening, this.until) - STEP;
    return Math.max(this.from, Math.min(wanted, this.until - 60));
  }

  reshape() {
    this.calendar.setOption("slotMinTime", this.day.hours.start);
    this.calendar.setOption("slotMaxTime", this.day.hours.end);
    this.calendar.setOption("resources", columns(this.day));
    this.calendar.setOption("events", closedTimes(this.day));
    this.drawn = new Map();
  }

  /* Changes only the bookings that changed, so that the others keep still and keep the focus. */
  update() {
    const wanted = new Map(this.day.bookings.map((booking) => [booking.id, booking]));
    for (const id of [...this.drawn.keys()]) {
      if (!wanted.has(id)) this.remove(id);
    }
    for (const booking of wanted.values()) this.put(booking);
  }

  remove(id) {
    this.calendar.removeEventById(id);
    this.drawn.delete(id);
    this.tiles.delete(id);
  }

  put(booking) {
    const written = JSON.stringify(booking);
    const before = this.drawn.get(booking.id);
    if (before === written) return;
    this.drawn.set(booking.id, written);
    const drawn = tile(booking, this.practitioner(booking.resourceId)?.title);
    drawn.tabIndex = -1; // the arrow keys reach it
    this.tiles.set(booking.id, { domNodes: [drawn] });
    const event = {
      id: booking.id,
      resourceIds: [booking.resourceId],
      start: booking.start,
      end: booking.end,
      title: booking.patient || booking.title,
      extendedProps: { written },
    };
    if (before === undefined) this.calendar.addEvent(event);
    else this.calendar.updateEvent(event);
  }

  practitioner(id) {
    return this.day.resources.find((resource) => resource.id === id);
  }

  content(event) {
    return this.tiles.get(event.id) ?? ""; // the same object while the booking is the same
  }

  /* What EventCalendar knows nothing of: plain roles, the cursor, the line that is now. */
  decorate(focused) {
    // its table roles hold things that no table may hold; every tile says its own whole sentence
    for (const part of this.element.querySelectorAll("[role]")) {
      part.removeAttribute("role");
      part.removeAttribute("aria-colindex");
    }
    if (!this.cursor.element.isConnected) {
      this.element.querySelector(".ec-events").append(this.nowLine, this.cursor.element);
      this.element.querySelector(".ec-body .ec-sidebar").append(this.nowTime);
    }
    this.cursor.keep();
    this.placeNow();
    if (focused) this.refocus(focused);
  }

  moveNow(minutes) {
    this.now = minutes;
    if (this.calendar) this.placeNow();
  }

  placeNow() {
    const shown = this.now !== null && this.now >= this.from && this.now < this.until;
    for (const part of [this.nowLine, this.nowTime]) {
      part.hidden = !shown;
      part.style.insetBlockStart = `${(this.now - this.from) * MINUTE_HEIGHT}px`;
    }
    if (shown) this.nowTime.textContent = clock(Math.floor(this.now));
  }

  place(element, column, minutes, length) {
    element.style.gridColumn = String(column + 1);
    element.style.insetBlockStart = `${(minutes - this.from) * MINUTE_HEIGHT}px`;
    element.style.blockSize = `${length * MINUTE_HEIGHT}px`;
  }

  clickedFree({ dateStr, resource }) {
    const column = this.day.resources.findIndex(({ id }) => id === resource.id);
    this.cursor.moveTo(column, minutesOf(dateStr.slice(0, 16)), { jump: false });
    this.bookAt(column, minutesOf(dateStr.slice(0, 16)));
  }

  bookAt(column, minutes) {
    if (!this.mayBook) return;
    this.mark(this.cursor.element);
    this.book(this.day.resources[column].id, `${this.day.date}T${iso(minutes)}`);
  }

  clicked(event) {
    const link = event.target.closest(".tile");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    link.focus({ preventScroll: true });
    this.mark(link);
    this.open(link.getAttribute("href"));
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
