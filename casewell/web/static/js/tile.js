/* A booking as a tile, written as plain HTML: thousands of them are drawn at once. */

import { sentence, WORDS } from "./day-words.js";

const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escaped = (text) => String(text).replace(/[&<>"']/g, (found) => ESCAPES[found]);
const pictures = new Map();

/* The icons are drawn once by the server, in the legend. The word beside shows where there is room. */
function mark(name) {
  if (!pictures.has(name)) {
    const drawn = document.querySelector(`#legend [data-mark="${CSS.escape(name)}"] svg`);
    const word = `<span class="tile__word">${escaped(WORDS[name] ?? name)}</span>`;
    pictures.set(name, `<span class="tile__mark" data-mark="${escaped(name)}">${drawn?.outerHTML ?? ""}${word}</span>`);
  }
  return pictures.get(name);
}

/* A link that looks like a card of the day; its label says all that it shows by shape or colour. */
export function tileText(booking, practitioner) {
  const block = booking.kind === "block";
  const name = block ? booking.title || "Unavailable" : booking.patient;
  return `<a class="tile" href="${escaped(booking.url)}" data-booking="${booking.id}"
    data-focus-key="booking-${booking.id}" data-kind="${booking.kind}"
    data-marks="${booking.marks.join(" ")}" aria-label="${escaped(sentence(booking, practitioner))}"
    ><span class="tile__who" dir="auto">${escaped(name)}</span
    ><span class="tile__case">${escaped(booking.case)}</span
    ><span class="tile__what">${block ? "" : escaped([booking.title, booking.where].filter(Boolean).join(" · "))}</span
    ><span class="tile__marks">${booking.marks.map(mark).join("")}</span></a>`;
}

export function colour(element, booking) {
  if (booking.colour) element.style.setProperty("--type", booking.colour);
}

/* Drawn at once, as one piece of HTML. */
export function tiles(texts) {
  const template = document.createElement("template");
  template.innerHTML = texts.join("");
  return [...template.content.children];
}

export function tile(booking, practitioner) {
  const [drawn] = tiles([tileText(booking, practitioner)]);
  drawn.title = drawn.ariaLabel;
  colour(drawn, booking);
  return drawn;
}
