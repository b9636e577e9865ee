/* A list's filter: two dates show only where days are chosen by their dates. */

const form = document.getElementById("appointment-filter");

form?.addEventListener("change", (event) => {
  if (event.target.name !== "when") return;
  const dates = form.querySelector("[data-dates]");
  dates.hidden = event.target.value !== "dates";
  if (!dates.hidden) dates.querySelector("input").focus();
});
