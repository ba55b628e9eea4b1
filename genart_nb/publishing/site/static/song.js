// Songs: a line that follows the sound over the roll, under hand and keys. Nothing is loaded before it is asked for.
(() => {
  const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
  const players = [];

  class Player {
    constructor(root) {
      [this.root, this.audio] = [root, root.querySelector("audio")];
      [this.roll, this.button, this.time] = [".roll", ".play", ".time"].map((name) => root.querySelector(name));
      [this.seconds, this.bar] = [Number(root.dataset.seconds), Number(root.dataset.bar)];
      this.needle = this.roll.appendChild(Object.assign(document.createElement("i"), { className: "needle" }));
      this.at = 0;
      this.length = this.time.textContent.trim();
      this.name = this.button.getAttribute("aria-label");
      this.roll.tabIndex = 0;
      const said = { role: "slider", "aria-label": `Place in the song: ${this.name}`, "aria-valuemin": 0 };
      for (const [name, value] of Object.entries({ ...said, "aria-valuemax": this.seconds })) this.roll.setAttribute(name, value);
      this.button.addEventListener("click", () => this.toggle());
      this.roll.addEventListener("pointerdown", (event) => this.grasp(event));
      this.roll.addEventListener("pointermove", (event) => event.buttons & 1 && this.seek(this.under(event)));
      this.roll.addEventListener("keydown", (event) => this.key(event));
      this.audio.addEventListener("play", () => this.started());
      this.audio.addEventListener("pause", () => this.show());
      this.audio.addEventListener("loadedmetadata", () => this.loaded());
      this.audio.addEventListener("ended", () => this.seek(0));
      this.audio.addEventListener("error", () => this.failed());
      root.classList.add("live");
      this.show();
    }

    under(event) {
      const box = this.roll.getBoundingClientRect();
      return ((event.clientX - box.left) / box.width) * this.seconds;
    }

    grasp(event) {
      if (event.button) return;
      this.roll.setPointerCapture(event.pointerId);
      this.seek(this.under(event));
    }

    // Space plays, arrows go a bar, Home and End to where it begins and ends.
    key(event) {
      const places = { ArrowLeft: this.at - this.bar, ArrowRight: this.at + this.bar, Home: 0, End: this.seconds };
      [places.ArrowDown, places.ArrowUp] = [places.ArrowLeft, places.ArrowRight];
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === " ") this.toggle();
      else if (event.key in places) this.seek(places[event.key]);
      else return;
      event.preventDefault();
    }

    async toggle() {
      if (!this.audio.paused) return this.audio.pause();
      if (this.at >= this.seconds) this.seek(0);
      await this.fetched();
      try { await this.audio.play(); } catch { this.show(); }
    }

    // Many plain servers know no ranges, and then a browser cannot seek: the whole file, once it is wanted, can be sought in.
    async fetched() {
      if (this.whole || !location.protocol.startsWith("http") || !this.audio.src.startsWith("http")) return;
      this.whole = true;
      try {
        const answer = await fetch(this.audio.src);
        if (!answer.ok) return;
        const sound = new Blob([await answer.blob()], { type: "audio/mpeg" });
        this.ready = false;
        this.audio.src = URL.createObjectURL(sound);
      } catch { /* then it is played from where it lies */ }
    }

    // Where the reader put the needle before there was any sound.
    loaded() {
      this.place();
      this.ready = true;
    }

    // Never the very end: of an MP3 that plays, a browser may find nothing left to read there, and call that an error.
    place() {
      this.audio.currentTime = Math.max(0, Math.min(this.at, (this.audio.duration || this.seconds) - 0.1));
    }

    seek(seconds) {
      this.at = Math.min(this.seconds, Math.max(0, seconds));
      if (this.ready) this.place();
      this.show();
    }

    started() {
      for (const other of players) if (other !== this) other.audio.pause();
      const follow = () => {
        if (this.audio.paused) return;
        if (this.ready) this.at = Math.min(this.seconds, this.audio.currentTime);
        this.show();
        requestAnimationFrame(follow);
      };
      follow();
    }

    failed() {
      this.broken = true;
      this.time.textContent = "The sound cannot be loaded";
      this.button.disabled = true;
    }

    show() {
      if (this.broken) return;
      const plays = !this.audio.paused;
      this.button.setAttribute("aria-label", plays ? this.name.replace(/^Play/, "Pause") : this.name);
      this.button.classList.toggle("plays", plays);
      this.needle.style.left = `${(100 * this.at) / this.seconds}%`;
      this.time.textContent = `${clock(this.at)} / ${this.length}`;
      this.roll.setAttribute("aria-valuenow", this.at.toFixed(1));
      this.roll.setAttribute("aria-valuetext", `${clock(this.at)} of ${this.length}, bar ${Math.floor(this.at / this.bar + 0.001) + 1}`);
    }
  }

  for (const root of document.querySelectorAll(".song")) players.push(new Player(root));
})();
