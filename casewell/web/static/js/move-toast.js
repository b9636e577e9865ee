/* What a move came to, in words: with undo, with the reason of a refusal, or with a question. */

const toasts = document.getElementById("toasts");
const typing = (element) => element.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(element.tagName);

function made({ level, words, clashes = [], acts }) {
  const toast = document.getElementById("toast-move").content.firstElementChild.cloneNode(true);
  toast.dataset.level = level;
  const [good, bad] = toast.querySelectorAll(":scope > .icon");
  (level === "success" ? bad : good).remove();
  const span = toast.querySelector("span");
  span.textContent = words;
  for (const clash of clashes) {
    span.append(Object.assign(document.createElement("small"), { textContent: clash }));
  }
  const close = toast.querySelector("[data-toast-close]");
  for (const [label, act, key] of acts) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: label });
    button.className = "toast-line__act";
    if (key) button.append(Object.assign(document.createElement("kbd"), { textContent: key }));
    button.addEventListener("click", () => {
      toast.remove();
      act();
    });
    // what takes back stands beside the words; what is to be chosen, below them
    if (key) close.before(button);
    else span.append(button);
  }
  return toast;
}

/* Who is waiting for the time that was freed. */
function whoFits(url) {
  window.htmx.ajax("GET", url, { target: "#panel", swap: "innerHTML" });
}

/* The answer to a move; only the latest can be undone here. */
export function say(
  { refusal, choices = [], said, clashes = [], too, fits },
  { undo, choose, too: follow },
) {
  for (const former of toasts.querySelectorAll("[data-move]")) former.remove();
  if (refusal) {
    const acts = choices.map(([fold, words]) => [words, () => choose(fold)]);
    toasts.append(made({ level: "error", words: refusal, acts }));
    return;
  }
  const words = `${said ?? "It is moved"}.${clashes.length ? " It clashes: " : ""}`;
  const acts = undo ? [["Undo", undo, "U"]] : [];
  if (too) acts.push([too.label, follow]);
  if (fits) acts.push([fits.words, () => whoFits(fits.url)]);
  const toast = made({ level: "success", words, clashes, acts });
  if (undo) toast.dataset.undo = "";
  toasts.append(toast);
}

document.addEventListener("keydown", (event) => {
  const plain = !event.altKey && !event.shiftKey;
  const control = (event.ctrlKey || event.metaKey) && event.key === "z";
  const letter = event.key === "u" && !event.ctrlKey && !event.metaKey;
  const button = toasts.querySelector("[data-undo] > .toast-line__act");
  if (!button || !plain || !(control || letter) || typing(event.target)) return;
  event.preventDefault();
  button.click();
});
