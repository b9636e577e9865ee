/* Moves on their way: on screen at once, then confirmed by the server or put back with the reason. */

const AGAIN_AFTER = 800;
const UNREACHABLE = "Casewell cannot be reached. It is back where it was; try again.";
const FAILED = "Something went wrong on the server. It is back where it was; try again.";
const SIGNED_OUT = "You have been signed out. It is back where it was; sign in and try again.";

const wait = (ms) => new Promise((resolve) => window.setTimeout(resolve, ms));

/* Sent twice, it is done once. */
function token() {
  return [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join("-");
}

async function post(url, form) {
  const headers = { Accept: "application/json", ...JSON.parse(document.body.getAttribute("hx-headers")) };
  const body = new URLSearchParams({ ...form, once: token() });
  const send = () => fetch(url, { method: "POST", headers, body });
  try {
    return await read(await send().catch(() => wait(AGAIN_AFTER).then(send)));
  } catch {
    return { refusal: UNREACHABLE };
  }
}

async function read(answer) {
  const json = answer.headers.get("Content-Type")?.includes("json");
  if (json) return { status: answer.status, ...(await answer.json()) };
  return { refusal: answer.redirected || answer.status === 403 ? SIGNED_OUT : FAILED };
}

export class Moves {
  constructor({ redraw, settled, said }) {
    this.redraw = redraw;
    this.settled = settled;
    this.said = said;
    this.shown = new Map(); // by id: bookings as they will be when the server has agreed
    this.next = new Map(); // by id: what is to be sent when the answer to the last is there
    this.flying = new Set();
  }

  /* The bookings of a day with those that are on their way. */
  over(day) {
    if (!this.shown.size) return day;
    const here = new Set(day.bookings.map(({ id }) => id));
    const came = [...this.shown.values()].filter(({ id }) => !here.has(id));
    return { ...day, bookings: [...day.bookings.map((one) => this.shown.get(one.id) ?? one), ...came] };
  }

  /* Whether it went; `more` goes with the form. A move during a move waits, and only the last counts. */
  async go(booking, place, { resized = false, ...more } = {}) {
    const { id } = booking;
    this.shown.set(id, { ...booking, ...place });
    this.redraw();
    const { resourceId: practitioner, business, start, end } = place;
    const form = { practitioner, business, start, ...more };
    if (resized || this.next.get(id)?.end) form.end ??= end;
    if (this.flying.has(id)) {
      this.next.set(id, form);
      return true;
    }
    this.flying.add(id);
    const answer = await this.sent(booking, { seen: booking.version, ...form });
    this.flying.delete(id);
    this.next.delete(id);
    this.finish(booking, answer, resized);
    return answer;
  }

  async sent(booking, form) {
    let answer = await post(`${booking.url}/place`, form);
    while (!answer.refusal && this.next.has(booking.id)) {
      const later = this.next.get(booking.id);
      this.next.delete(booking.id);
      const { undo } = answer;
      answer = await post(`${booking.url}/place`, { ...later, seen: answer.booking.version });
      // one step back leads to where it all began
      if (answer.undo) answer.undo = { ...undo, seen: answer.undo.seen };
    }
    return answer;
  }

  finish(booking, answer, resized) {
    const shown = this.shown.get(booking.id);
    this.shown.delete(booking.id);
    const now = { ...(answer.refusal ? booking : shown), ...answer.booking };
    this.settled(now);
    const { start, end, resourceId, business } = booking;
    const back = { start, end, resourceId, business };
    const there = { start: now.start, end: now.end, resourceId: now.resourceId, business: now.business };
    this.said(answer, {
      too: answer.too && (() => this.go(now, there, answer.too.form)),
      undo: answer.undo && (() => this.go(now, back, { ...answer.undo, undo: "yes" })),
      choose: (fold) => this.go(now, shown, { fold, resized }),
    });
  }
}
