// Small parts: elements, icons, and the rows of controls. These files are joined into one module, easel.js last.

function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const ICONS = {
  dice: '<rect x="3.5" y="3.5" width="17" height="17" rx="4"/><g fill="currentColor" stroke="none"><circle cx="8.4" cy="8.4" r="1.5"/><circle cx="15.6" cy="8.4" r="1.5"/><circle cx="12" cy="12" r="1.5"/><circle cx="8.4" cy="15.6" r="1.5"/><circle cx="15.6" cy="15.6" r="1.5"/></g>',
  pin: '<path d="M9 3.5h6M10 3.5v6.2L6.8 13.5h10.4L14 9.7V3.5M12 13.5v7"/>',
  undo: '<path d="M8.5 5 4 9.5 8.5 14M4.5 9.5H14a5.5 5.5 0 0 1 0 11h-3"/>',
  redo: '<path d="m15.5 5 4.5 4.5-4.5 4.5M19.5 9.5H10a5.5 5.5 0 0 0 0 11h3"/>',
  cell: '<rect x="3.5" y="4" width="17" height="7" rx="2"/><path d="M12 14.5v6M9 17.5h6"/>',
  copy: '<rect x="8.5" y="8.5" width="12" height="12" rx="2.5"/><path d="M15.5 8.5v-3a2 2 0 0 0-2-2h-8a2 2 0 0 0-2 2v8a2 2 0 0 0 2 2h3"/>',
  close: '<path d="m6 6 12 12M18 6 6 18"/>',
};

function icon(name) {
  const holder = document.createElement("span");
  holder.className = "ge-icon";
  holder.innerHTML = `<svg viewBox="0 0 24 24" width="18" height="18" fill="none" stroke="currentColor"
    stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${ICONS[name]}</svg>`;
  return holder;
}

function button(name, label, key, onclick, words = "") {
  const title = key ? `${label} (${key})` : label;
  const attributes = { type: "button", class: "ge-button", title, "aria-label": label, onclick };
  if (key) attributes["aria-keyshortcuts"] = key.replace("Shift+", "Shift+");
  return h("button", attributes, icon(name), words ? h("span", {}, words) : null);
}

function decimals(step) {
  const [whole, exponent] = String(step || 1).split("e-");
  return exponent ? Number(exponent) : (whole.split(".")[1] || "").length;
}

function spoken(row, value) {
  if (value === null || value === undefined) return "auto";
  const digits = row.step && row.step < 1 ? Math.max(1, decimals(row.step)) : 0;
  return `${Number(value).toFixed(digits)}${row.unit ? ` ${row.unit}` : ""}`;
}

let rowsMade = 0;

// One row for each control. `hand` is told: moved(id, value) while a hand is at a slider, released() when it lets go,
// settled(id, value) of words, numbers and choices, which count once they are whole: nothing is drawn at every letter.
class Rows {
  constructor(rows, hand) {
    this.hand = hand;
    this.setters = {};
    this.tellers = {};
    this.free = {};
    this.dirty = false;
    this.keyDown = false;
    this.home = {};
    const first = rows.filter((row) => row.first);
    const more = rows.filter((row) => !row.first);
    this.first = h("div", { class: "ge-rows" }, ...this.grouped(first));
    this.more = more.length
      ? h("details", { class: "ge-more" }, h("summary", {}, "More"), h("div", { class: "ge-rows" }, ...this.grouped(more)))
      : null;
  }

  grouped(rows) {
    const made = [];
    for (const row of rows) {
      this.home[row.id] = row.value;
      const element = this.row(row);
      const last = made[made.length - 1];
      if (row.group && last?.dataset?.group === row.group) last.append(element);
      else if (row.group) {
        const legend = h("legend", {}, row.group);
        made.push(h("fieldset", { class: "ge-group", "data-group": row.group }, legend, element));
      } else made.push(element);
    }
    return made;
  }

  // What the work took for options that were left to it.
  took(values = {}) {
    this.free = values;
    for (const [id, value] of Object.entries(values)) this.tellers[id]?.(value);
  }

  set(values) {
    for (const [id, value] of Object.entries(values)) this.setters[id]?.(value);
  }

  row(row) {
    const id = `ge-${(rowsMade += 1)}`;
    const make = { slider: "slider", number: "number", select: "select", toggle: "toggle", text: "text" }[row.kind];
    const [control, set, output] = this[make](row, id);
    this.setters[row.id] = set;
    set(row.value);
    const label = h("label", { for: id, title: row.help }, row.label);
    return h("div", { class: `ge-row ge-row-${row.kind}`, "data-control": row.id }, label, control, output);
  }

  moved(id, value) {
    this.dirty = true;
    this.hand.moved(id, value);
  }

  released() {
    if (!this.dirty) return;
    this.dirty = false;
    this.hand.released();
  }

  slider(row, id) {
    const input = h("input", { id, type: "range", min: row.min, max: row.max, step: row.step, title: row.help });
    const output = h("output", { for: id, class: "ge-value" });
    const show = (value) => {
      const share = (Number(input.value) - row.min) / (Number(input.max) - row.min || 1);
      input.style.setProperty("--share", `${100 * share}%`);
      output.textContent = spoken(row, value);
      input.setAttribute("aria-valuetext", spoken(row, value));
    };
    input.addEventListener("input", () => {
      own = Number(input.value);
      show(own);
      this.moved(row.id, Number(input.value));
    });
    // Keys fire `change` at every press: the hand lets go when the key comes up.
    input.addEventListener("keydown", () => (this.keyDown = true));
    input.addEventListener("keyup", () => ((this.keyDown = false), this.released()));
    input.addEventListener("change", () => this.keyDown || this.released());
    for (const end of ["pointerup", "pointercancel", "blur"]) {
      input.addEventListener(end, () => ((this.keyDown = false), this.released()));
    }
    input.addEventListener("dblclick", () => {
      set(this.home[row.id]);
      this.moved(row.id, this.home[row.id]);
      this.released();
    });
    let own = null;
    const set = (value) => {
      own = value;
      const at = value ?? this.free[row.id] ?? row.auto ?? row.min;
      if (at > Number(input.max)) input.max = at;
      input.value = at;
      show(value);
    };
    this.tellers[row.id] = () => own === null && set(null);
    return [input, set, output];
  }

  settled(row, input, read) {
    input.addEventListener("change", () => this.hand.settled(row.id, read()));
  }

  number(row, id) {
    const attributes = { id, type: "number", min: row.min, max: row.max, step: row.step ?? "any", placeholder: "auto" };
    const input = h("input", attributes);
    this.settled(row, input, () => (input.value === "" ? null : Number(input.value)));
    return [input, (value) => (input.value = value ?? "")];
  }

  text(row, id) {
    const input = h("input", { id, type: "text", placeholder: row.id === "mix:prompt" ? "another prompt" : "" });
    input.autocomplete = "off";
    this.settled(row, input, () => input.value);
    return [input, (value) => (input.value = value ?? "")];
  }

  select(row, id) {
    const options = row.choices.map((choice) => h("option", { value: choice }, choice || "auto"));
    const input = h("select", { id }, ...options);
    const auto = options.find((option) => ["auto", ""].includes(option.value));
    if (auto) this.tellers[row.id] = (value) => (auto.textContent = input.value === auto.value ? `auto · ${value}` : "auto");
    this.settled(row, input, () => input.value);
    return [input, (value) => (input.value = value)];
  }

  toggle(row, id) {
    const input = h("input", { id, type: "checkbox", role: "switch" });
    this.settled(row, input, () => input.checked);
    return [input, (value) => (input.checked = Boolean(value))];
  }
}
