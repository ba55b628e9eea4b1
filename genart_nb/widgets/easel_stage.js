// The stage: the picture, text or song on its fixed board, the pinned one beside it, how far it is, and the strip of past
// tries.

const BOARD = 512; // pixels of a board's longer side at least, so that a small picture is enlarged smoothly

const SONG = "application/vnd.genart.song+json";

class Stage {
  constructor(choose, kind = "") {
    this.choose = choose; // called with the params of a past try
    this.canvas = h("canvas", { width: BOARD, height: BOARD, role: "img", "aria-label": "nothing painted yet" });
    this.text = h("div", { class: "ge-text", hidden: true });
    this.tag = h("span", { class: "ge-tag", hidden: true });
    this.bar = h("i");
    this.live = h("figure", { class: "ge-board" }, this.canvas, this.text, this.tag, h("div", { class: "ge-bar" }, this.bar));
    this.pinned = h("figure", { class: "ge-board ge-pinned", hidden: true });
    this.boards = h("div", { class: "ge-boards" }, this.pinned, this.live);
    this.player = null;
    if (kind === "music") this.song(); // its board is as high before there is a song as after
    this.words = h("span", { class: "ge-words" });
    this.spoken = h("span", { class: "ge-hidden", role: "status", "aria-live": "polite" });
    this.status = h("div", { class: "ge-status" }, h("b", { class: "ge-dot" }), this.words, this.spoken);
    this.strip = h("div", { class: "ge-strip", role: "group", "aria-label": "Past tries" });
    this.tries = new Map();
    this.painted = { number: 0, asked: -1 };
    this.shown = { drafts: 0, wholes: 0, stale: 0, dropped: 0, bytes: 0 };
    this.side = BOARD;
    this.last = null;
    this.current = "";
  }

  // Draw a frame unless something newer is on the board or the hand has moved on; a draft of a moment ago is better
  // than none while it moves, for it is newer than what is there.
  async frame(message, [buffer, sound], newest) {
    const asked = message.asked;
    const late = () => message.number <= this.painted.number || asked < this.painted.asked;
    const stale = () => late() || (message.tier !== "draft" && asked < newest());
    this.shown.bytes += buffer.byteLength;
    if (stale()) return this.drop();
    if (message.mime.startsWith("image/")) {
      const bitmap = await createImageBitmap(new Blob([buffer], { type: message.mime }));
      if (stale()) return bitmap.close(), this.drop();
      this.draw(bitmap, message);
    } else if (message.mime === SONG) {
      this.song(JSON.parse(new TextDecoder().decode(buffer)), sound);
    } else {
      this.write(new TextDecoder().decode(buffer));
    }
    this.painted = { number: message.number, asked };
    this.shown[message.tier === "draft" || message.tier === "better" ? "drafts" : "wholes"] += 1;
    return true;
  }

  drop() {
    this.shown.dropped += 1;
    return false;
  }

  draw(bitmap, message) {
    const whole = message.tier === "whole";
    if (whole) this.side = Math.max(BOARD, bitmap.width, bitmap.height);
    const scale = this.side / Math.max(bitmap.width, bitmap.height);
    const [width, height] = [Math.round(bitmap.width * scale), Math.round(bitmap.height * scale)];
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height });
    const pen = this.canvas.getContext("2d");
    pen.imageSmoothingQuality = "high";
    pen.drawImage(bitmap, 0, 0, width, height);
    this.canvas.hidden = false;
    this.text.hidden = true;
    if (whole) {
      this.last?.bitmap?.close?.();
      this.last = { bitmap, message };
    } else bitmap.close();
  }

  write(words) {
    this.canvas.hidden = true;
    this.text.hidden = false;
    this.text.textContent = words;
    this.last = { words };
  }

  // A draft is drawn; a whole song is heard too. What plays goes on until another sound is there.
  song(song = null, sound = null) {
    if (!this.player) {
      this.player = new Player();
      this.live.prepend(this.player.root);
      this.live.classList.add("ge-song");
      this.canvas.hidden = true;
    }
    if (song) this.player.draw(song);
    if (!sound) return;
    this.player.load(sound, song);
    this.last?.bitmap?.close?.();
    this.last = { song, sound };
  }

  label(words) {
    const named = this.player ? this.player.root : this.canvas;
    if (this.player) named.setAttribute("role", "group");
    named.setAttribute("aria-label", words);
  }

  // state: drafting, painting, loading, done, stopped, error, busy, dead
  tell(state, words, fraction = null, aloud = false) {
    this.status.dataset.state = state;
    this.words.textContent = words;
    if (aloud) this.spoken.textContent = words;
    this.live.classList.toggle("ge-busy", ["painting", "loading"].includes(state));
    this.bar.style.transform = fraction === null ? "" : `scaleX(${fraction})`;
    this.live.classList.toggle("ge-measured", fraction !== null);
    this.tag.hidden = state !== "drafting";
    this.tag.textContent = "draft";
  }

  pin(params, caption, onclose) {
    if (!this.last) return false;
    const copy = this.copy(`pinned: ${caption}`);
    const back = h("button", { type: "button", class: "ge-back", title: "Go back to the pinned one" }, "go back to it");
    back.addEventListener("click", () => this.choose(params));
    const away = h("button", { type: "button", class: "ge-away", "aria-label": "Take the pinned one away" }, icon("close"));
    away.addEventListener("click", onclose);
    const caption_ = h("figcaption", {}, h("span", {}, caption), back);
    this.pinned.replaceChildren(copy, away, caption_);
    this.pinned.classList.toggle("ge-song", Boolean(this.last.song));
    this.pinned.hidden = false;
    return true;
  }

  // What is on the board, to stay: of two songs, one plays at a time.
  copy(label) {
    if (this.last.song) {
      this.other = new Player({ played: (whether) => whether && this.player.play(false) });
      this.player.hand.played = (whether) => whether && this.other?.play(false);
      this.other.draw(this.last.song);
      this.other.load(this.last.sound, this.last.song);
      return this.other.root;
    }
    if (this.last.words !== undefined) {
      const words = h("div", { class: "ge-text" });
      words.textContent = this.last.words;
      return words;
    }
    const copy = h("canvas", { width: this.canvas.width, height: this.canvas.height, role: "img", "aria-label": label });
    copy.getContext("2d").drawImage(this.canvas, 0, 0);
    return copy;
  }

  unpin() {
    this.other?.remove();
    this.other = null;
    this.pinned.hidden = true;
    this.pinned.replaceChildren();
  }

  remove() {
    this.other?.remove();
    this.player?.remove();
  }

  addTry(message, buffer, most) {
    if (this.tries.has(message.digest)) return;
    const label = `Back to seed ${message.seed}`;
    const item = h("button", { type: "button", class: "ge-try", title: label, "aria-label": label });
    if (message.mime.startsWith("image/")) {
      const url = URL.createObjectURL(new Blob([buffer], { type: message.mime }));
      item.append(h("img", { src: url, alt: "", onload: () => URL.revokeObjectURL(url) }));
    } else item.append(h("span", {}, new TextDecoder().decode(buffer)));
    item.addEventListener("click", () => this.choose(JSON.parse(message.params)));
    this.tries.set(message.digest, item);
    this.strip.prepend(item);
    this.mark(this.current);
    for (const digest of [...this.tries.keys()].slice(0, Math.max(0, this.tries.size - most))) {
      this.tries.get(digest).remove();
      this.tries.delete(digest);
    }
  }

  mark(digest) {
    this.current = digest;
    for (const [each, item] of this.tries) item.toggleAttribute("aria-current", each === digest);
  }
}
