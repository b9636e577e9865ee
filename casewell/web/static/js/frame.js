/* The frame's small manners: theme button, menus that close, copy buttons. */

const root = document.documentElement;

const switches = document.querySelectorAll("[data-theme-switch]");

function showTheme() {
  const dark = String(root.dataset.bsTheme === "dark");
  for (const button of switches) button.setAttribute("aria-pressed", dark);
}

function changeTheme() {
  const theme = root.dataset.bsTheme === "dark" ? "light" : "dark";
  root.dataset.bsTheme = theme;
  try {
    localStorage.setItem("theme", theme);
  } catch {
    // storage may be switched off; then the choice lasts as long as the page
  }
  showTheme();
}

showTheme();
for (const button of switches) button.addEventListener("click", changeTheme);

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except) menu.open = false;
  }
}

document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
document.addEventListener("focusin", (event) => closeMenus(event.target.closest("details.menu")));
document.addEventListener("keydown", (event) => {
  const menu = document.querySelector("details.menu[open]");
  if (event.key !== "Escape" || !menu) return;
  event.stopImmediatePropagation(); // one Esc closes one thing: the menu, not the panel below it
  menu.open = false;
  menu.querySelector("summary").focus();
});

async function copy(button) {
  const before = button.getAttribute("aria-label");
  await navigator.clipboard.writeText(button.dataset.copy);
  button.dataset.copied = "";
  button.setAttribute("aria-label", "Copied");
  window.setTimeout(() => {
    delete button.dataset.copied;
    button.setAttribute("aria-label", before);
  }, 1500);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
});
