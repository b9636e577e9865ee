/* The tile beside a colour field, in the colour that is chosen. Through the CSSOM: the page's policy
   forbids style attributes. */
const field = document.querySelector("input[data-colour]");
const look = document.querySelector("[data-colour-look]");
const title = document.querySelector("input[name=name]");

function show() {
  look.style.setProperty("--type", field.value);
  if (title.value) look.querySelector(".tile__what").textContent = title.value;
}

if (field && look) {
  field.addEventListener("input", show);
  title.addEventListener("input", show);
  show();
}
