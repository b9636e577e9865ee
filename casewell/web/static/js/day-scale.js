/* The time axis: how many minutes one line of it takes, and how tall it is drawn. */

export const STEPS = [5, 10, 15, 20, 30, 60];
const LINES = { 5: 22, 10: 22, 15: 22, 20: 26, 30: 34, 60: 60 }; // pixels
export const DAY = 1440;

export class Scale {
  constructor(step) {
    this.step = STEPS.includes(step) ? step : 15;
    this.minute = LINES[this.step] / this.step;
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
