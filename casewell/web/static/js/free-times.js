/* The free times inside the booking panel: asked for with what the form says, walked through with
   the arrow keys; the one that is chosen fills the form, which then looks at it as at any other. */

const FIELDS = ["patient", "appointment_type", "practitioner", "business", "minutes", "date"];
const shown = () => document.querySelector("[data-sheet] #free-times");

/* What the form says now; a search that is shown already keeps its own words. */
function addressFor(button) {
  const form = button.closest("form");
  const url = new URL(button.dataset.freeTimesUrl, location.href);
  for (const name of FIELDS) {
    const value = form.elements[name]?.value;
    if (value) url.searchParams.set(name, value);
  }
  return url;
}

async function show(url, place) {
  place.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(url, { headers: { "HX-Request": "true" } });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    place.replaceChildren(page.getElementById("free-times"));
    (place.querySelector("[data-free-time]") ?? place.querySelector("h2"))?.focus();
  } catch {
    place.textContent = "The free times did not come. Try again.";
  }
  place.removeAttribute("aria-busy");
}

function fold(button) {
  const place = document.getElementById(button.getAttribute("aria-controls"));
  const opens = button.getAttribute("aria-expanded") !== "true";
  button.setAttribute("aria-expanded", String(opens));
  place.hidden = !opens;
  if (opens) show(addressFor(button), place);
}

function set(form, name, value) {
  const field = form.elements[name];
  if (field) field.value = value;
  return field;
}

/* The form is told once, by its start, and asks then what speaks against all of it. */
function choose(link) {
  const form = link.closest("form");
  const { date, time, practitioner } = link.dataset;
  const day = set(form, "date", date);
  day?.dispatchEvent(new Event("input", { bubbles: true }));
  set(form, "practitioner", practitioner);
  const clock = set(form, "time", time);
  for (const other of form.querySelectorAll("[data-free-time][aria-current]")) other.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
  fold(form.querySelector("[data-free-times-url]"));
  clock.dispatchEvent(new Event("change", { bubbles: true }));
  clock.focus();
}

function step(event) {
  const all = [...shown().querySelectorAll("[data-free-time]")];
  const at = all.indexOf(event.target);
  const days = [...shown().querySelectorAll(".free-times__day")];
  const firstOf = (day) => day?.querySelector("[data-free-time]");
  const day = days.indexOf(event.target.closest(".free-times__day"));
  const steps = {
    ArrowRight: () => all[at + 1],
    ArrowLeft: () => all[at - 1],
    ArrowDown: () => firstOf(days[day + 1]),
    ArrowUp: () => firstOf(days[day - 1]),
    Home: () => firstOf(days[day]),
  };
  const to = steps[event.key]?.();
  if (!steps[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  to?.focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-free-times-url]");
  if (button) fold(button);
  const inside = event.target.closest("#book-form [data-free-times] a");
  if (!inside || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (inside.matches("[data-free-time]")) choose(inside);
  else show(inside.href, inside.closest("[data-free-times-place]"));
});

document.addEventListener("keydown", (event) => {
  if (event.target.matches?.("#book-form [data-free-time]")) step(event);
});
