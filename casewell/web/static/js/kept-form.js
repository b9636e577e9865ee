/* A page's own form: leaving it with typed things asks, and where the session ended meanwhile, what
   was sent comes back after signing in. It is kept in this tab's sessionStorage only, never sent
   elsewhere: the next page takes it out, unless that is the sign-in; after it, the same user gets it
   back, and for anybody else it is dropped, as it is at signing out. */

const KEY = "kept-form";
const SECRET = new Set(["csrfmiddlewaretoken", "once"]);
const here = location.pathname + location.search;
const user = document.body.dataset.user;

const ours = (form) => form?.matches?.("#main form[method=post]:not([hx-post])");
const fields = (form) =>
  [...form.elements].filter((one) => !SECRET.has(one.name) && !["password", "file"].includes(one.type));

let dirty = false;

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY));
  } catch {
    return null;
  }
}

function write(kept) {
  try {
    if (kept) sessionStorage.setItem(KEY, JSON.stringify(kept));
    else sessionStorage.removeItem(KEY);
  } catch {
    // storage may be switched off or full; then only this comfort is missing
  }
}

function keep(form) {
  const forms = [...document.querySelectorAll("#main form[method=post]")];
  const values = fields(form).map(({ name, value, checked }) => [name, value, checked ?? null]);
  write({ here, user, place: forms.indexOf(form), values });
}

function refill(kept) {
  const form = document.querySelectorAll("#main form[method=post]")[kept.place];
  const now = form ? fields(form) : [];
  if (now.length !== kept.values.length) return;
  now.forEach((field, place) => {
    const [name, value, checked] = kept.values[place];
    if (field.name !== name) return;
    if (checked === null || !["checkbox", "radio"].includes(field.type)) field.value = value;
    else field.checked = checked;
  });
  for (const search of form.querySelectorAll(".combobox")) {
    search.toggleAttribute("data-chosen", Boolean(search.querySelector("[type=hidden]")?.value));
  }
  for (const row of form.querySelectorAll(".add-row")) {
    row.open = [...row.querySelectorAll("input")].some((field) => field.value);
  }
  dirty = true;
  const note = document.getElementById("refilled").content.firstElementChild.cloneNode(true);
  form.before(note);
  note.focus();
}

function comeBack() {
  const kept = read();
  if (!kept) return;
  const stopped = document.querySelector("[data-signed-out], [data-csrf-refused]");
  if (stopped) {
    write({ ...kept, waiting: true });
    const note = document.querySelector("[data-kept-note]");
    if (note) note.hidden = false;
    document.querySelector("[data-kept-link]")?.setAttribute("href", kept.here);
    return;
  }
  write(null);
  if (kept.waiting && kept.here === here && kept.user === user) refill(kept);
}

document.addEventListener("input", (event) => {
  if (ours(event.target.form) && event.target.form.matches(".record-form, .away")) dirty = true;
});
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-sign-out]")) write(null);
  if (!ours(event.target) || !user) return;
  window.setTimeout(() => {
    if (event.defaultPrevented) return;
    dirty = false;
    keep(event.target);
  });
});
addEventListener("beforeunload", (event) => {
  if (dirty) event.preventDefault();
});
comeBack();
