/* The side panel: whatever htmx puts into #panel opens it; Esc or its button closes it.
   A link may answer with a whole page or with a fragment: of a page only its <main> is taken. */

import { asksToLeave } from "./guard.js";

const panel = document.getElementById("panel");
const phone = matchMedia("(width < 768px)");
let opener = null;

const guard = panel && asksToLeave(panel);
const isOpen = () => panel.childElementCount > 0;

function opened() {
  if (!panel.querySelector(".side-panel__close")) {
    const button = document.getElementById("panel-close").content.firstElementChild.cloneNode(true);
    button.dataset.panelClose = "";
    panel.prepend(button);
  }
  name();
  panel.scrollTop = 0;
  guard.forget();
  coverPhone(true);
  focusInside();
}

function name() {
  panel.setAttribute("aria-label", panel.querySelector("h1, h2")?.textContent ?? "Side panel");
}

/* What is wrong; else the search that is still empty, so that one can type on; else the panel.
   Whoever has gone on to another field before the panel settled stays there. */
function focusInside() {
  const within = panel.contains(document.activeElement) && document.activeElement !== panel;
  if (within && !panel.querySelector(".error-summary")) return;
  const first =
    panel.querySelector(".error-summary, .full-case") ??
    panel.querySelector("[autofocus]:not([type=hidden])") ??
    panel.querySelector(".combobox:not([data-chosen]) > input:not([type=hidden])") ??
    panel;
  first.focus({ preventScroll: first === panel });
}

/* On a phone the sheet hides the page, so the page must not be reachable behind it. */
function coverPhone(covered) {
  for (const part of panel.parentElement.children) {
    if (part !== panel) part.inert = covered && phone.matches;
  }
}

function close() {
  if (isOpen()) guard.leave(closeNow);
}

function closeNow() {
  panel.replaceChildren();
  coverPhone(false);
  returnFocus();
  panel.dispatchEvent(new CustomEvent("panel-closed", { bubbles: true }));
}

/* The opener may have been drawn anew meanwhile; its data-focus-key finds its successor. */
function returnFocus() {
  const key = opener?.dataset.focusKey;
  const successor = key && document.querySelector(`[data-focus-key="${CSS.escape(key)}"]`);
  const kept = opener?.isConnected && opener !== document.body ? opener : null;
  const target = kept ?? successor;
  (target || document.getElementById("main")).focus();
}

function wholePage(text) {
  return /<main[^>]*\bid="main"/.test(text);
}

/* Whether the page holds what a part of the panel asked for; a refusal, say, does not. */
function answersInPlace({ requestConfig, serverResponse }) {
  const wanted = requestConfig.elt.closest("[hx-select]")?.getAttribute("hx-select");
  const page = new DOMParser().parseFromString(serverResponse, "text/html");
  return Boolean(wanted && page.querySelector(wanted));
}

if (panel) {
  panel.addEventListener("click", (event) => {
    const button = event.target.closest("[data-panel-close]");
    if (!button) return;
    event.preventDefault();
    close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) close();
  });
  phone.addEventListener("change", () => coverPhone(isOpen()));

  document.addEventListener("htmx:confirm", (event) => {
    const { elt, target } = event.detail;
    const leaves = target === panel || (elt.matches("a") && panel.contains(elt));
    if (!leaves || !guard.isTouched()) return;
    event.preventDefault();
    guard.leave(() => event.detail.issueRequest(true));
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.target !== panel) return;
    const from = document.activeElement;
    if (!panel.contains(from)) opener = from;
    panel.setAttribute("aria-busy", "true");
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.target === panel) panel.removeAttribute("aria-busy");
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { detail } = event;
    if (!panel.contains(detail.target) || !wholePage(detail.serverResponse)) return;
    detail.ignoreTitle = true;
    if (detail.serverResponse.includes("data-signed-out")) return; // session.js sees to it
    if (detail.target === panel || !answersInPlace(detail)) {
      detail.target = panel;
      detail.swapOverride = "innerHTML";
      detail.selectOverride = "#main > *";
    }
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target === panel && isOpen()) opened();
    else if (panel.contains(event.detail.target)) name();
  });
}
