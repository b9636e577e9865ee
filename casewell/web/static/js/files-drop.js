/* Files are dropped anywhere on what is marked [data-drop], and go into its file field, as if they
   had been chosen there. Dropped beside it they do nothing: the browser would else open them in
   place of the page. What a refused form had chosen is put back into its successor. */

const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");
const zoneOf = (event) => event.target.closest?.("[data-drop]") ?? null;

function mark(zone) {
  for (const other of document.querySelectorAll("[data-drop][data-over]")) {
    if (other !== zone) delete other.dataset.over;
  }
  if (zone) zone.dataset.over = "";
}

function over(event) {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  const zone = zoneOf(event);
  event.dataTransfer.dropEffect = zone ? "copy" : "none";
  mark(zone);
}

/* Folders cannot be sent; of them the browser tells no bytes. */
function withoutFolders({ items, files }) {
  const kept = new DataTransfer();
  [...items].filter((item) => item.kind === "file").forEach((item, place) => {
    if (!item.webkitGetAsEntry?.()?.isDirectory && files[place]) kept.items.add(files[place]);
  });
  return kept.files;
}

function dropped(event) {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  mark(null);
  const field = zoneOf(event)?.querySelector("input[type=file]");
  if (!field) return;
  field.files = withoutFolders(event.dataTransfer);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("dragover", over);
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) mark(null);
});
document.addEventListener("drop", dropped);

let chosen = null; // of the form that was refused just now

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  chosen = null;
  const field = detail.requestConfig.elt.querySelector?.("input[type=file]");
  if (detail.xhr.status === 422 && field?.files.length) chosen = { id: field.id, files: field.files };
});
document.addEventListener("htmx:afterSettle", () => {
  const field = chosen && document.getElementById(chosen.id);
  if (!field) return;
  field.files = chosen.files;
  field.closest("[data-drop]")?.querySelector("[data-choose-again]")?.remove();
  chosen = null;
});
