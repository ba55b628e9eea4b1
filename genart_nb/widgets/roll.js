// A song that plays in a widget of its own: where it is, is told to the kernel, and the kernel moves it.

const TELL = 250; // milliseconds between two words to the kernel

class Roll {
  constructor(model, el) {
    this.model = model;
    this.told = 0;
    const song = Object.fromEntries(["picture", "legend", "seconds", "bar"].map((name) => [name, model.get(name)]));
    this.player = new Player({ played: (whether) => this.save("playing", whether), moved: (at, now) => this.tell(at, now) });
    this.player.draw(song);
    this.player.load(model.get("sound"), song);
    this.player.audio.loop = model.get("loop");
    el.append(this.player.root);
    this.heard = {
      "change:playing": () => this.player.play(model.get("playing")),
      "change:position": () => this.seek(model.get("position")),
      "change:loop": () => (this.player.audio.loop = model.get("loop")),
    };
    for (const [name, act] of Object.entries(this.heard)) model.on(name, act);
    this.player.seek(model.get("position"));
  }

  seek(seconds) {
    if (Math.abs(seconds - this.told) < 0.001) return; // our own word coming back
    this.player.seek(seconds);
  }

  tell(seconds, now) {
    const time = performance.now();
    if (!now && time - (this.last ?? 0) < TELL) return;
    this.last = time;
    this.told = seconds;
    this.save("position", seconds);
  }

  save(name, value) {
    if (this.model.get(name) === value) return;
    this.model.set(name, value);
    this.model.save_changes();
  }

  remove() {
    for (const [name, act] of Object.entries(this.heard)) this.model.off(name, act);
    this.player.remove();
  }
}

export default {
  render({ model, el }) {
    const roll = new Roll(model, el);
    return () => roll.remove();
  },
};
