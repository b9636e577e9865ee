/* A form is sent once: its buttons rest until the answer is there. The button's own name and value
   still go with it, so it is not `disabled` (that would drop them) but ignores further clicks. */

const resting = (form) => form.dataset.sending === "yes";

function rest(form, yes) {
  form.dataset.sending = yes ? "yes" : "";
  for (const button of form.querySelectorAll("button:not([type=button]), input[type=submit]")) {
    if (yes) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (resting(form)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    // later than every other listener, so that a form they refused is not left resting;
    // what htmx sends rests by its own events below
    window.setTimeout(() => {
      if (!event.defaultPrevented) rest(form, true);
      // its answer is in another tab, and this page stays
      if (form.target === "_blank") window.setTimeout(() => rest(form, false), 1000);
    });
  },
  { capture: true },
);

/* While one of its parts is asked for, a form waits to be sent: htmx would drop what is sent
   meanwhile. A preview, marked `data-looks`, is no part of it. */
function restAs(yes) {
  return (event) => {
    if (event.target.matches?.("[data-looks]")) return;
    const form = event.target.closest?.("form");
    if (form?.method === "post") rest(form, yes);
  };
}

document.addEventListener("htmx:beforeRequest", restAs(true));
document.addEventListener("htmx:afterRequest", restAs(false));

/* Enter in a field that has a button of its own presses that, and not the form's first. */
document.addEventListener("keydown", (event) => {
  const button = event.key === "Enter" && !event.isComposing && event.target.dataset?.presses;
  if (!button) return;
  event.preventDefault();
  document.querySelector(button)?.click();
});

/* A folded row that is opened is typed into at once. */
document.addEventListener("click", (event) => {
  const row = event.target.closest(".add-row > summary")?.parentElement;
  if (row) window.setTimeout(() => row.querySelector("input")?.focus());
});

// the page comes back from the browser's cache as it was left: awake again
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sending]")) rest(form, false);
});

document.querySelector("#main :is(.error-summary, .full-case)")?.focus();
