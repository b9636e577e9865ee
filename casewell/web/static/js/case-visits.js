/* Ticks of a case's appointments: kept over pages and filters, sent whole, and said before saving
   what they would make of the case. Only what differs from what is saved is kept. */

const form = document.getElementById("link-form");
const filter = document.getElementById("visit-filter");
const said = document.getElementById("outlook");
const split = (text) => new Set(text.split(",").filter(Boolean));
const added = split(form.elements.add.value);
const removed = split(form.elements.remove.value);
const WAIT = 120;
let asked = 0;
let sending = false;

const boxes = () => form.querySelectorAll("input[name=visit]");
const isInside = (box) => "inside" in box.dataset;

function set(id, inside, ticked) {
  if (inside) ticked ? removed.delete(id) : removed.add(id);
  else ticked ? added.add(id) : added.delete(id);
}

function draw() {
  for (const part of form.querySelectorAll("[data-with-script]")) part.hidden = false;
  for (const box of boxes()) box.checked = isInside(box) ? !removed.has(box.value) : added.has(box.value);
}

function keep() {
  form.elements.add.value = [...added].join(",");
  form.elements.remove.value = [...removed].join(",");
}

/* The server counts; a slower answer never overwrites a later one. */
async function look() {
  const mine = ++asked;
  await new Promise((resolve) => window.setTimeout(resolve, WAIT));
  if (mine !== asked) return;
  if (!added.size && !removed.size) return say(said.dataset.plain, false, {});
  const body = new URLSearchParams({ add: form.elements.add.value, remove: form.elements.remove.value });
  const headers = { "x-csrftoken": form.elements.csrfmiddlewaretoken.value };
  const answer = await fetch(form.dataset.outlook, { method: "POST", body, headers }).catch(() => null);
  if (mine !== asked) return;
  if (!answer?.ok || answer.redirected) return say("The count cannot be asked for now; saving still checks it.", true, {});
  const { line, refused, rows } = await answer.json();
  if (mine === asked) say(line, refused, rows);
}

let warnings = {};

function say(line, refused, rows) {
  said.textContent = line;
  if (refused) said.dataset.level = "warning";
  else delete said.dataset.level;
  warnings = rows;
  warn();
}

function warn() {
  for (const place of form.querySelectorAll("[data-warning]")) place.textContent = warnings[place.dataset.warning] ?? "";
}

function changed() {
  keep();
  draw();
  look();
}

async function matching(next) {
  const query = new URLSearchParams(new FormData(filter));
  if (next) query.set("next", next);
  const answer = await fetch(`${form.dataset.matching}?${query}`);
  return answer.ok && !answer.redirected ? answer.json() : { add: [], inside: [] };
}

async function tick(what) {
  if (what === "as-it-was") {
    added.clear();
    removed.clear();
    return changed();
  }
  const { add, inside } = await matching(what === "next" ? form.querySelector("[data-tick-n]").value : "");
  for (const id of add) set(id, false, what !== "none");
  for (const id of inside) set(id, true, what !== "none");
  return changed();
}

form.addEventListener("change", ({ target }) => {
  if (target.name !== "visit") return;
  set(target.value, isInside(target), target.checked);
  changed();
});
form.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-tick]");
  if (button) tick(button.dataset.tick);
});
form.addEventListener("submit", () => (sending = true));
document.addEventListener("htmx:afterSettle", () => {
  draw();
  warn();
});
addEventListener("beforeunload", (event) => {
  if (!sending && (added.size || removed.size)) event.preventDefault();
});
draw();
if (added.size || removed.size) look();
