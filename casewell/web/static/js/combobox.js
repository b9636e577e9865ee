/* Search as one types (the ARIA combobox pattern).
   <div data-combobox data-url="…/search" data-name="patient">
     <input type="text" id="…"> <input type="hidden" name="patient"> </div>
   GET data-url?q=… answers with <li role="option" data-value="ID" [data-label] [data-href]>….
   Choosing fills the hidden input, or follows data-href where data-follow is set. Inside
   data-or-new="#fold", who is not found can be made new: choosing that opens the fold. */

const WAIT = 150;
let made = 0;

class Combobox {
  constructor(element) {
    this.element = element;
    this.id = `combobox-${++made}`;
    this.input = element.querySelector("input:not([type=hidden])");
    this.hidden = element.querySelector("input[type=hidden]");
    this.list = document.createElement("ul");
    this.prepare();
    this.listen();
  }

  prepare() {
    Object.assign(this.list, { className: "combobox__list", id: `${this.id}-list`, hidden: true });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.input.getAttribute("aria-label") ?? "Found");
    this.element.append(this.list);
    const states = { role: "combobox", "aria-expanded": "false", "aria-autocomplete": "list" };
    for (const [name, value] of Object.entries(states)) this.input.setAttribute(name, value);
    this.input.setAttribute("aria-controls", this.list.id);
    this.input.autocomplete = "off";
    this.mark();
  }

  listen() {
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("focus", () => this.input.select());
    this.element.addEventListener("focusout", (event) => {
      if (!this.element.contains(event.relatedTarget)) this.left();
    });
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the focus
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(option);
    });
  }

  typed() {
    if (this.hidden && this.hidden.value) this.settle("", this.input.value);
    window.clearTimeout(this.timer);
    this.searching = Boolean(this.input.value.trim());
    this.eager = false;
    this.timer = window.setTimeout(() => this.search(), WAIT);
  }

  async search() {
    const words = this.input.value.trim();
    this.pending?.abort();
    if (!words) return this.close();
    this.searching = true;
    this.pending = new AbortController();
    try {
      const url = new URL(this.element.dataset.url, location.href);
      url.searchParams.set("q", words);
      const headers = { "HX-Request": "true" };
      const answer = await fetch(url, { signal: this.pending.signal, headers });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      this.show(await answer.text());
    } catch (error) {
      if (error.name !== "AbortError") this.note("The search did not answer. Type again.");
    }
    return undefined;
  }

  show(html) {
    this.searching = false;
    this.list.innerHTML = html;
    if (!this.options.length) this.offerNew();
    this.options.forEach((option, place) => {
      option.id = `${this.id}-${place}`;
      option.setAttribute("aria-selected", "false");
    });
    if (!this.options.length && !this.list.textContent.trim()) return this.note("Nobody found.");
    this.open();
    this.point(this.options[0]);
    return this.eager && this.options.length === 1 ? this.choose(this.options[0]) : undefined;
  }

  get fold() {
    return document.querySelector(this.element.closest("[data-or-new]")?.dataset.orNew ?? "#none");
  }

  offerNew() {
    if (!this.fold) return;
    const line = document.createElement("li");
    line.setAttribute("role", "option");
    line.dataset.new = "";
    line.textContent = `${this.fold.querySelector("summary").textContent.trim()}: ${this.input.value.trim()}`;
    this.list.append(line);
  }

  startNew() {
    const { fold } = this;
    this.left();
    fold.open = true;
    fold.querySelector("input:not([type=hidden])").focus();
  }

  note(sentence) {
    this.searching = false;
    const line = document.createElement("li");
    Object.assign(line, { className: "combobox__note", textContent: sentence });
    line.setAttribute("role", "option");
    line.setAttribute("aria-disabled", "true");
    this.list.replaceChildren(line);
    this.open();
  }

  get options() {
    return [...this.list.querySelectorAll("[role=option]:not([aria-disabled])")];
  }

  get pointed() {
    return this.list.querySelector("[aria-selected=true]");
  }

  point(option) {
    this.pointed?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option?.id ?? "");
  }

  key(event) {
    if (event.isComposing) return;
    const act = { ArrowDown: () => this.step(1), ArrowUp: () => this.step(-1) }[event.key];
    if (act) {
      event.preventDefault();
      act();
    } else if (event.key === "Enter" && this.searching) {
      event.preventDefault(); // faster than the answer: taken when it is the only one
      this.eager = true;
    } else if (event.key === "Enter" && !this.list.hidden && this.pointed) {
      event.preventDefault();
      this.choose(this.pointed);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault(); // one Esc closes one thing: the list, not the panel around it
      this.close();
    }
  }

  step(by) {
    if (this.list.hidden) return this.search();
    const all = this.options;
    const next = all.indexOf(this.pointed) + by;
    return this.point(all[(next + all.length) % all.length]);
  }

  choose(option) {
    if ("new" in option.dataset) return this.startNew();
    const label = option.dataset.label ?? option.firstChild?.textContent.trim() ?? "";
    this.close();
    if ("follow" in this.element.dataset && option.dataset.href) {
      location.assign(option.dataset.href);
      return undefined;
    }
    this.settle(option.dataset.value, label);
    this.element.dispatchEvent(
      new CustomEvent("chosen", { bubbles: true, detail: { value: option.dataset.value, label } }),
    );
    return undefined;
  }

  settle(value, label) {
    if (!this.hidden) return;
    this.hidden.value = value;
    this.input.value = label;
    this.mark();
    this.hidden.dispatchEvent(new Event("change", { bubbles: true }));
  }

  mark() {
    this.element.toggleAttribute("data-chosen", Boolean(this.hidden?.value));
  }

  /* Words that were never turned into a choice would look like one: they go with the focus. */
  left() {
    this.close();
    if (!this.hidden || this.hidden.value) return;
    if (this.input.value) this.element.dataset.searched = this.input.value.trim();
    this.input.value = "";
  }

  open() {
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
  }

  close() {
    window.clearTimeout(this.timer);
    this.searching = false;
    this.list.hidden = true;
    this.list.replaceChildren();
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

function prepareAll(root) {
  for (const element of root.querySelectorAll("[data-combobox]:not([data-ready])")) {
    element.dataset.ready = "yes";
    new Combobox(element);
  }
}

prepareAll(document);
document.addEventListener("htmx:load", (event) => prepareAll(event.detail.elt.parentElement ?? document));
