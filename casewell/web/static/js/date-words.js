/* The browser writes dates in its own order; beside each date field they stand in the practice's
   words, "Tue 24 Nov 2026", as the field changes. The practice's format is that of `lib/formats`. */

const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const format = document.body.dataset.dates;

/* "2026-11-24" in words; nothing for what is no whole date yet. */
export function dateInWords(iso) {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(iso) ?? [];
  if (!year || !format) return "";
  const parts = { j: String(Number(day)), d: day, m: month, M: MONTHS[month - 1], Y: year };
  const weekday = WEEKDAYS[new Date(`${iso}T00:00Z`).getUTCDay()];
  return `${weekday} ${format.replace(/[jdmMY]/g, (letter) => parts[letter])}`;
}

document.addEventListener("input", (event) => {
  const words = event.target.matches("[type=date]") && event.target.nextElementSibling;
  if (words && words.matches(".date-words")) words.textContent = dateInWords(event.target.value);
});
