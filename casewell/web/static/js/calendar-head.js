/* The calendar's head: other days, views, places and people without another page.
   The server draws the head; only that and the feed are asked for, and the grid stays. */

import { Months } from "./calendar-months.js";
import { STEPS } from "./day-scale.js";

const WEEK = 7;

const day = document.getElementById("day");
const head = () => document.getElementById("day-head");

export class Head {
  constructor({ turned, zoomed, step }) {
    this.turned = turned;
    this.zoomed = zoomed;
    this.step = step;
    this.aim = null;
    this.months = new Months(day, (date) => this.goTo(date));
    this.listen();
  }

  listen() {
    day.addEventListener("click", (event) => this.clicked(event));
    day.addEventListener("change", (event) => this.changed(event));
    day.addEventListener("submit", (event) => this.submitted(event));
    addEventListener("popstate", () => this.load(location.href));
    document.addEventListener("keydown", (event) => this.key(event));
  }

  clicked(event) {
    const link = event.target.closest("a[data-go]");
    const zoom = event.target.closest("[data-zoom]");
    if (zoom) this.zoom(Number(zoom.dataset.zoom));
    if (event.target.closest("[data-choose-all]")) this.chooseAll();
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const menu = link.closest("details.menu");
    if (menu) menu.open = false;
    menu?.querySelector("summary").focus();
    this.go(link.href);
  }

  changed({ target }) {
    if (target.form?.id === "day-choose") {
      this.keepOneChosen(target);
      this.submit();
    }
  }

  submitted(event) {
    if (event.target.id !== "day-choose") return;
    event.preventDefault();
    this.submit();
  }

  /* Only businesses by the same clocks can be seen together, and somebody must be seen. */
  keepOneChosen(box) {
    if (box.type !== "checkbox") return;
    const all = [...box.form.querySelectorAll(`[name="${box.name}"]`)];
    const same = box.closest("fieldset");
    if (box.checked) all.forEach((one) => (one.checked &&= same.contains(one)));
    if (!all.some(({ checked }) => checked)) box.checked = true;
  }

  chooseAll() {
    const form = document.getElementById("day-choose");
    for (const box of form.querySelectorAll('[name="practitioner"]')) box.checked = true;
    this.submit();
  }

  submit() {
    const form = document.getElementById("day-choose");
    const asked = new URLSearchParams(new FormData(form));
    const boxes = [...form.querySelectorAll('[type="checkbox"][name="practitioner"]')];
    const all = boxes.length && boxes.every(({ checked }) => checked);
    if (all && day.dataset.view === "day") asked.delete("practitioner"); // also who joins later
    this.go(`${this.address(this.aim ?? day.dataset.date)}?${asked}`);
  }

  goTo(date) {
    this.go(this.address(date) + new URL(document.getElementById("day-next").href).search);
    this.aim = date;
  }

  address(date) {
    return day.dataset.here.replace(day.dataset.date, date);
  }

  /* Keys pressed quickly add up, though the head lags behind. */
  by(steps) {
    const date = new Date(`${this.aim ?? day.dataset.date}T00:00Z`);
    date.setUTCDate(date.getUTCDate() + steps * (day.dataset.view === "week" ? WEEK : 1));
    this.goTo(date.toISOString().slice(0, 10));
  }

  key(event) {
    const tag = event.target.tagName;
    if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(tag)) return;
    const keys = {
      d: () => document.getElementById("view-day").click(),
      w: () => document.getElementById("view-week").click(),
      p: () => this.by(-1),
      n: () => this.by(1),
      j: () => this.openMonths(),
      l: () => document.getElementById("day-as-list").click(),
      "+": () => this.zoom(-1),
      "-": () => this.zoom(1),
    };
    if (event.shiftKey) Object.assign(keys, { ArrowLeft: keys.p, ArrowRight: keys.n });
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act || event.defaultPrevented) return;
    event.preventDefault();
    act();
  }

  openMonths() {
    document.getElementById("day-when").open = true;
  }

  /* Another time axis, that many steps coarser. */
  zoom(steps) {
    this.step = STEPS[STEPS.indexOf(this.step) + steps] ?? this.step;
    document.getElementById("day-said").textContent = `${this.step} minutes a line`;
    this.zoomed(this.step);
  }

  async go(url) {
    if (await this.load(url)) history.pushState(null, "", url);
  }

  /* Whether that page's head is here now; a page that answers with anything else is gone to. */
  async load(url) {
    this.asked?.abort();
    const asked = new AbortController();
    this.asked = asked;
    day.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(url, { signal: asked.signal, headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (this.asked !== asked) return false;
      if (answer.ok && page.getElementById("day-head")) this.take(page);
      else location.assign(url);
      return answer.ok;
    } catch (error) {
      if (error.name !== "AbortError") location.assign(url); // the browser says what is wrong
      return false;
    }
  }

  take(page) {
    const came = page.getElementById("day");
    const focused = document.activeElement;
    const [id, value] = head().contains(focused) ? [focused.id, focused.value] : [];
    const open = head().querySelector("details.menu[open]")?.id;
    const closed = head().contains(focused) && focused.closest("summary")?.parentElement.id;
    for (const { name, value: text } of came.attributes) {
      if (name.startsWith("data-")) day.setAttribute(name, text);
    }
    head().replaceWith(document.adoptNode(page.getElementById("day-head")));
    document.title = page.title;
    this.aim = null;
    const menu = open && document.getElementById(open);
    if (menu) menu.open = true;
    const again = id
      ? document.getElementById(id)
      : closed
        ? document.querySelector(`#${closed} > summary`)
        : menu?.querySelector(`[value="${CSS.escape(value ?? "")}"]`);
    again?.focus();
    document.getElementById("day-said").textContent = head().querySelector("h1").textContent;
    this.turned();
  }
}
