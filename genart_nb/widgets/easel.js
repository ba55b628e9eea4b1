// The Easel in the browser. Everything the hand does goes out as one JSON trait, `params`; pictures come in as frames
// with the generation they were asked for, and are acknowledged.

const PATIENCE = 900; // milliseconds of silence after which the kernel must be busy with something else

class Easel {
  constructor(model, el) {
    this.model = model;
    this.spec = JSON.parse(model.get("spec"));
    this.params = JSON.parse(model.get("params"));
    this.born = this.params.generation;
    this.abort = new AbortController();
    this.history = [this.snapshot()];
    this.at = 0;
    this.identity = "";
    this.cell = "";
    this.pending = 0;
    this.behind = false;
    this.build(el);
    ownKeys(this.root, this.abort.signal);
    const heard = (message, buffers) => this.hear(message, buffers);
    const changed = () => this.follow();
    model.on("msg:custom", heard);
    model.on("change:params", changed);
    const unwatch = watchKernel(model, el, (words) => this.lost(words));
    this.remove = () => {
      model.off("msg:custom", heard);
      model.off("change:params", changed);
      unwatch();
      clearTimeout(this.timer);
      cancelAnimationFrame(this.pending);
      this.abort.abort();
      this.stage.remove();
      hideStill(el, false);
    };
    this.greet();
    this.expect();
  }

  // Until the kernel answers: a first message can be lost while JupyterLab opens a subshell for it.
  greet() {
    if (this.identity || this.abort.signal.aborted) return;
    this.hellos = (this.hellos ?? 0) + 1;
    this.model.send({ type: "hello" });
    setTimeout(() => this.greet(), 1000);
  }

  build(el) {
    const settle = (change) => (Object.assign(this.params, change), this.release());
    this.stage = new Stage((params) => this.goTo(params), this.spec.kind);
    this.rows = new Rows(this.spec.controls, {
      moved: (id, value) => this.moved({ values: { ...this.params.values, [id]: value } }),
      settled: (id, value) => settle({ values: { ...this.params.values, [id]: value } }),
      released: () => this.release(),
    });
    const wanted = this.spec.prompted ? "" : "words, if you like";
    this.prompt = h("textarea", { class: "ge-prompt", rows: 1, "aria-label": "Prompt", spellcheck: "false", placeholder: wanted });
    this.prompt.addEventListener("input", () => this.fit());
    this.prompt.addEventListener("change", () => settle({ prompt: this.prompt.value }));
    this.prompt.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey) event.preventDefault(), this.prompt.blur();
    });
    this.seed = h("input", { type: "number", class: "ge-seed", min: 0, max: this.spec.seed_max, step: 1, "aria-label": "Seed" });
    this.seed.addEventListener("change", () => settle({ seed: Math.trunc(Number(this.seed.value)) || 0 }));
    this.buttons = {
      dice: button("dice", "Roll another seed", "R", () => this.roll()),
      pin: button("pin", "Pin this one to compare", "P", () => this.togglePin()),
      undo: button("undo", "Undo", "Z", () => this.step(-1)),
      redo: button("redo", "Redo", "Shift+Z", () => this.step(1)),
      cell: button("cell", "Write the cell that makes this", "", () => this.write(), "Write cell"),
    };
    const { dice, pin, undo, redo, cell } = this.buttons;
    const tools = h("div", { class: "ge-tools", role: "toolbar", "aria-label": "Easel" }, dice, this.seed, pin, undo, redo,
      h("span", { class: "ge-gap" }), cell);
    this.notice = h("div", { class: "ge-notice", role: "alert", hidden: true });
    this.paper = h("div", { class: "ge-paper", hidden: true });
    const left = h("div", { class: "ge-left" }, this.stage.boards, this.stage.status, tools, this.stage.strip);
    const right = h("div", { class: "ge-right" }, this.prompt, this.rows.first, this.rows.more);
    const body = h("div", { class: "ge-body" }, left, right);
    const music = this.spec.kind === "music";
    this.doing = music ? "writing" : "painting";
    this.root = h("section", { class: music ? "ge ge-music" : "ge", tabindex: -1, "aria-label": "Easel" }, this.notice, body, this.paper);
    this.root.addEventListener("keydown", (event) => this.key(event));
    el.replaceChildren(this.root);
    this.show();
    requestAnimationFrame(() => this.fit());
    this.stage.tell("painting", "");
  }

  // The hand.

  moved(change) {
    Object.assign(this.params, change);
    if (!this.spec.drafts) return;
    this.behind = true;
    if (this.pending) return;
    const send = () => {
      this.pending = 0;
      if (!this.behind) return;
      this.behind = false;
      this.push(false); // at once, then at most once for each frame the screen shows
      this.pending = requestAnimationFrame(send);
    };
    send();
  }

  release() {
    cancelAnimationFrame(this.pending);
    this.pending = 0;
    this.behind = false;
    this.remember();
    this.push(true);
  }

  push(released) {
    this.params.generation += 1;
    this.params.released = released;
    this.model.set("params", JSON.stringify(this.params));
    this.model.save_changes();
    this.root.dispatchEvent(new CustomEvent("genart-push", { bubbles: true, detail: this.params.generation }));
    this.expect();
  }

  snapshot() {
    const { seed, prompt, values } = this.params;
    return JSON.stringify({ seed, prompt, values });
  }

  remember() {
    const now = this.snapshot();
    if (now === this.history[this.at]) return;
    this.history.splice(this.at + 1, Infinity, now);
    if (this.history.length > 200) this.history.shift();
    this.at = this.history.length - 1;
    this.show();
  }

  step(by) {
    const to = this.history[this.at + by];
    if (!to) return;
    this.at += by;
    Object.assign(this.params, JSON.parse(to));
    this.show();
    this.push(true);
  }

  goTo({ seed, prompt, values }) {
    Object.assign(this.params, { seed, prompt, values });
    this.show();
    this.release();
  }

  roll() {
    const seed = crypto.getRandomValues(new Uint32Array(1))[0] % 1_000_000;
    this.goTo({ ...this.params, seed });
  }

  togglePin() {
    const pinned = !this.stage.pinned.hidden;
    if (pinned) this.stage.unpin();
    else if (!this.stage.pin(JSON.parse(this.snapshot()), `pinned · seed ${this.params.seed}`, () => this.togglePin())) return;
    this.root.classList.toggle("ge-compare", !pinned);
    this.buttons.pin.setAttribute("aria-pressed", String(!pinned));
  }

  key(event) {
    const typing = event.target.matches("input:not([type=range]):not([type=checkbox]), textarea, select");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const does = { r: () => this.roll(), p: () => this.togglePin(), z: () => this.step(event.shiftKey ? 1 : -1) };
    const act = does[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  // What there is to see.

  show() {
    const { prompt, seed, values } = this.params;
    this.prompt.value = prompt;
    this.seed.value = seed;
    this.rows.set(values);
    this.buttons.undo.disabled = this.at === 0;
    this.buttons.redo.disabled = this.at >= this.history.length - 1;
    this.buttons.pin.setAttribute("aria-pressed", String(!this.stage.pinned.hidden));
    this.root.setAttribute("aria-label", `Easel: ${prompt}`);
    this.fit();
  }

  fit() {
    this.prompt.style.height = "auto";
    this.prompt.style.height = `${Math.min(this.prompt.scrollHeight, 160)}px`;
  }

  // The kernel moved the controls, or another view of this easel did.
  follow() {
    const said = JSON.parse(this.model.get("params"));
    if (said.generation <= this.params.generation) return;
    this.params = said;
    if (said.released) this.remember();
    this.show();
  }

  hear(message, buffers) {
    if (message.type === "frame") return this.frame(message, buffers);
    if (message.type === "try") return this.stage.addTry(message, buffers[0], this.spec.tries);
    if (message.type === "identity") return (this.identity = message.model);
    if (message.type !== "status" || message.asked < this.params.generation) return;
    this.hush();
    const { state, text = "", fraction = null, fix = "" } = message;
    const words = { drafting: "draft", painting: text || this.doing, loading: text, stopped: "stopped" }[state];
    if (state === "error") this.stage.tell("error", fix ? `${text} Fix: ${fix}` : text, null, true);
    else this.stage.tell(state, words, fraction, state === "stopped");
  }

  async frame(message, buffers) {
    const buffer = buffers[0];
    this.hush();
    message.asked ??= this.born; // it was there before this view: older than anything the hand has asked for here
    const drawn = await this.stage.frame(message, buffers, () => this.params.generation).catch((error) => {
      this.stage.tell("error", `This could not be shown: ${error.message}`, null, true);
    });
    this.model.send({ type: "ack", number: message.number });
    if (!drawn) return;
    this.root.dispatchEvent(new CustomEvent("genart-frame", { bubbles: true, detail: { message, buffer } }));
    if (message.tier !== "whole") return;
    this.cell = message.cell;
    this.stage.mark(message.digest);
    this.rows.took(message.took);
    this.stage.label(`${this.params.prompt}; ${message.colophon}`);
    this.stage.tell("done", message.note || message.colophon, null, true);
    hideStill(this.root, true);
  }

  expect() {
    clearTimeout(this.timer);
    const busy = `The kernel is busy with another cell; this is ${this.doing === "writing" ? "written" : "painted"} when it ends.`;
    this.timer = setTimeout(() => this.stage.tell("busy", busy, null, true), PATIENCE);
  }

  hush() {
    clearTimeout(this.timer);
  }

  lost(words) {
    this.hush();
    this.root.classList.add("ge-lost");
    this.stage.tell("dead", "no kernel");
    hideStill(this.root, false);
    const again = h("button", { type: "button", class: "ge-button" }, "Run the cell again");
    again.addEventListener("click", async () => {
      if (!(await runCell(this.root))) this.notice.replaceChildren(`${words} Run this cell again to go on.`);
    });
    this.notice.replaceChildren(h("span", {}, `${words} The sliders move nothing until this cell is run again.`), again);
    this.notice.hidden = false;
  }

  write() {
    if (!this.cell) return;
    if (writeCell(this.model, this.identity, this.cell)) {
      this.stage.tell("done", "Written into a new cell below.", null, true);
      return;
    }
    const text = h("textarea", { class: "ge-code", readonly: true, rows: this.cell.split("\n").length, "aria-label": "The cell" });
    text.value = this.cell;
    const copied = h("span", { role: "status" });
    const copy = button("copy", "Copy", "", async () => {
      text.select();
      const done = await navigator.clipboard?.writeText(this.cell).then(() => true, () => false);
      copied.textContent = done ? "Copied." : "Press Ctrl+C.";
    }, "Copy");
    const close = button("close", "Close", "", () => (this.paper.hidden = true));
    const words = h("p", {}, "This front end lets no widget add a cell. Paste this into a new one:");
    this.paper.replaceChildren(words, text, h("div", { class: "ge-tools" }, copy, copied, h("span", { class: "ge-gap" }), close));
    this.paper.hidden = false;
    text.focus();
    text.select();
  }
}

export default () => {
  let views = 0;
  return {
    render({ model, el }) {
      const easel = new Easel(model, el);
      views += 1;
      return () => {
        easel.remove();
        views -= 1;
        if (!views) model.send({ type: "cancel" }); // nobody is looking: leave no job running
      };
    },
  };
};
