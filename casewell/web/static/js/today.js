/* Today keeps itself current: it asks for its list every 3 s while the tab is seen, and draws it
   anew when something changed, and with each minute. What a row does answers with the list;
   what the rules refuse opens in the panel, where it can be chosen otherwise. */

const EVERY = 3000;
const PATIENCE = 8000;

const list = () => document.getElementById("arrivals");
const panel = document.getElementById("panel");
let timer = null;
let heard = null;
let ended = false;

function say(sentence) {
  const strip = document.getElementById("today-stale");
  const words = strip.querySelector("span");
  if (words.textContent !== sentence) words.textContent = sentence;
  strip.hidden = !sentence;
}

function later() {
  window.clearTimeout(timer);
  if (!ended && document.visibilityState === "visible") timer = window.setTimeout(ask, EVERY);
}

async function ask() {
  window.clearTimeout(timer);
  const before = list();
  // a row's own answer is on its way, and brings the list
  if (before && !before.querySelector("form[data-sending=yes]")) await news(before);
  later();
}

async function news(before) {
  try {
    const { feed, tag } = before.dataset;
    const answer = await fetch(feed, {
      headers: { "If-None-Match": tag },
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.redirected) return signedOut();
    if (!answer.ok && answer.status !== 304) throw new Error(String(answer.status));
    if (answer.ok) take(before, await answer.text());
    heard = new Date();
    say("");
  } catch {
    const since = heard ? ` since ${heard.toLocaleTimeString([], { timeStyle: "short" })}` : "";
    say(`Not up to date${since}. It catches up by itself as soon as Casewell answers.`);
  }
  return undefined;
}

function take(before, html) {
  // meanwhile drawn by something else, or about to be
  if (list() !== before || before.querySelector("form[data-sending=yes]")) return;
  window.htmx.swap(before, html, { swapStyle: "outerHTML" });
}

function signedOut() {
  ended = true;
  say("You are signed out. Reload the page to sign in again.");
}

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.id !== "arrivals" || detail.xhr.status !== 422) return;
  detail.target = panel;
  detail.swapOverride = "innerHTML";
  detail.selectOverride = "#main > *";
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") ask();
  else window.clearTimeout(timer);
});
document.body.addEventListener("bookings-changed", () => ask());
later();
