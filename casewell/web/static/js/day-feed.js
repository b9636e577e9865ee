/* Asks for the day's bookings every 3 s while the tab is seen, and says when they changed.
   Times are the business's wall clock: "now" comes from the server and is only carried on here. */

import { clock, minutesOf } from "./day-words.js";

const EVERY = 3000;
const NOW_EVERY = 15000;
const PATIENCE = 8000;

export class Feed {
  constructor(element, { changed, now }) {
    this.element = element;
    this.changed = changed;
    this.now = now;
    this.stale = document.getElementById("day-stale");
    this.tag = null;
  }

  start() {
    this.ask();
    window.setInterval(() => this.tick(), NOW_EVERY);
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.ask();
      else window.clearTimeout(this.timer);
    });
  }

  async ask() {
    window.clearTimeout(this.timer);
    this.asked?.abort();
    const asked = new AbortController();
    this.asked = asked;
    const late = window.setTimeout(() => asked.abort(), PATIENCE);
    const answer = await this.answer(asked.signal);
    window.clearTimeout(late);
    if (this.asked !== asked) return; // a newer question is on its way
    this.later();
    if (answer) this.take(answer);
    else this.failed();
  }

  /* Other days, places or people: what was heard of the former ones tells nothing of them.
     Busy again: the former days' answer may have come in while the head was on its way. */
  turn() {
    this.element.setAttribute("aria-busy", "true");
    this.tag = null;
    this.ask();
  }

  later() {
    window.clearTimeout(this.timer);
    if (document.visibilityState === "visible" && !this.ended) {
      this.timer = window.setTimeout(() => this.ask(), EVERY);
    }
  }

  /* What the server said; null where it did not answer, or not with the day. */
  async answer(signal) {
    const headers = { Accept: "application/json" };
    if (this.tag) headers["If-None-Match"] = this.tag;
    try {
      const answer = await fetch(this.element.dataset.feed, { signal, headers, cache: "no-store" });
      if (answer.status === 304) return { same: true };
      if (answer.redirected || answer.status === 401) return { signedOut: true };
      return answer.ok ? { day: await answer.json(), tag: answer.headers.get("ETag") } : null;
    } catch {
      return null;
    }
  }

  take({ day, tag, signedOut }) {
    if (signedOut) {
      this.signedOut();
      return;
    }
    if (day) {
      for (const booking of day.bookings) {
        booking.url = day.booking_url + booking.id;
        booking.where = day.several_places ? booking.place : "";
      }
      this.synchronise(day.now);
      this.tick();
      this.changed(day);
      this.tag = tag; // only now: what could not be shown is asked for again
    }
    this.element.removeAttribute("aria-busy");
    this.fresh();
    this.tick();
  }

  synchronise(now) {
    this.serverDate = now.slice(0, 10);
    this.serverMinutes = minutesOf(now);
    this.heardAt = performance.now();
  }

  /* Minutes of the business's day now. */
  get minutes() {
    return this.serverMinutes + (performance.now() - this.heardAt) / 60000;
  }

  tick() {
    if (this.serverDate) this.now({ date: this.serverDate, minutes: this.minutes });
  }

  fresh() {
    this.freshAt = this.minutes;
    this.stale.hidden = true;
  }

  failed() {
    const since = this.freshAt === undefined ? "" : ` since ${clock(Math.floor(this.freshAt) % 1440)}`;
    this.say(
      since
        ? `Not up to date${since}. It catches up by itself as soon as Casewell answers.`
        : "The day could not be loaded yet. It is tried again every few seconds.",
    );
  }

  signedOut() {
    this.ended = true;
    window.clearTimeout(this.timer);
    this.say("You are signed out. Reload the page to sign in again.");
  }

  say(sentence) {
    const words = this.stale.querySelector("span");
    if (words.textContent !== sentence) words.textContent = sentence;
    this.stale.hidden = false;
  }
}
