/* Files that are chosen or dropped are sent at once, three at a time, each with a bar of its own
   and a token of its own: sent again, it is still kept once. One that is refused says why, and
   the others go on. */

const AT_ONCE = 3;
const waiting = [];
let going = 0;

const sectionNow = () => document.querySelector("[data-files]");

function rowFor(section, file) {
  const row = section.querySelector("[data-coming-row]").content.firstElementChild.cloneNode(true);
  row.querySelector("bdi").textContent = file.name;
  row.querySelector("progress").setAttribute("aria-label", `How much of ${file.name} is sent`);
  const dismiss = row.querySelector("[data-dismiss]");
  dismiss.setAttribute("aria-label", `Close the message about ${file.name}`);
  dismiss.addEventListener("click", () => row.remove());
  section.querySelector("[data-coming]").append(row);
  return row;
}

function say(one, state, words) {
  one.row.dataset.state = state;
  one.row.querySelector(".files__said").textContent = words;
  one.row.querySelector("progress").hidden = state === "refused";
  one.row.querySelector("[data-dismiss]").hidden = state !== "refused";
  one.row.querySelector("[data-try]").hidden = !(state === "refused" && one.again);
}

const WORDS = {
  0: "Casewell cannot be reached.",
  403: "Your role may not add files, or you have been signed out.",
  413: "This file is too large.",
  503: "Casewell is restarting.",
};

/* Why it is not kept; nothing where it is. */
function refusalOf({ status, responseText }) {
  if (responseText.includes("data-signed-out") || responseText.includes("data-csrf-refused")) {
    return "You have been signed out. Sign in again in another tab, and try again.";
  }
  if (status >= 200 && status < 300) return "";
  if (status !== 422) return WORDS[status] ?? "Something went wrong on the server.";
  try {
    return JSON.parse(responseText).refusal;
  } catch {
    return "This file was refused.";
  }
}

function bodyOf(one) {
  const body = new FormData(one.form);
  body.delete("files");
  body.set("once", one.token);
  body.append("files", one.file, one.file.name);
  return body;
}

function send(one) {
  going += 1;
  const request = new XMLHttpRequest();
  const bar = one.row.querySelector("progress");
  say(one, "sending", "");
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    bar.value = total ? loaded / total : 0;
    if (loaded === total) say(one, "sending", "is being kept …");
  });
  request.addEventListener("loadend", () => done(one, request));
  request.open("POST", one.form.action);
  request.setRequestHeader("Accept", "application/json");
  request.send(bodyOf(one));
}

function done(one, request) {
  going -= 1;
  const why = refusalOf(request);
  one.again = why && request.status !== 422 && request.status !== 413;
  if (why) say(one, "refused", why);
  else say(one, "kept", "is kept");
  next();
}

function next() {
  while (waiting.length && going < AT_ONCE) send(waiting.shift());
  if (!going) refresh();
}

/* The list as it is now; the rows of what is kept make room for it. */
async function refresh() {
  const kept = [...document.querySelectorAll("[data-coming] [data-state=kept]")];
  if (!kept.length) return;
  const select = "#files-list";
  const address = location.pathname + location.search;
  await window.htmx.ajax("GET", address, { source: sectionNow(), target: select, select, swap: "outerHTML" });
  for (const row of kept) row.remove();
}

const newToken = () => [...crypto.getRandomValues(new Uint32Array(4))].join("-");

function take(section, form, file) {
  const one = { form, file, row: rowFor(section, file), token: newToken() };
  one.row.querySelector("[data-try]").addEventListener("click", () => {
    waiting.push(one);
    next();
  });
  if (file.size === 0) say(one, "refused", "This file is empty.");
  else if (file.size > Number(section.dataset.largest)) {
    say(one, "refused", `This file is larger than ${Math.floor(section.dataset.largest / 1024 ** 2)} MB.`);
  } else {
    say(one, "waiting", "waits");
    waiting.push(one);
  }
}

document.addEventListener("change", ({ target }) => {
  const section = target.closest("[data-files]");
  if (!section || !target.matches("input[type=file]")) return;
  for (const file of target.files) take(section, target.form, file);
  target.value = "";
  next();
});
addEventListener("beforeunload", (event) => {
  if (going && sectionNow()) event.preventDefault();
});
