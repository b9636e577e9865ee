/* The guard against leaving what was typed: it asks in place, and is itself left by Esc. */

const WORDS = "What you typed here is not saved.";

/* What is typed in `element` is kept until `forget()`, its form's answer, or a yes to "Discard". */
export function asksToLeave(element) {
  const forget = () => delete element.dataset.touched;
  const touch = () => (element.dataset.touched = "yes");
  const isTouched = () => "touched" in element.dataset;
  element.addEventListener("input", (event) => {
    // words in a search that were not chosen are no loss
    const search = event.target.closest(".combobox:not([data-chosen]), [data-case-search]");
    if (!search) touch();
  });
  element.addEventListener("chosen", touch);
  element.addEventListener("saved", forget);
  addEventListener("beforeunload", (event) => {
    if (isTouched()) event.preventDefault();
  });

  function leave(act) {
    if (!isTouched()) return act();
    return ask(element, () => {
      forget();
      act();
    });
  }
  return { leave, forget, isTouched };
}

function ask(element, discard) {
  element.querySelector("[data-guard]")?.remove();
  const from = element.contains(document.activeElement) ? document.activeElement : element;
  const strip = document.getElementById("guard").content.firstElementChild.cloneNode(true);
  const keep = () => {
    strip.remove();
    from.focus({ preventScroll: true });
  };
  strip.querySelector("p").textContent = WORDS;
  strip.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if ("discard" in button.dataset) {
      strip.remove();
      discard();
    } else keep();
  });
  strip.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault(); // one Esc closes one thing: the question, not the panel
    keep();
  });
  element.prepend(strip);
  strip.querySelector("[data-keep]").focus();
}
