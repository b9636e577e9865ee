/* The booking that is picked up: kept over pages, until it is put down or put back. */

const KEPT = "picked-up";

/* The address of the practice, which begins those of its bookings. */
const practice = () => location.pathname.split("/").slice(0, 2).join("/");

export function carried() {
  try {
    const booking = JSON.parse(sessionStorage.getItem(KEPT));
    return booking?.url.startsWith(`${practice()}/`) ? booking : null;
  } catch {
    return null; // storage may be switched off
  }
}

export function carry(booking) {
  try {
    if (booking) sessionStorage.setItem(KEPT, JSON.stringify(booking));
    else sessionStorage.removeItem(KEPT);
  } catch {
    // see above: then it can be dragged, and moved in its panel
  }
}

/* A link that picks up leads to the calendar; where that is, it takes over. */
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-pick-up]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  carry(JSON.parse(link.dataset.pickUp));
  const here = new CustomEvent("picked-up", { cancelable: true });
  if (!document.dispatchEvent(here)) event.preventDefault();
});
