/* Printing: a button that does it; what is folded is laid open; a day is cropped to its visits. */

const PAGE_PX = 600; // what a landscape sheet is high, less the heads
const SMALLEST = 0.45;
let scrolled = [0, 0];

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

function unfold() {
  for (const fold of document.querySelectorAll("#main details:not(.menu, [open])")) {
    fold.dataset.printOpen = "";
    fold.open = true;
  }
}

function fold() {
  for (const opened of document.querySelectorAll("[data-print-open]")) {
    delete opened.dataset.printOpen;
    opened.open = false;
  }
}

/* From the full hour before the first visit to the one after the last; else from 8 to 18. */
function crop(grid) {
  const sheet = grid.querySelector(".grid__sheet");
  const hour = 60 * Number.parseFloat(sheet?.style.getPropertyValue("--minute"));
  if (!hour) return;
  const tiles = [...grid.querySelectorAll(".tile")].map(({ offsetTop, offsetHeight }) => [offsetTop, offsetTop + offsetHeight]);
  const edges = tiles.length ? tiles.flat() : [8 * hour, 18 * hour];
  const top = Math.floor(Math.min(...edges) / hour) * hour;
  const height = Math.ceil(Math.max(...edges) / hour) * hour - top;
  const zoom = Math.max(SMALLEST, Math.min(1, PAGE_PX / height));
  scrolled = [grid.scrollLeft, grid.scrollTop];
  grid.scrollTo(0, 0);
  grid.style.setProperty("--print-top", `${top}px`);
  grid.style.setProperty("--print-height", `${height}px`);
  grid.style.setProperty("--print-zoom", String(zoom));
}

addEventListener("beforeprint", () => {
  unfold();
  const grid = document.getElementById("day-grid");
  if (grid && !grid.hidden) crop(grid);
});
addEventListener("afterprint", () => {
  fold();
  document.getElementById("day-grid")?.scrollTo(...scrolled);
});
