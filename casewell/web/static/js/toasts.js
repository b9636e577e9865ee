/* Messages at the lower edge: good news leaves by itself, bad news waits to be closed.
   A request that failed says so here, with what to do. */

const toasts = document.getElementById("toasts");
const SHOWN_FOR = 6000;

const SENTENCES = {
  403: "Your role may not do this. Ask an administrator of the practice.",
  404: "This is no longer here. Somebody may have removed it; reload the page.",
  409: "This is still being saved. Wait a moment and look again.",
  429: "That was too often. Wait a minute and try again.",
  503: "Casewell is restarting. Nothing was lost; try again in a moment.",
};
const FAILED = "Something went wrong on the server. What you typed is still here; try again.";
const UNREACHABLE = "Casewell cannot be reached. What you typed is still here; try again.";

function stays(toast) {
  return ["error", "warning"].includes(toast.dataset.level);
}

function leaveLater(toast) {
  if (stays(toast) || toast.dataset.leaving) return;
  toast.dataset.leaving = "yes";
  const leave = () => {
    if (toast.matches(":hover, :focus-within")) window.setTimeout(leave, SHOWN_FOR);
    else toast.remove();
  };
  window.setTimeout(leave, Number(toast.dataset.shownFor) || SHOWN_FOR);
}

function say(sentence) {
  const said = [...toasts.querySelectorAll("span")].some((span) => span.textContent === sentence);
  if (said) return;
  const toast = document.getElementById("toast").content.firstElementChild.cloneNode(true);
  toast.querySelector("span").textContent = sentence;
  toasts.append(toast);
}

if (toasts) {
  const leave = () => toasts.querySelectorAll(".toast-line").forEach(leaveLater);
  leave();
  new MutationObserver(leave).observe(toasts, { childList: true });
  toasts.addEventListener("click", (event) => {
    event.target.closest("[data-toast-close]")?.closest(".toast-line").remove();
  });
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.responseText.includes("data-csrf-refused")) return; // session.js sees to it
    say(SENTENCES[event.detail.xhr.status] ?? FAILED);
  });
  document.addEventListener("htmx:sendError", () => say(UNREACHABLE));
  document.addEventListener("htmx:timeout", () => say(UNREACHABLE));
}
