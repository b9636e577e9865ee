/* The fields of a letter as buttons: each puts itself in where the cursor last stood in the
   subject or the text. One Tab reaches them, arrow keys go between them. */

const texts = "[data-letter-text]";
let last = null;

function put(words) {
  const field = last?.isConnected ? last : document.querySelector(`textarea${texts}`);
  if (!field) return;
  field.focus();
  // Old, but what it puts in can be taken back by the browser's own undo.
  if (document.execCommand("insertText", false, words)) return;
  field.setRangeText(words, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function button(code) {
  const made = document.createElement("button");
  Object.assign(made, { type: "button", className: "letter-field-button", tabIndex: -1 });
  made.textContent = code.textContent.slice(1, -1);
  made.dataset.puts = code.textContent;
  return made;
}

function step(all, from, key) {
  const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[key];
  if (key === "Home") return all[0];
  if (key === "End") return all.at(-1);
  return by ? all[(all.indexOf(from) + by + all.length) % all.length] : undefined;
}

for (const picker of document.querySelectorAll("[data-letter-fields]")) {
  for (const code of picker.querySelectorAll("code")) code.replaceWith(button(code));
  picker.querySelector("[data-with-scripts]").hidden = false;
  const all = [...picker.querySelectorAll("[data-puts]")];
  all[0].tabIndex = 0;
  picker.addEventListener("click", ({ target }) => {
    if (target.dataset.puts) put(target.dataset.puts);
  });
  picker.addEventListener("keydown", (event) => {
    const next = all.includes(event.target) && step(all, event.target, event.key);
    if (!next) return;
    event.preventDefault();
    event.target.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
}

document.addEventListener("focusin", ({ target }) => {
  if (target.matches(texts)) last = target;
});
