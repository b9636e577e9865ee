/* The calendar: asks for its days, and shows them as a grid of columns or, on a phone, as a list. */

import { Head } from "./calendar-head.js";
import { Feed } from "./day-feed.js";
import { Grid } from "./day-grid.js";
import { List } from "./day-list.js";
import { Moving } from "./move.js";

const day = document.getElementById("day");
const phone = matchMedia("(width < 768px)");
const AS_LIST = "day-as-list";
const STEP = "calendar-step";

/* Storage may be switched off; then a choice lasts as long as the page. */
function kept(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function keep(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // see above
  }
}

function open(url) {
  window.htmx.ajax("GET", url, { target: "#panel", swap: "innerHTML" });
}

/* `start` is the business's wall-clock time, as in "2026-11-21T09:15"; there also goes down what
   is in hand. Without `minutes` it takes as long as its type. */
function book(practitioner, start, minutes) {
  if (day.hasAttribute("aria-busy")) return; // the head names another day than the columns still show
  if (moving.put(practitioner, start)) {
    views.grid.settle();
    return;
  }
  const url = new URL(day.dataset.book, location.href);
  const asked = { start, practitioner: practitioner.id, business: practitioner.business };
  if (minutes) asked.minutes = minutes;
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
  open(url.pathname + url.search);
}

const mayBook = "mayBook" in day.dataset;
const step = Number(kept(STEP)) || null;
const usual = Number(day.dataset.step);
const views = {
  grid: new Grid(document.getElementById("day-grid"), { open, book, mayBook, step, usual }),
  list: new List(document.getElementById("day-list"), { open, book, mayBook }),
};
let latest = null;
let listed = kept(AS_LIST) === "yes";

function show() {
  const list = phone.matches || listed;
  document.getElementById("day-as-list").setAttribute("aria-pressed", String(list));
  if (!latest || moving.busy) return;
  document.getElementById("day-loading")?.remove();
  views.grid.element.hidden = list;
  views.list.element.hidden = !list;
  views[list ? "list" : "grid"].show(moving.over(latest));
  moving.drawn();
  document.getElementById("day-hint").hidden = list || !mayBook || !latest.resources.length || latest.bookings.length > 0;
}

/* A move has ended: its booking as the server has it now. */
function settled(booking) {
  const others = latest.bookings.filter(({ id }) => id !== booking.id);
  latest = { ...latest, bookings: [...others, booking] };
  show();
  feed.ask();
}

const moving = new Moving(day, { ...views, redraw: show, settled });
const feed = new Feed(day, {
  changed: (news) => {
    latest = news;
    show();
  },
  now: (now) => {
    views.grid.now.move(now);
    views.list.now(now);
  },
});

const head = new Head({
  step: views.grid.step,
  turned: () => {
    document.getElementById("day-as-list").setAttribute("aria-pressed", String(phone.matches || listed));
    feed.turn();
  },
  zoomed: (chosen) => {
    keep(STEP, String(chosen));
    views.grid.zoom(chosen);
  },
});

day.addEventListener("click", (event) => {
  if (!event.target.closest("#day-as-list")) return;
  listed = !listed;
  keep(AS_LIST, listed ? "yes" : "no");
  show();
});
phone.addEventListener("change", show);

document.body.addEventListener("bookings-changed", () => feed.ask());
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target.id === "panel") window.requestAnimationFrame(() => views.grid.reveal());
});
document.addEventListener("panel-closed", () => views.grid.settle());

feed.start();

export { feed, head, views };
