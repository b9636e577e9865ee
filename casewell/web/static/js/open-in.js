/* A page that was opened before an app was connected does not let its launch pass: the policy that
   it came with names other origins, and a browser would block the redirect without a word. Its
   button leads to a page of ours instead, which is new and has the same button. */

const origins = () => {
  const known = document.querySelector('meta[name="app-origins"]')?.content ?? "";
  return new Set(known.split(" "));
};

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-open-in]");
  const button = event.submitter;
  if (!form || !button) return;
  form.closest("details.menu")?.removeAttribute("open");
  if (origins().has(button.dataset.origin)) return;
  event.preventDefault();
  window.open(form.dataset.openIn, "_blank", "noopener");
});
