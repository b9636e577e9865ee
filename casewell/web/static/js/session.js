/* The session has ended while something was typed or sent: it stays where it is, one signs in
   again in another tab, and sends it again. The page takes over the new CSRF token. */

let asking = null; // the question that is shown, and the form it is about

const said = (text) => asking && (asking.strip.querySelector("p").textContent = text);

/* The page as the server would draw it now; null while nobody is signed in. */
async function signedInPage() {
  const answer = await fetch(location.href, { cache: "no-store", headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector("[data-signed-out]") ? null : page.body;
}

/* Take over the token of a new session; why that cannot be, or nothing. */
async function renew() {
  let body;
  try {
    body = await signedInPage();
  } catch {
    return "Casewell cannot be reached. What you typed is still here; try again.";
  }
  if (!body) return "You have been signed out. What you typed is still here.";
  if (body.dataset.user !== document.body.dataset.user) {
    return "Somebody else is signed in now. Sign in as yourself to send what you typed.";
  }
  const headers = body.getAttribute("hx-headers");
  document.body.setAttribute("hx-headers", headers);
  const token = JSON.parse(headers)["x-csrftoken"];
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
  return "";
}

function ask(form) {
  asking?.strip.remove();
  const strip = document.getElementById("signed-out").content.firstElementChild.cloneNode(true);
  asking = { strip, form };
  strip.addEventListener("click", (event) => {
    if (event.target.closest("[data-again]")) sendAgain();
  });
  (form?.closest("#panel") ?? form ?? document.getElementById("panel")).prepend(strip);
  strip.querySelector("a").focus();
}

async function sendAgain() {
  const why = await renew();
  if (why) {
    said(why);
    asking.strip.querySelector("a").focus();
    return;
  }
  const { strip, form } = asking;
  strip.remove();
  asking = null;
  if (form?.isConnected) form.requestSubmit();
}

async function cameBack() {
  if (!asking || document.visibilityState !== "visible" || (await renew())) return;
  said("You are signed in again. Send what you typed.");
  asking?.strip.querySelector("[data-again]").focus();
}

const formOf = (elt) => elt?.closest?.("form") ?? null;

document.addEventListener("htmx:beforeSwap", (event) => {
  const { detail } = event;
  if (!detail.serverResponse.includes("data-signed-out")) return;
  detail.shouldSwap = false;
  const typed = document.getElementById("panel")?.dataset.touched;
  if (detail.requestConfig.verb === "get" && !typed) location.reload();
  else ask(detail.requestConfig.verb === "get" ? null : formOf(detail.requestConfig.elt));
});

/* Signed in again in another tab, whose token this page does not have yet: take it, send once more. */
const renewed = new WeakSet();
document.addEventListener("htmx:responseError", async (event) => {
  const { xhr, requestConfig } = event.detail;
  if (xhr.status !== 403 || !xhr.responseText.includes("data-csrf-refused")) return;
  const form = formOf(requestConfig.elt);
  if (!form || renewed.has(form) || (await renew())) ask(form);
  else {
    renewed.add(form);
    form.requestSubmit();
  }
});

addEventListener("focus", cameBack);
document.addEventListener("visibilitychange", cameBack);
