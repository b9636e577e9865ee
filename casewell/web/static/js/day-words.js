/* A booking in words and as a tile; times of day as minutes since midnight. */

export function minutesOf(time) {
  const [hours, minutes] = time.slice(-5).split(":").map(Number);
  return hours * 60 + minutes;
}

const two = (number) => String(number).padStart(2, "0");

export function iso(minutes) {
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/* 9:05 am style times, as the practice says them. */
export function clock(minutes) {
  const hour = Math.floor(minutes / 60);
  return `${((hour + 11) % 12) + 1}:${two(minutes % 60)} ${hour < 12 ? "am" : "pm"}`;
}

const WORDS = {
  arrived: "arrived",
  did_not_arrive: "did not arrive",
  first_visit: "first visit",
  note: "has a note",
  no_case: "no case",
  full: "the case is full",
};

function position(booking) {
  const [number, of] = booking.case.split("/");
  if (!number) return "";
  return of ? `visit ${number} of ${of}` : `visit ${number}`;
}

export function sentence(booking, practitioner) {
  const span = `${clock(minutesOf(booking.start))} to ${clock(minutesOf(booking.end))}`;
  const who = booking.kind === "block" ? `Unavailable: ${booking.title}` : booking.patient;
  const what = booking.kind === "block" ? "" : booking.title;
  const marks = booking.marks.map((mark) => WORDS[mark] ?? mark);
  const parts = [who, span, what, practitioner && `with ${practitioner}`, position(booking)];
  return [...parts, ...marks].filter(Boolean).join(", ");
}

function part(name, text) {
  const element = document.createElement("span");
  element.className = name;
  element.textContent = text;
  return element;
}

/* The icons are drawn once by the server, in the legend. The word beside shows where there is room. */
function markOf(mark) {
  const shown = part("tile__mark", "");
  const drawn = document.querySelector(`#legend [data-mark="${CSS.escape(mark)}"] svg`);
  if (drawn) shown.append(drawn.cloneNode(true));
  shown.append(part("tile__word", WORDS[mark] ?? mark));
  return shown;
}

function marksOf(booking) {
  const marks = part("tile__marks", "");
  marks.append(...booking.marks.map(markOf));
  return marks;
}

/* A link that looks like a card of the day; its label says all that it shows by shape or colour. */
export function tile(booking, practitioner) {
  const link = document.createElement("a");
  link.className = "tile";
  link.href = booking.url;
  link.dataset.booking = booking.id;
  link.dataset.focusKey = `booking-${booking.id}`;
  link.dataset.kind = booking.kind;
  link.dataset.marks = booking.marks.join(" ");
  link.title = sentence(booking, practitioner);
  link.setAttribute("aria-label", link.title);
  if (booking.colour) link.style.setProperty("--type", booking.colour);
  const name = booking.kind === "block" ? booking.title || "Unavailable" : booking.patient;
  const who = part("tile__who", name);
  who.dir = "auto";
  const what = part("tile__what", booking.kind === "block" ? "" : booking.title);
  link.append(who, part("tile__case", booking.case), what, marksOf(booking));
  return link;
}
