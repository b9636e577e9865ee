/* Where the bookings of a column stand: clipped to its day, those that overlap side by side. */

import { minutesOn } from "./day-words.js";
import { DAY } from "./day-scale.js";

/* [{ booking, from, until, lane, lanes }] in order of start; `least` minutes are drawn of each. */
export function laidOut(bookings, date, least) {
  const placed = bookings.map((booking) => placeOf(booking, date, least));
  placed.sort((one, other) => one.from - other.from || other.until - one.until);
  let group = [];
  let end = -1;
  for (const one of placed) {
    if (one.from >= end) {
      settle(group);
      group = [];
      end = -1;
    }
    group.push(one);
    end = Math.max(end, one.until);
  }
  settle(group);
  return placed;
}

function placeOf(booking, date, least) {
  const from = Math.max(0, Math.min(minutesOn(date, booking.start), DAY - least));
  const until = Math.max(from + least, Math.min(DAY, minutesOn(date, booking.end)));
  return { booking, from, until, lane: 0, lanes: 1 };
}

/* Each takes the first lane that is free at its start. */
function settle(group) {
  const ends = [];
  for (const one of group) {
    const free = ends.findIndex((end) => end <= one.from);
    one.lane = free === -1 ? ends.length : free;
    ends[one.lane] = one.until;
  }
  for (const one of group) one.lanes = ends.length;
}

/* Whether a booking has a part in that calendar day. */
export function touches(booking, date) {
  return minutesOn(date, booking.start) < DAY && (minutesOn(date, booking.end) > 0 || starts(booking, date));
}

const starts = (booking, date) => booking.start.slice(0, 10) === date;
