// A player of songs: the drawn roll, a line that follows the sound, keys, and the browser's own controls. The roll and the
// easel share it. `picture` and `legend` are written by the kernel, numbers and escaped text alone.

class Player {
  // `hand` is told: played(whether), moved(seconds, whether it counts at once).
  constructor(hand = {}) {
    this.hand = { played: () => {}, moved: () => {}, ...hand };
    this.drawn = { seconds: 1, bar: 1, tempo: 1 };
    this.heard = null; // the song whose sound is loaded: what is drawn may be ahead of it
    this.next = null; // the sound that is to take over
    this.frame = 0;
    this.abort = new AbortController();
    const make = (tag, name) => Object.assign(document.createElement(tag), { className: name });
    this.roll = Object.assign(make("div", "gr-roll"), { tabIndex: 0 });
    this.roll.setAttribute("role", "slider");
    this.roll.setAttribute("aria-label", "place in the song, in seconds");
    this.roll.setAttribute("aria-valuemin", "0");
    this.sheet = this.roll.appendChild(make("div", "gr-sheet"));
    this.head = this.roll.appendChild(make("i", "gr-head"));
    this.audio = this.voice("");
    this.legend = make("div", "gr-legend");
    this.root = make("div", "gr");
    this.root.append(this.roll, this.audio, this.legend);
    const { signal } = this.abort;
    this.roll.addEventListener("click", (event) => this.seek(this.at(event)), { signal });
    this.roll.addEventListener("keydown", (event) => this.key(event), { signal });
  }

  // Draw a song; it is heard from `load` on. Drawing leaves what plays alone.
  draw(song) {
    if (song.picture !== this.drawn.picture) this.sheet.innerHTML = song.picture;
    if (song.legend !== this.drawn.legend) this.legend.innerHTML = song.legend;
    this.drawn = song;
    this.follows();
  }

  // Another sound takes the place of the one before: where that plays, at the same bar, without a stop in between.
  load(sound, song) {
    if (this.next && this.next !== this.audio) this.release(this.next); // it has been overtaken
    const before = this.audio;
    const audio = this.voice(URL.createObjectURL(new Blob([sound], { type: "audio/mpeg" })));
    Object.assign(audio, { loop: before.loop, volume: before.volume, muted: before.muted });
    this.next = audio;
    const change = () => {
      if (this.next !== audio || audio === this.audio) return;
      const plays = !before.paused && !before.ended;
      const place = this.heard ? (before.currentTime / this.heard.bar) * song.bar : 0;
      this.heard = song;
      this.audio = audio;
      const focused = document.activeElement === before;
      before.replaceWith(audio);
      this.release(before);
      audio.currentTime = place < song.seconds ? place : 0;
      if (focused) audio.focus();
      this.follows();
      this.place();
      if (plays) this.play(true);
    };
    if (before.paused || !this.heard) change();
    else audio.addEventListener("canplay", change, { once: true });
  }

  voice(url) {
    const audio = Object.assign(document.createElement("audio"), { controls: true, preload: "auto" });
    if (url) audio.src = url;
    const mine = (act) => () => audio === this.audio && act();
    const on = (name, act) => audio.addEventListener(name, mine(act));
    on("play", () => (this.follow(), this.hand.played(true)));
    on("pause", () => (this.hand.moved(this.now, true), this.hand.played(false)));
    on("seeked", () => (this.place(), this.hand.moved(this.now, true)));
    return audio;
  }

  release(audio) {
    audio.pause();
    URL.revokeObjectURL(audio.src);
    audio.removeAttribute("src");
  }

  // The same notes at another tempo are heard so at once; other notes are heard when their sound has come.
  follows() {
    const same = this.heard !== null && this.heard.notes === this.drawn.notes;
    this.roll.classList.toggle("gr-ahead", this.heard !== null && !same);
    const pace = same && this.heard.tempo ? this.drawn.tempo / this.heard.tempo : 1;
    this.audio.playbackRate = Math.min(4, Math.max(0.25, pace || 1));
    this.roll.setAttribute("aria-valuemax", (this.heard ?? this.drawn).seconds.toFixed(1));
  }

  get length() {
    return (this.heard ?? this.drawn).seconds;
  }

  get now() {
    return Math.min(this.audio.currentTime, this.length);
  }

  at(event) {
    const box = this.roll.getBoundingClientRect();
    return ((event.clientX - box.left) / box.width) * this.length;
  }

  // Space plays, arrows go a bar; the notebook's own keys stay out of it.
  key(event) {
    const bar = (this.heard ?? this.drawn).bar;
    const steps = { ArrowLeft: -bar, ArrowRight: bar, Home: -Infinity };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === " ") this.play(this.audio.paused);
    else if (event.key in steps) this.seek(Math.max(0, this.audio.currentTime + steps[event.key]));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  play(wanted) {
    if (!wanted) this.audio.pause();
    else if (this.heard && this.audio.paused) this.audio.play().catch(() => this.hand.played(false)); // no hand yet: not allowed
  }

  seek(seconds) {
    if (!this.heard) return;
    this.audio.currentTime = seconds;
    this.place();
  }

  follow() {
    cancelAnimationFrame(this.frame);
    this.place();
    this.hand.moved(this.now, false);
    if (!this.audio.paused) this.frame = requestAnimationFrame(() => this.follow());
  }

  place() {
    this.head.style.left = `${100 * Math.min(1, this.audio.currentTime / this.length)}%`;
    this.roll.setAttribute("aria-valuenow", this.audio.currentTime.toFixed(1));
  }

  remove() {
    this.abort.abort();
    cancelAnimationFrame(this.frame);
    if (this.next && this.next !== this.audio) this.release(this.next);
    this.next = null;
    this.release(this.audio);
    this.root.remove();
  }
}
