/* The day's practitioners as EventCalendar's resources: their heads, and when they are not at work. */

import { iso, minutesOf } from "./day-words.js";

export function columns(day) {
  return day.resources.map(({ id, title, subtitle }) => ({
    id,
    title,
    extendedProps: { subtitle },
  }));
}

export function head({ title, extendedProps }) {
  const name = document.createElement("span");
  name.className = "day__practitioner";
  name.textContent = title;
  name.title = [title, extendedProps.subtitle].filter(Boolean).join(", ");
  const field = document.createElement("small");
  field.textContent = extendedProps.subtitle ?? "";
  return { domNodes: [name, field] };
}

/* Background events over the times of each practitioner that are not open. */
export function closedTimes(day) {
  return day.resources.flatMap(({ id, open }) => {
    const edges = [day.hours.start, ...open.flat(), day.hours.end].map(minutesOf);
    const gaps = [];
    for (let place = 0; place < edges.length; place += 2) {
      const [start, end] = [edges[place], edges[place + 1]];
      if (start < end) gaps.push(closedTime(day, id, start, end));
    }
    return gaps;
  });
}

function closedTime(day, id, start, end) {
  return {
    id: `closed-${id}-${start}`,
    resourceIds: [id],
    start: `${day.date}T${iso(start)}`,
    end: `${day.date}T${iso(end)}`,
    display: "background",
    classNames: ["day__closed"],
  };
}
