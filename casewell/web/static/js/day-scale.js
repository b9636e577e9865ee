/* The time axis: how many minutes one line of it takes, and how tall it is drawn. */

import { minutesOn } from "./day-words.js";

export const STEPS = [5, 10, 15, 20, 30, 60];
const LINES = { 5: 22, 10: 22, 15: 22, 20: 26, 30: 34, 60: 60 }; // pixels
const FEW = 0.1; // of the bookings may be too short for their name
export const LOWEST = 15; // pixels of the shortest tile
export const DAY = 1440;

export class Scale {
  /* Drawn taller where most of these bookings would be too short to read. */
  constructor(step, bookings = []) {
    this.step = STEPS.includes(step) ? step : 15;
    this.minute = Math.max(LINES[this.step] / this.step, LOWEST / shortOf(bookings));
  }

  pixels(minutes) {
    return minutes * this.minute;
  }

  minutes(pixels) {
    return pixels / this.minute;
  }

  /* The line that holds that minute. */
  floor(minutes) {
    return minutes - (minutes % this.step);
  }

  get last() {
    return DAY - this.step;
  }

  within(minutes) {
    return Math.max(0, Math.min(minutes, this.last));
  }
}

/* The minutes that all but a few of the bookings last at least, 5 or more. */
function shortOf(bookings) {
  const lengths = bookings.map(({ start, end }) => minutesOn(start.slice(0, 10), end) - minutesOn(start.slice(0, 10), start));
  lengths.sort((one, other) => one - other);
  return Math.max(5, lengths[Math.floor(lengths.length * FEW)] ?? DAY);
}
