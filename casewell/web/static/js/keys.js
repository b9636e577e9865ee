/* Shortcuts: what the list in #shortcuts says, anywhere but in a field; and the list itself.
   Single keys can be switched off, those of other scripts with them: so this listens first. */

const dialog = document.getElementById("shortcuts");
const KEPT = "single-keys";
const PATIENCE_MS = 2000;

const typing = (element) =>
  element.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(element.tagName);

function areOn() {
  try {
    return localStorage.getItem(KEPT) !== "off";
  } catch {
    return true; // storage may be switched off; then the keys are as they come
  }
}

function keepOn(on) {
  try {
    localStorage.setItem(KEPT, on ? "on" : "off");
  } catch {
    // see above
  }
}

/* With the focus on it, so that it comes back there when the panel closes. */
function press(id) {
  const element = document.getElementById(id);
  element?.focus();
  element?.click();
}

function actOf({ url, press: id, focus }) {
  if (url) return () => location.assign(url);
  if (id) return () => press(id);
  return focus && (() => document.getElementById(focus)?.focus());
}

const acts = new Map([["t", () => press("today")]]);
for (const row of dialog?.querySelectorAll("[data-keys]") ?? []) {
  const act = actOf(row.dataset);
  if (act) acts.set(row.dataset.keys, act);
}
acts.set("?", () => show());

let begun = "";
let timer = 0;

function begin(keys) {
  window.clearTimeout(timer);
  begun = keys;
  if (keys) timer = window.setTimeout(() => (begun = ""), PATIENCE_MS);
}

function keyDown(event) {
  const single = event.key.length === 1 && event.key !== " ";
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing;
  if (!single || !plain || typing(event.target)) return;
  const keys = `${begun} ${event.key.toLowerCase()}`.trim();
  const goesOn = [...acts.keys()].some((known) => known.startsWith(`${keys} `));
  const act = acts.get(keys);
  const inside = begun !== "";
  begin(goesOn ? keys : "");
  if (dialog.open) {
    event.stopImmediatePropagation();
    if (event.key === "?") dialog.close();
  } else if (!areOn()) {
    begin("");
    event.stopImmediatePropagation();
  } else if (act || goesOn || inside) {
    event.preventDefault();
    event.stopImmediatePropagation();
    act?.();
  }
}

function show(opener) {
  // the menu that it was opened from closes: the focus is to come back to what stays
  opener?.closest("details.menu")?.querySelector("summary").focus();
  dialog.querySelector("[data-single-keys]").checked = areOn();
  dialog.showModal();
}

if (dialog) {
  document.addEventListener("keydown", keyDown, { capture: true });
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-shortcuts]");
    if (opener) show(opener);
  });
  dialog.addEventListener("click", (event) => {
    const beside = event.target === dialog;
    if (beside || event.target.closest("[data-shortcuts-close]")) dialog.close();
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Escape") event.stopPropagation(); // one Esc closes one thing
  });
  dialog.addEventListener("change", ({ target }) => {
    if ("singleKeys" in target.dataset) keepOn(target.checked);
  });
}
