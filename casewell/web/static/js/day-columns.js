/* The columns of the grid: a practitioner's day each, with its head and when it is not open. */

import { clock, minutesOf } from "./day-words.js";
import { DAY } from "./day-scale.js";
import { touches } from "./day-layout.js";

/* In order of the days, then of the practitioners; `tiles` is what is drawn, by booking. */
export function columnsOf(day) {
  return day.days.flatMap(({ date }) => day.resources.map((resource) => columnOf(day, date, resource)));
}

function columnOf(day, date, resource) {
  return {
    key: `${date} ${resource.id}`,
    date,
    resource,
    open: (resource.open[date] ?? []).map((span) => span.map(minutesOf)),
    bookings: day.bookings.filter(({ resourceId, ...booking }) => {
      return resourceId === resource.id && touches(booking, date);
    }),
    tiles: new Map(),
  };
}

export function headOf(day, column) {
  const head = document.createElement("div");
  head.className = "grid__head";
  if (day.days.length === 1) head.append(...practitionerName(column.resource));
  else head.append(dayName(day, column), underDay(day, column));
  if (beginsDay(day, column)) head.dataset.begins = "";
  return head;
}

/* Where several people share a week, each day's first column is set off from the day before. */
export function beginsDay({ days, resources }, { resource }) {
  return days.length > 1 && resources.length > 1 && resource === resources[0];
}

function dayName(day, { date }) {
  const { title, weekday, number, url } = day.days.find((one) => one.date === date);
  const link = Object.assign(document.createElement("a"), { className: "grid__day", href: url });
  link.append(`${weekday} `, Object.assign(document.createElement("b"), { textContent: number }));
  link.setAttribute("aria-label", title);
  link.title = title;
  link.dataset.go = "";
  if (day.now.slice(0, 10) === date) link.setAttribute("aria-current", "date");
  return link;
}

function underDay({ resources }, { resource, open }) {
  const note = document.createElement("small");
  const alone = resources.length === 1;
  if (!alone) Object.assign(note, { textContent: resource.title, title: resource.title, dir: "auto" });
  else note.textContent = open.length ? "" : "closed";
  return note;
}

function practitionerName({ title, subtitle }) {
  const name = document.createElement("span");
  name.className = "grid__practitioner";
  name.textContent = title;
  name.dir = "auto";
  name.title = [title, subtitle].filter(Boolean).join(", ");
  const field = document.createElement("small");
  field.textContent = subtitle ?? "";
  return [name, field];
}

export function isOpen({ open }, minutes) {
  return open.some(([start, end]) => start <= minutes && minutes < end);
}

/* What is drawn over the times of a column that are not open. */
export function closedParts({ open }, scale) {
  const edges = [0, ...open.flat(), DAY];
  const parts = [];
  for (let place = 0; place < edges.length; place += 2) {
    const [start, end] = [edges[place], edges[place + 1]];
    if (start < end) parts.push(closedPart(start, end, scale));
  }
  return parts;
}

function closedPart(start, end, scale) {
  const part = document.createElement("div");
  part.className = "grid__closed";
  part.style.top = `${scale.pixels(start)}px`;
  part.style.height = `${scale.pixels(end - start)}px`;
  return part;
}

/* The hours beside the columns; a fine axis names its quarters too. */
export function axisOf(scale) {
  const axis = document.createElement("div");
  axis.className = "grid__axis";
  axis.setAttribute("aria-hidden", "true");
  const every = scale.step < 15 ? 30 : 60;
  for (let minutes = every; minutes < DAY; minutes += every) {
    const time = document.createElement("span");
    time.className = "grid__time";
    time.textContent = clock(minutes).replace(/:00 /, " ");
    time.style.top = `${scale.pixels(minutes)}px`;
    axis.append(time);
  }
  return axis;
}
