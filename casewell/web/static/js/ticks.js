/* One box that ticks all boxes of a name. */

document.addEventListener("change", ({ target }) => {
  const all = target.closest?.("[data-tick-all]");
  if (!all) return;
  for (const box of document.querySelectorAll(`input[type=checkbox][name="${all.dataset.tickAll}"]`)) {
    box.checked = all.checked;
  }
});
