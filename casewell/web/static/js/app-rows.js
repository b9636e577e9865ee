/* Rows of connected apps: moved up and down, their roles in words; an added row is typed into. */

const list = document.getElementById("app-rows");
const said = document.getElementById("app-order");

list.addEventListener("click", (event) => {
  const button = event.target.closest("[data-move]");
  if (button) move(button.closest("[data-app-row]"), button.dataset.move);
});

function move(row, way) {
  const other = way === "up" ? row.previousElementSibling : row.nextElementSibling;
  if (!other) return;
  if (way === "up") other.before(row);
  else other.after(row);
  // where there is no further way up, the focus goes to the way down
  const button = row.querySelector(`[data-move=${way}]`);
  const back = row.querySelector(`[data-move=${way === "up" ? "down" : "up"}]`);
  (button.checkVisibility({ visibilityProperty: true }) ? button : back).focus();
  row.scrollIntoView({ block: "nearest" });
  row.dispatchEvent(new Event("input", { bubbles: true })); // leaving asks: this is not saved
  said.textContent = `${called(row)} is ${place(row)} of ${list.children.length} now.`;
}

const place = (row) => [...list.children].indexOf(row) + 1;
const called = (row) => row.querySelector("input[name$='-name']").value || "The new app";

list.addEventListener("change", (event) => {
  const roles = event.target.closest(".app-row__roles");
  if (!roles) return;
  const ticked = [...roles.querySelectorAll(":checked")].map((box) => box.parentElement.textContent.trim());
  roles.querySelector("[data-roles-in-words]").textContent = ticked.join(", ") || "everybody";
});

/* What comes by a click is where one goes on: at the part that is to be filled in. */
list.addEventListener("htmx:afterSwap", () => {
  const row = list.lastElementChild;
  const fields = [...row.querySelectorAll("input[type=text]")];
  (fields.find((field) => !field.value) ?? fields[0]).focus();
});

document.querySelector("#app-rows [aria-invalid=true]")?.focus();
