// A song that plays: the drawn roll, a line that follows the sound, keys, and the place told to the kernel.
// `picture` and `legend` are written by the kernel, numbers and escaped text alone.

const TELL = 250; // milliseconds between two words to the kernel

class Roll {
  constructor(model, el) {
    this.model = model;
    this.told = 0;
    this.frame = 0;
    this.url = URL.createObjectURL(new Blob([model.get("sound")], { type: "audio/mpeg" }));
    this.build(el);
    this.abort = new AbortController();
    const { signal } = this.abort;
    const on = (target, name, act) => target.addEventListener(name, act, { signal });
    on(this.audio, "play", () => (this.follow(), this.save("playing", true)));
    on(this.audio, "pause", () => (this.tell(true), this.save("playing", false)));
    on(this.audio, "seeked", () => (this.place(), this.tell(true)));
    on(this.roll, "click", (event) => this.seek(this.at(event)));
    on(this.roll, "keydown", (event) => this.key(event));
    this.heard = {
      "change:playing": () => this.play(model.get("playing")),
      "change:position": () => this.seek(model.get("position"), false),
      "change:loop": () => (this.audio.loop = model.get("loop")),
    };
    for (const [name, act] of Object.entries(this.heard)) model.on(name, act);
    this.seek(model.get("position"));
  }

  build(el) {
    const make = (tag, name, html = "") => Object.assign(document.createElement(tag), { className: name, innerHTML: html });
    this.roll = make("div", "gr-roll", this.model.get("picture"));
    Object.assign(this.roll, { tabIndex: 0 });
    this.roll.setAttribute("role", "slider");
    this.roll.setAttribute("aria-label", "place in the song, in seconds");
    this.roll.setAttribute("aria-valuemin", "0");
    this.roll.setAttribute("aria-valuemax", this.model.get("seconds").toFixed(1));
    this.head = this.roll.appendChild(make("i", "gr-head"));
    this.audio = Object.assign(make("audio", ""), { src: this.url, controls: true, loop: this.model.get("loop") });
    this.root = make("div", "gr");
    this.root.append(this.roll, this.audio, make("div", "gr-legend", this.model.get("legend")));
    el.append(this.root);
  }

  at(event) {
    const box = this.roll.getBoundingClientRect();
    return ((event.clientX - box.left) / box.width) * this.model.get("seconds");
  }

  // Space plays, arrows go a bar; the notebook's own keys stay out of it.
  key(event) {
    const bar = this.model.get("bar");
    const steps = { ArrowLeft: -bar, ArrowRight: bar, Home: -Infinity };
    if (event.key === " ") this.play(this.audio.paused);
    else if (event.key in steps) this.seek(Math.max(0, this.audio.currentTime + steps[event.key]));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  play(wanted) {
    if (wanted && this.audio.paused) this.audio.play().catch(() => this.save("playing", false)); // no hand yet: not allowed
    else if (!wanted) this.audio.pause();
  }

  seek(seconds, mine = true) {
    if (!mine && Math.abs(seconds - this.told) < 0.001) return; // our own word coming back
    this.audio.currentTime = seconds;
    this.place();
  }

  follow() {
    cancelAnimationFrame(this.frame);
    this.place();
    this.tell();
    if (!this.audio.paused) this.frame = requestAnimationFrame(() => this.follow());
  }

  place() {
    const share = Math.min(1, this.audio.currentTime / this.model.get("seconds"));
    this.head.style.left = `${100 * share}%`;
    this.roll.setAttribute("aria-valuenow", this.audio.currentTime.toFixed(1));
  }

  tell(now = false) {
    const time = performance.now();
    if (!now && time - (this.last ?? 0) < TELL) return;
    this.last = time;
    this.told = Math.min(this.audio.currentTime, this.model.get("seconds"));
    this.save("position", this.told);
  }

  save(name, value) {
    if (this.model.get(name) === value) return;
    this.model.set(name, value);
    this.model.save_changes();
  }

  remove() {
    this.abort.abort();
    cancelAnimationFrame(this.frame);
    for (const [name, act] of Object.entries(this.heard)) this.model.off(name, act);
    this.audio.pause();
    URL.revokeObjectURL(this.url);
    this.root.remove();
  }
}

export default {
  render({ model, el }) {
    const roll = new Roll(model, el);
    return () => roll.remove();
  },
};
