/* Pictures and PDFs of a list of files, one after the other, in a dialog. What is shown is drawn
   anew by the server; the file itself is only ever downloaded. */

let shown = null; // the dialog, its links, the place in them, the page and how many there are

const partsOf = (dialog) => ({
  picture: dialog.querySelector(".file-viewer__picture"),
  image: dialog.querySelector("img"),
  words: dialog.querySelector("[role=status]"),
  pages: dialog.querySelector("[data-pages]"),
});

function open(link) {
  const section = link.closest(".files");
  const dialog = section.querySelector(".file-viewer");
  const links = [...link.closest("ul").querySelectorAll("[data-preview]")];
  shown = { dialog, links, at: links.indexOf(link), page: 1, pages: 1, opener: link };
  dialog.showModal();
  dialog.querySelector(".file-viewer__picture").focus();
  show();
}

function drawFrame() {
  const { dialog, links, at, page, pages } = shown;
  const link = links[at];
  dialog.querySelector("h2").textContent = link.dataset.name;
  dialog.querySelector("[data-place]").textContent = links.length > 1 ? `${at + 1} of ${links.length}` : "";
  dialog.querySelector("[data-download]").href = link.href;
  for (const button of dialog.querySelectorAll("[data-step]")) {
    button.disabled = !links[at + Number(button.dataset.step)];
  }
  const turning = partsOf(dialog).pages;
  turning.hidden = pages < 2;
  turning.querySelector("span").textContent = `Page ${page} of ${pages}`;
  for (const button of turning.querySelectorAll("button")) {
    const wanted = page + Number(button.dataset.turn);
    button.disabled = wanted < 1 || wanted > pages;
  }
}

const later = (ms) => new Promise((resolve) => window.setTimeout(resolve, ms));

/* The answer, asked once more where too many others are being drawn. */
async function ask(address, patience = 5) {
  const answer = await fetch(address, { credentials: "same-origin" });
  if (answer.status !== 503 || !patience) return answer;
  await later(1000);
  return ask(address, patience - 1);
}

async function show() {
  const now = shown;
  const { dialog, links, at, page } = now;
  const { picture, image, words } = partsOf(dialog);
  drawFrame();
  picture.setAttribute("aria-busy", "true");
  words.textContent = image.hasAttribute("src") ? "" : "Drawing …";
  let said = "";
  let body = null;
  try {
    const answer = await ask(`${links[at].dataset.preview}?page=${page}`);
    const isPicture = answer.headers.get("Content-Type")?.startsWith("image/");
    if (answer.ok && isPicture) {
      body = await answer.blob();
      now.pages = Number(answer.headers.get("X-Pages")) || 1;
    } else said = answer.status === 422 ? await answer.text() : "It cannot be shown now. Try again, or download it.";
  } catch {
    said = "Casewell cannot be reached.";
  }
  if (shown !== now || now.at !== at || now.page !== page) return; // one has gone on meanwhile
  put(image, body);
  image.alt = body ? `Page ${page} of ${links[at].dataset.name}` : "";
  words.textContent = said;
  picture.removeAttribute("aria-busy");
  picture.scrollTop = 0;
  drawFrame();
}

function put(image, body) {
  if (image.src) URL.revokeObjectURL(image.src);
  if (body) image.src = URL.createObjectURL(body);
  else image.removeAttribute("src");
}

function step(by) {
  if (!shown?.links[shown.at + by]) return;
  Object.assign(shown, { at: shown.at + by, page: 1, pages: 1 });
  show();
}

function turn(by) {
  const wanted = shown.page + by;
  if (wanted < 1 || wanted > shown.pages) return;
  shown.page = wanted;
  show();
}

function closed(dialog) {
  put(dialog.querySelector("img"), null);
  const back = shown?.links[shown.at] ?? null;
  shown = null;
  if (back?.isConnected) back.focus();
}

const KEYS = {
  ArrowLeft: () => step(-1),
  ArrowRight: () => step(1),
  PageUp: () => turn(-1),
  PageDown: () => turn(1),
};

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-preview]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open(link);
});
document.addEventListener("click", ({ target }) => {
  if (!shown || !shown.dialog.contains(target)) return;
  const button = target.closest("button");
  if (target === shown.dialog || button?.dataset.close !== undefined) shown.dialog.close();
  else if (button?.dataset.step) step(Number(button.dataset.step));
  else if (button?.dataset.turn) turn(Number(button.dataset.turn));
});
document.addEventListener("keydown", (event) => {
  if (!shown) return;
  if (event.key === "Escape") event.stopImmediatePropagation(); // one Esc closes one thing
  const act = !event.altKey && !event.ctrlKey && !event.metaKey && KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}, { capture: true });
document.addEventListener("close", ({ target }) => {
  if (target.matches(".file-viewer")) closed(target);
}, { capture: true });
