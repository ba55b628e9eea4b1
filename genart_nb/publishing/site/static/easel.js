// A work with its sliders alive: controls on one side, the picture on the other, and whatever paints it behind.
(() => {
  const { cell, frames, awake, server, page } = globalThis.genart;
  const h = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value === true) element.setAttribute(name, "");
      else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
    }
    element.append(...children.filter(Boolean));
    return element;
  };
  const spoken = (value, unit = "") => {
    if (value === null || value === undefined) return "auto";
    if (typeof value !== "number") return String(value);
    return `${Number(value.toFixed(2))}${unit ? ` ${unit}` : ""}`;
  };
  const TITLES = { frames: "Made ahead", painter: "Paint here", kernel: "Your genart" };
  const SIZE = (bytes) => (bytes >= 1e6 ? `${Math.round(bytes / 1e6)} MB` : `${Math.round(bytes / 1e3)} kB`);

  class Easel {
    constructor(root, told) {
      this.root = root;
      this.told = told;
      this.home = { ...told.values };
      this.values = { ...told.values };
      this.seed = told.seed;
      this.backend = null;
      this.busy = null;
      this.waiting = false;
      this.still = true;
      this.board = root.querySelector(".board");
      this.hand = root.querySelector(".hand");
      this.canvas = h("canvas", { class: "fresh", hidden: true, role: "img", "aria-label": "The picture at these values" });
      this.words = this.board.querySelector(".body");
      (this.board.querySelector(".view") ?? this.board).append(this.canvas);
      this.rungs = h("div", { class: "rungs", role: "group", "aria-label": "What makes the picture" });
      this.rows = h("div", { class: "rows" });
      this.status = h("p", { class: "status", role: "status" });
      this.bar = h("progress", { max: 1, value: 0, hidden: true, "aria-label": "Progress" });
      this.seedBox = h("output", { class: "seed", "aria-label": "seed" });
      this.dice = h("button", { type: "button", class: "tool", onclick: () => this.roll() }, "New seed");
      this.back = h("button", { type: "button", class: "tool", disabled: true, onclick: () => this.reset() }, "Reset");
      this.copy = h("button", { type: "button", class: "tool", onclick: () => this.copied() }, "Copy as cell");
      const seeds = h("div", { class: "seeds" }, h("span", {}, "seed "), this.seedBox, this.dice);
      const tools = h("div", { class: "tools" }, this.back, this.copy);
      this.hand.append(this.rungs, this.rows, seeds, tools, this.bar, this.status);
      this.makers = new Map();
      if (told.frames) this.makers.set("frames", async () => frames(told.frames));
      if (told.painter) this.makers.set("painter", (progress) => awake(told.id, told.painter, progress));
      this.made = new Map();
      this.use(told.frames ? "frames" : null);
      server().then((kernel) => {
        const mine = kernel?.(told.id);
        if (!mine) return;
        this.makers.set("kernel", async () => mine);
        this.use("kernel");
      });
    }

    /** Change what paints; a rung that is not awake yet is woken, and says how much that loads. */
    async use(name) {
      this.chosen = name;
      this.busy?.abort();
      this.offer();
      if (!name) {
        this.tell(this.told.said.join(" "));
        this.draw();
        return;
      }
      try {
        if (!this.made.has(name)) {
          if (name === "painter") this.wait(`Loading the painter, ${SIZE(this.told.painter.nbytes)} …`);
          const told = (share, words) => this.chosen === name && this.wait(words || "Loading …", share);
          this.made.set(name, await this.makers.get(name)(told));
        }
        if (this.chosen !== name) return;
        this.offer();
        this.backend = this.made.get(name);
        this.snap();
        this.draw();
        this.tell(this.about());
        if (name !== "frames" && this.moved) this.wish();
      } catch (error) {
        this.failed(error);
        if (this.told.frames && name !== "frames") this.use("frames");
      } finally {
        this.bar.hidden = true;
      }
    }

    offer() {
      this.rungs.replaceChildren(...[...this.makers.keys()].map((name) => {
        const loads = name === "painter" && !this.made.has(name) ? ` (${SIZE(this.told.painter.nbytes)})` : "";
        const attributes = { type: "button", class: "rung", "aria-pressed": String(this.chosen === name) };
        return h("button", { ...attributes, onclick: () => this.use(name) }, TITLES[name] + loads);
      }));
      this.root.classList.toggle("asleep", !this.makers.size);
      this.rungs.hidden = this.makers.size < 2 && this.chosen !== null;
    }

    about() {
      if (this.chosen === "frames") return this.told.said.join(" ");
      if (this.chosen === "painter") return "Each picture is painted now, by your browser. Nothing is sent anywhere.";
      return "Each picture is made now, by the genart that serves this page.";
    }

    get moved() {
      return this.seed !== this.told.seed || Object.keys(this.home).some((id) => this.values[id] !== this.home[id]);
    }

    /** What the present rung lets a hand move. */
    get controls() {
      if (this.backend?.controls) return this.backend.controls;
      const mixed = Boolean(this.home["mix:prompt"]);
      const rows = this.told.controls.filter((row) => mixed || !row.id.startsWith("mix:"));
      return rows.filter((row) => (row.first || this.backend?.axes?.has(row.id)) && this.has(row.id));
    }

    /** Where a control stands; a rung may know better than the recipe, which leaves some to the model. */
    valueOf(row) {
      return this.values[row.id] ?? row.value;
    }

    has(id) {
      return this.backend && (this.backend.ids === null || !this.backend.ids || this.backend.ids.has(id));
    }

    /** Where only some values have pictures, stand on one of them. */
    snap() {
      if (this.backend.name !== "frames") return;
      for (const id of Object.keys(this.values)) {
        if (!this.has(id)) this.values[id] = this.home[id];
        else if (!this.backend.axes.get(id).values.includes(this.values[id])) this.values[id] = this.home[id];
      }
      const seeds = this.backend.axes.get("seed")?.values ?? [this.told.seed];
      if (!seeds.includes(this.seed)) this.seed = this.told.seed;
      if (this.moved) this.wish();
      else this.rest();
    }

    draw() {
      this.rows.replaceChildren(...this.controls.map((row) => globalThis.genart.control(row, this)).filter(Boolean));
      const seeds = this.backend?.name === "frames" ? this.backend.axes.has("seed") : Boolean(this.backend);
      this.dice.hidden = !seeds;
      this.copy.hidden = !this.backend;
      this.back.hidden = !this.backend;
      this.show();
    }

    show() {
      this.seedBox.textContent = this.seed;
      this.back.disabled = !this.moved;
    }

    /** A control has moved; `still` says that the hand has let go of it. */
    move(id, value, still = true) {
      this.values[id] = value;
      this.still = still;
      this.show();
      this.wish();
    }

    said() {
      const rows = this.backend.controls ?? [];
      return { ...this.values, ...Object.fromEntries(rows.map((row) => [row.id, this.valueOf(row)])) };
    }

    roll() {
      const seeds = this.backend.axes?.get("seed")?.values;
      if (seeds) this.seed = seeds[(seeds.indexOf(this.seed) + 1) % seeds.length];
      else this.seed = crypto.getRandomValues(new Uint32Array(1))[0] % 1_000_000;
      this.still = true;
      this.show();
      this.wish(true);
    }

    reset() {
      this.values = { ...this.home };
      this.seed = this.told.seed;
      this.busy?.abort();
      this.waiting = false;
      this.draw();
      this.rest();
    }

    /** The author's own work again. */
    rest() {
      this.canvas.hidden = true;
      if (this.words && this.original !== undefined) this.words.innerHTML = this.original;
      this.root.dispatchEvent(new CustomEvent("genart:shown", { detail: { seed: this.seed, values: this.values } }));
    }

    /** Newest wins: what runs is let go on while the hand moves, unless `now`, and the newest follows it. */
    async wish(now = false) {
      if (!this.moved) {
        this.busy?.abort();
        this.waiting = false;
        this.rest();
        this.tell(this.about());
        return;
      }
      if (this.busy) {
        this.waiting = true;
        if (now || this.backend.instant) this.busy.abort();
        return;
      }
      this.waiting = false;
      const signal = (this.busy = new AbortController()).signal;
      const frame = (bitmap, done, total) => {
        if (signal.aborted) return;
        if (bitmap) this.put(bitmap);
        this.wait(`${done} of ${total}`, done / total);
      };
      if (!this.backend.instant) this.wait("painting …");
      try {
        const wish = { values: this.said(), seed: this.seed, draft: !this.still };
        const made = await this.backend.paint(wish, { signal, frame });
        if (!signal.aborted) this.shown(made, wish);
      } catch (error) {
        if (error.name !== "AbortError") this.failed(error);
      } finally {
        this.busy = null;
        this.bar.hidden = true;
        if (this.waiting) this.wish();
      }
    }

    shown({ bitmap, text, seconds }, wish) {
      if (text !== undefined && this.words) {
        this.original ??= this.words.innerHTML;
        this.words.replaceChildren(h("div", { class: "fresh-words" }, text));
      }
      if (bitmap) this.put(bitmap);
      this.tell(this.backend.instant ? this.about() : `Painted in ${seconds.toFixed(seconds < 10 ? 1 : 0)} s.`);
      this.root.dispatchEvent(new CustomEvent("genart:shown", { detail: wish }));
    }

    put(bitmap) {
      this.canvas.width = bitmap.width;
      this.canvas.height = bitmap.height;
      this.canvas.getContext("2d").drawImage(bitmap, 0, 0);
      this.canvas.hidden = false;
    }

    /** Values as a cell says them: where the page holds the composition fast, the cell must too. */
    written() {
      const row = this.backend?.controls?.find((each) => each.id === "arrangement");
      const held = row ? Number(this.valueOf(row)) : this.backend?.pinned?.arrangement ?? this.seed;
      return held !== this.seed ? { ...this.values, arrangement: held } : this.values;
    }

    async copied() {
      const text = this.moved ? cell(this.told.cell, this.written(), this.home, this.seed) : this.told.cell.own;
      if (text === null) return this.tell("No single cell can say this; change the recipe in Python.");
      await page.copied(text);
      this.tell("The cell is copied.");
    }

    tell(words) {
      this.root.classList.remove("wrong");
      this.status.textContent = words;
    }

    wait(words, share) {
      this.bar.hidden = false;
      if (share === undefined) this.bar.removeAttribute("value");
      else this.bar.value = share;
      this.tell(words);
    }

    failed(error) {
      this.bar.hidden = true;
      this.root.classList.add("wrong");
      this.status.textContent = error.message;
    }
  }

  globalThis.genart.h = h;
  globalThis.genart.spoken = spoken;
  globalThis.genart.easels = () => {
    for (const root of document.querySelectorAll(".easel")) {
      const told = JSON.parse(root.parentElement.querySelector(".easel-data").textContent);
      root.genart = new Easel(root, told);
    }
  };
})();
