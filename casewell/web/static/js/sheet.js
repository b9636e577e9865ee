/* A sheet: the inside of the panel, or of a page of its own, whose forms answer with its successor.
   Here is what the swap alone does not do: focus, the guard against leaving, the calendar's news. */

const panel = document.getElementById("panel");

function focusIn(sheet) {
  const wrong = sheet.querySelector(
    ".error-summary, .full-case, [aria-invalid=true]:not([type=hidden])",
  );
  const first = wrong ?? sheet.querySelector("h1");
  first?.focus({ preventScroll: first !== wrong });
}

function changed(event) {
  const { xhr, requestConfig } = event.detail;
  // the form that asked may be gone already; a refusal (422) is swapped in, but nothing was saved
  const saved = requestConfig.verb !== "get" && xhr.status >= 200 && xhr.status < 400;
  if (!saved || !requestConfig.elt.closest("[data-sheet]")) return;
  panel?.dispatchEvent(new CustomEvent("saved"));
  document.body.dispatchEvent(new CustomEvent("bookings-changed"));
  redraw();
}

/* A page behind the panel that shows counts must not go on showing the former ones. One drawing
   after the other: the answer to an earlier one replaces what a later one would be put into. */
let drawn = Promise.resolve();

function redraw() {
  drawn = drawn.then(redrawNow, redrawNow);
}

function redrawNow() {
  const live = document.querySelector("#main [data-live]");
  if (!live) return undefined;
  const values = { target: live, select: "[data-live]", swap: "outerHTML" };
  return window.htmx.ajax("GET", location.pathname + location.search, values);
}

/* What belongs to one choice shows only with it. */
function showWith(root) {
  for (const part of root.querySelectorAll("[data-shown-with]")) {
    part.hidden = !document.querySelector(part.dataset.shownWith)?.checked;
  }
}

/* Enter sends the form from a select and from the panel itself, as it does from other fields;
   in a text of several lines it starts a line, and Ctrl with it sends. */
function enterSends(event) {
  if (event.key !== "Enter" || event.defaultPrevented || event.isComposing || event.altKey) return undefined;
  const { target } = event;
  if (target.matches("[data-case-search]")) return event.preventDefault();
  const control = event.ctrlKey || event.metaKey;
  if (target.matches("textarea") ? !control : !target.matches("select, h1, #panel")) return undefined;
  const inside = target.closest("[data-sheet]") ?? target.querySelector("[data-sheet]");
  const form = target.form ?? inside?.querySelector("#book-form");
  if (!form?.closest("[data-sheet]")) return undefined;
  event.preventDefault();
  return form.requestSubmit();
}

/* Booked is on the day that one looks at. */
document.addEventListener("htmx:configRequest", ({ detail }) => {
  const day = document.getElementById("day")?.dataset.date;
  if (day && detail.elt.id === "book") detail.parameters.on = day;
});

/* Of many folded cases, those in whose name or referrer each word is the start of one. */
function searchCases({ target }) {
  if (!target.matches("[data-case-search]")) return;
  const words = target.value.toLowerCase().split(/\s+/);
  const split = /[^\p{L}\p{N}]+/u;
  for (const choice of target.parentElement.querySelectorAll(".case-choice")) {
    const names = [...choice.querySelectorAll("b, bdi")].map((name) => name.textContent.toLowerCase());
    const starts = names.flatMap((name) => name.split(split));
    choice.hidden = !words.every((word) => starts.some((start) => start.startsWith(word)));
  }
}

const clashesIn = (form) => [...form.querySelectorAll("[name^=known_]")].map(({ value }) => value).join("");
const waiting = new WeakSet();

/* Enter may be faster than the look at the chosen patient's cases and at the time: what is sent
   waits for it, and stays unsent where it shows that the time is taken. */
function waitForLook(event) {
  const form = event.target;
  const look = form.querySelector?.("[data-look].htmx-request");
  if (!look) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (waiting.has(form)) return;
  waiting.add(form);
  const known = clashesIn(form);
  const go = () => {
    waiting.delete(form);
    if (form.isConnected && clashesIn(form) === known) form.requestSubmit();
  };
  look.addEventListener("htmx:afterRequest", () => window.setTimeout(go), { once: true });
}

/* The name that was searched in vain is the new patient's. */
function takeSearchedName(fold) {
  const [first, last] = ["first_name", "last_name"].map((name) => fold.querySelector(`[name$="-${name}"]`));
  const words = document.querySelector("#panel .combobox, .sheet .combobox")?.dataset.searched ?? "";
  if (!first || first.value || last.value || !/^[\p{L}\p{M}' ,.-]+$/u.test(words)) return;
  const [family, given] = words.includes(",") ? words.split(/,\s*/) : words.split(/\s+(?=\S+$)/).reverse();
  last.value = family;
  first.value = given ?? "";
}

function sayWhetherOpen(field) {
  field.value = field.parentElement.open ? "yes" : "";
}

/* A busy browser tells of a fold's opening only after what was typed in it is sent. */
function sayAllBeforeSending({ target }) {
  target.querySelectorAll("[data-when-open]").forEach(sayWhetherOpen);
}

document.addEventListener("submit", sayAllBeforeSending, { capture: true });
document.addEventListener("keydown", enterSends);
document.addEventListener("input", searchCases);
document.addEventListener("submit", waitForLook, { capture: true });
document.addEventListener("htmx:afterRequest", changed);
/* What is cancelled, say, is said at the top, and what that leads to is offered there. */
let stood;

function beginAnew() {
  const sheet = panel?.querySelector("[data-sheet]");
  const stands = `${sheet?.dataset.state} ${Boolean(sheet?.querySelector(".sheet__fits"))}`;
  if (panel && stands !== stood) panel.scrollTop = 0;
  stood = stands;
}

document.addEventListener("htmx:afterSettle", (event) => {
  const sheet = document.querySelector("[data-sheet]");
  if (!sheet) return;
  showWith(document);
  beginAnew();
  if (event.detail.elt?.matches?.("[data-sheet]")) focusIn(event.detail.elt);
});
document.addEventListener("change", () => showWith(document));
/* One fold is open at a time. Not by a common name: the browser would close the open fold of an
   answer that is swapped in, for its forerunner is still there. */
function closeOthers(fold) {
  if (!fold.open || !fold.matches(".sheet__folds > details")) return;
  for (const other of fold.parentElement.querySelectorAll(":scope > details[open]")) {
    if (other !== fold) other.open = false;
  }
}

document.addEventListener(
  "toggle",
  (event) => {
    closeOthers(event.target);
    const says = event.target.querySelector?.(":scope > [data-when-open]");
    if (!says) return;
    sayWhetherOpen(says);
    if (event.target.open) takeSearchedName(event.target);
  },
  { capture: true },
);
showWith(document);
