/* The date picker behind the calendar's title: a month in the practice's own weeks and words. */

import { dayText, weekdayOf } from "./day-words.js";

const WEEKS_AHEAD = [1, 2, 3, 4, 6, 8, 12];
const LETTERS = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];
const NAMES = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

const shifted = (date, days) => {
  const moved = new Date(`${date}T00:00Z`);
  moved.setUTCDate(moved.getUTCDate() + days);
  return moved.toISOString().slice(0, 10);
};

/* The same day of another month, or that month's last. */
function inMonth(date, months) {
  const [year, month, day] = date.split("-").map(Number);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(day, last))).toISOString().slice(0, 10);
}

function made(name, attributes, ...parts) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...parts);
  return element;
}

function button(text, label, attributes = {}) {
  const drawn = made("button", { type: "button", "aria-label": label, ...attributes }, text);
  drawn.title = label;
  return drawn;
}

export class Months {
  /* `day` carries the date, today and how the practice writes; `go` is told the date to show. */
  constructor(day, go) {
    this.day = day;
    this.go = go;
    day.addEventListener("toggle", (event) => this.toggled(event.target), { capture: true });
    day.addEventListener("click", ({ target }) => this.clicked(target.closest("[data-months] button")));
    day.addEventListener("keydown", (event) => this.key(event));
  }

  get sheet() {
    return this.day.querySelector("[data-months]");
  }

  toggled(menu) {
    if (menu.id === "day-when" && menu.open) this.show(this.day.dataset.date);
  }

  /* Draws the month of that day and puts the focus on it. */
  show(date, { focus = true } = {}) {
    this.at = date;
    this.sheet.replaceChildren(this.head(), this.table(), this.ahead());
    if (focus) this.sheet.querySelector(`[data-day="${date}"]`).focus();
  }

  head() {
    const named = new Date(`${this.at}T00:00Z`);
    const words = named.toLocaleDateString("en", { month: "long", year: "numeric", timeZone: "UTC" });
    return made(
      "div",
      { class: "months__head" },
      button("‹", "Previous month", { "data-month": "-1" }),
      made("b", { "aria-live": "polite" }, words),
      button("›", "Next month", { "data-month": "1" }),
    );
  }

  table() {
    const { weekStart } = this.day.dataset;
    const order = NAMES.map((_, place) => (place + Number(weekStart)) % 7);
    const names = order.map((one) => made("th", { scope: "col", abbr: NAMES[one] }, LETTERS[one]));
    const first = `${this.at.slice(0, 8)}01`;
    const begin = shifted(first, -((weekdayOf(first) - Number(weekStart) + 7) % 7));
    const weeks = [0, 1, 2, 3, 4, 5].map((week) => this.week(shifted(begin, 7 * week)));
    return made("table", { class: "months__days" }, made("tr", {}, ...names), ...weeks);
  }

  week(begin) {
    return made("tr", {}, ...NAMES.map((_, place) => made("td", {}, this.one(shifted(begin, place)))));
  }

  one(date) {
    const label = `${NAMES[weekdayOf(date)]} ${dayText(date)}`;
    const drawn = button(String(Number(date.slice(8))), label, { "data-day": date });
    drawn.tabIndex = date === this.at ? 0 : -1;
    if (date.slice(0, 7) !== this.at.slice(0, 7)) drawn.dataset.other = "";
    if (date === this.day.dataset.today) drawn.setAttribute("aria-current", "date");
    if (date === this.day.dataset.date) drawn.setAttribute("aria-pressed", "true");
    return drawn;
  }

  /* From the day that is shown, as in “see her again in six weeks”. */
  ahead() {
    const steps = WEEKS_AHEAD.map((weeks) => {
      const date = shifted(this.day.dataset.date, 7 * weeks);
      const label = `In ${weeks} ${weeks === 1 ? "week" : "weeks"}: ${dayText(date)}`;
      return button(String(weeks), label, { "data-day": date });
    });
    return made("div", { class: "months__ahead", role: "group", "aria-label": "Weeks ahead" }, made("span", {}, "Weeks ahead"), ...steps);
  }

  clicked(pressed) {
    if (!pressed) return;
    const { month, day } = pressed.dataset;
    if (day) this.choose(day);
    else this.turn(Number(month), pressed.dataset.month);
  }

  turn(months, again) {
    this.show(inMonth(this.at, months), { focus: false });
    this.sheet.querySelector(`[data-month="${again}"]`).focus();
  }

  choose(date) {
    const menu = this.sheet.closest("details");
    menu.open = false;
    menu.querySelector("summary").focus();
    this.go(date);
  }

  key(event) {
    const date = event.target.dataset.day;
    if (!date || !event.target.closest(".months__days") || event.ctrlKey || event.metaKey || event.altKey) return;
    const fromStart = (weekdayOf(date) - Number(this.day.dataset.weekStart) + 7) % 7;
    const to = {
      ArrowLeft: () => shifted(date, -1),
      ArrowRight: () => shifted(date, 1),
      ArrowUp: () => shifted(date, -7),
      ArrowDown: () => shifted(date, 7),
      Home: () => shifted(date, -fromStart),
      End: () => shifted(date, 6 - fromStart),
      PageUp: () => inMonth(date, event.shiftKey ? -12 : -1),
      PageDown: () => inMonth(date, event.shiftKey ? 12 : 1),
    }[event.key];
    if (!to) return;
    event.preventDefault();
    event.stopPropagation();
    this.show(to());
  }
}
