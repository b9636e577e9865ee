/* The day: asks for it, and shows it as a grid of practitioners or, on a phone, as a list. */

import { Feed } from "./day-feed.js";
import { Grid } from "./day-grid.js";
import { List } from "./day-list.js";

const day = document.getElementById("day");
const phone = matchMedia("(width < 768px)");
const toggle = document.getElementById("day-as-list");
const KEPT = "day-as-list";

function open(url) {
  window.htmx.ajax("GET", url, { target: "#panel", swap: "innerHTML" });
}

/* `start` is the business's wall-clock time, as in "2026-11-21T09:15". */
function book(practitioner, start) {
  const url = new URL(day.dataset.book, location.href);
  const asked = { start, practitioner: practitioner.id, business: practitioner.business };
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
  open(url.pathname + url.search);
}

const mayBook = "mayBook" in day.dataset;
const step = Number(day.dataset.step);
const views = {
  grid: new Grid(document.getElementById("day-grid"), { open, book, mayBook, step }),
  list: new List(document.getElementById("day-list"), { open, book, mayBook }),
};
let latest = null;

function asList() {
  return phone.matches || sessionStorage.getItem(KEPT) === "yes";
}

function show() {
  const list = asList();
  toggle.setAttribute("aria-pressed", String(list));
  if (!latest) return;
  document.getElementById("day-loading")?.remove();
  views.grid.element.hidden = list;
  views.list.element.hidden = !list;
  views[list ? "list" : "grid"].show(latest);
}

const feed = new Feed(day, {
  changed: (news) => {
    latest = news;
    show();
  },
  now: (now) => views.grid.now.move(now),
});

toggle.addEventListener("click", () => {
  sessionStorage.setItem(KEPT, asList() ? "no" : "yes");
  show();
});
phone.addEventListener("change", show);

document.body.addEventListener("bookings-changed", () => feed.ask());
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target.id === "panel") window.requestAnimationFrame(() => views.grid.reveal());
});
document.addEventListener("panel-closed", () => views.grid.settle());

const choose = day.querySelector(".day__choose");
choose.addEventListener("change", (event) => {
  const date = document.getElementById("day-date");
  if (!date.value) return;
  // a date that is being typed changes with every digit: only its picker or Enter moves the page
  if (event.target === date && date.matches(":focus") && typed) return;
  go(date.value);
});
let typed = false;
choose.addEventListener("keydown", (event) => (typed = event.key !== "Enter"));
choose.addEventListener("pointerdown", () => (typed = false));
choose.addEventListener("submit", (event) => {
  event.preventDefault();
  const date = document.getElementById("day-date");
  if (date.value) go(date.value);
});

function go(date) {
  const url = new URL(choose.dataset.here.replace(day.dataset.date, date), location.href);
  const business = document.getElementById("day-business")?.value;
  if (business) url.searchParams.set("business", business);
  location.assign(url);
}

feed.start();
