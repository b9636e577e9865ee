/* A booking in words; times of day as minutes since midnight. */

export function minutesOf(time) {
  const [hours, minutes] = time.slice(-5).split(":").map(Number);
  return hours * 60 + minutes;
}

const dayNumber = (date) => Date.parse(`${date}T00:00Z`) / 86_400_000;

/* A wall-clock time such as "2026-11-21T09:15" as minutes of that date: below 0 is the day before. */
export function minutesOn(date, time) {
  const on = time.slice(0, 10);
  const days = on === date ? 0 : dayNumber(on) - dayNumber(date);
  return days * 1440 + minutesOf(time);
}

const two = (number) => String(number).padStart(2, "0");

export function iso(minutes) {
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/* As the practice writes times: 9:05 am, or 09:05. */
export function clock(minutes) {
  const hour = Math.floor(minutes / 60) % 24;
  if (document.getElementById("day")?.dataset.clock === "24") return `${two(hour)}:${two(minutes % 60)}`;
  return `${((hour + 11) % 12) + 1}:${two(minutes % 60)} ${hour < 12 ? "am" : "pm"}`;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/* As the practice writes dates, by the letters of Django's formats. */
export function dayText(date) {
  const [year, month, day] = date.split("-");
  const parts = { j: String(Number(day)), d: day, m: month, M: MONTHS[month - 1], Y: year };
  const format = document.getElementById("day")?.dataset.dateFormat ?? "j M Y";
  return format.replace(/[jdmMY]/g, (letter) => parts[letter]);
}

/* 0 is Monday. */
export const weekdayOf = (date) => (dayNumber(date) + 3) % 7;

export const WORDS = {
  confirmed: "confirmed",
  arrived: "arrived",
  did_not_arrive: "did not arrive",
  first_visit: "first visit",
  telehealth: "telehealth",
  note: "has a note",
  no_case: "no case",
  full: "the case is full",
  expiring: "the case expires soon",
  expired: "the case has expired",
  unpaid: "not paid",
  repeats: "repeats",
  class_full: "all places taken",
  waiting: "somebody waits for a place",
};

function position(booking) {
  const [number, of] = booking.case.split("/");
  if (!number) return "";
  if (booking.kind === "group") return `${number} of ${of} places taken`;
  return of ? `visit ${number} of ${of}` : `visit ${number}`;
}

export function sentence(booking, practitioner) {
  const span = `${clock(minutesOf(booking.start))} to ${clock(minutesOf(booking.end))}`;
  const who = booking.kind === "block" ? `Unavailable: ${booking.title}` : booking.patient;
  const what = booking.kind === "block" ? "" : booking.title;
  const marks = booking.marks.map((mark) => WORDS[mark] ?? mark);
  const parts = [who, span, what, practitioner && `with ${practitioner}`, booking.where && `at ${booking.where}`, position(booking)];
  return [...parts, ...marks].filter(Boolean).join(", ");
}
