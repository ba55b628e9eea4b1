// The painter in a reader's browser, as a page calls it: genart.painter(data, {base, progress}) gives a Promise of a
// Backend: {name, title, controls, ids, pinned, paint({values, seed, draft}, {signal, frame}), close()}.
//
// `data` is an easel's JSON, `base` the address of the folder of its scripts. Everything is classic scripts, since a
// page opened from a disk may neither fetch nor import. They may also stand in the page itself, held back as
// <script type="text/plain" id="genart-asset-NAME">. The weights are loaded once, whatever number of easels there is.
(() => {
  "use strict";
  const genart = (globalThis.genart ??= {});
  const assets = (genart.assets ??= {});
  const PARTS = ["worker", "wasm", "unet", "encoder", "decoder", "upscaler"];
  const AGAIN = "Reload the page; if that does not help, publish it again with all its files.";
  const stopped = () => new DOMException("The picture was stopped.", "AbortError");
  let studio = null;

  /** Why this browser cannot paint; empty where it can. */
  function lacking() {
    if (typeof WebAssembly !== "object") return "it has no WebAssembly, or has it switched off";
    if (typeof Worker !== "function") return "it has no workers";
    if (typeof DecompressionStream !== "function") return "it is too old to unpack the weights";
    return "";
  }

  /** Run the script of a part, held in the page or beside it; resolves once it has run. */
  function run(name, base, made) {
    const script = document.createElement("script");
    const held = document.getElementById(`genart-asset-${name}`);
    return new Promise((resolve, reject) => {
      script.onload = resolve;
      script.onerror = () => reject(new Error(`A part of the painter, “${name}.js”, is not there. ${AGAIN}`));
      if (held) script.textContent = held.textContent;
      else script.src = new URL(`${name}.js?${made}`, new URL(base ?? ".", document.baseURI)).href;
      document.head.append(script);
      if (held) resolve();
    }).finally(() => script.remove());
  }

  /** What a part's script registers; a script that is cut short registers nothing. */
  async function part(name, base, made) {
    await run(name, base, made);
    const found = assets[name];
    delete assets[name];
    if (!found) throw new Error(`A part of the painter, “${name}.js”, came cut short. ${AGAIN}`);
    if (found.made !== made) throw new Error(`This page and its painter are of different days. ${AGAIN}`);
    return found;
  }

  /** The worker that holds the weights, and letters to and from it. */
  class Studio {
    constructor(made) {
      this.made = made;
      this.users = 0;
      this.sent = 0;
      this.asked = new Map();
      this.gone = "";
    }

    async load(base, told) {
      let done = 0;
      const parts = await Promise.all(PARTS.map(async (name) => {
        const found = await part(name, base, this.made);
        told((0.6 * ++done) / PARTS.length, "Loading the painter …");
        return [name, found];
      }));
      const { worker, ...weights } = Object.fromEntries(parts);
      const source = URL.createObjectURL(new Blob([worker.code], { type: "text/javascript" }));
      this.worker = new Worker(source);
      this.worker.onmessage = ({ data }) => this.heard(data);
      this.worker.onerror = (event) => this.fallen(event.message || "its worker could not start");
      told(0.7, "Waking the painter …");
      const packed = Object.fromEntries(Object.entries(weights).map(([name, { base64 }]) => [name, base64]));
      await this.ask({ type: "load", parts: packed, loader: worker.loader });
      URL.revokeObjectURL(source);
      told(1, "");
    }

    /** Send a letter; resolves with the answer. */
    ask(letter, { signal, frame } = {}) {
      if (signal?.aborted) return Promise.reject(stopped());
      if (this.gone) return Promise.reject(new Error(this.gone));
      const id = ++this.sent;
      const stop = () => this.worker.postMessage({ type: "stop", id });
      signal?.addEventListener("abort", stop, { once: true });
      return new Promise((resolve, reject) => {
        this.asked.set(id, { resolve, reject, frame });
        this.worker.postMessage({ ...letter, id });
      }).finally(() => signal?.removeEventListener("abort", stop));
    }

    heard({ type, id, ...answer }) {
      const letter = this.asked.get(id);
      if (type === "frame") {
        letter?.frame?.(answer.bitmap, answer.done, answer.total);
        return;
      }
      this.asked.delete(id);
      if (type === "done") letter?.resolve(answer);
      else letter?.reject(answer.stopped ? stopped() : new Error(answer.message));
    }

    /** End the worker; whoever still waits for it is told why. */
    fallen(why) {
      this.worker?.terminate();
      this.gone = `The painter stopped: ${why}. Reload the page.`;
      for (const letter of this.asked.values()) letter.reject(new Error(this.gone));
      this.asked.clear();
      if (studio === this) studio = null;
    }

    /** One easel less; the last frees the weights. */
    leave() {
      if (--this.users === 0) this.fallen("it was closed");
    }
  }

  /** The one studio of a page, which may not have loaded yet; a loading that failed may be tried again. */
  function shared(made, base, told) {
    if (studio?.made !== made) {
      studio = new Studio(made);
      studio.loaded = studio.load(base, told);
    }
    return studio;
  }

  genart.painter = async (data, { base, progress = () => {} } = {}) => {
    const why = lacking();
    if (why) throw new Error(`This browser cannot run the painter: ${why}.`);
    const mine = shared(data.model.made, base, progress);
    const easel = `easel-${++mine.sent}`;
    mine.users += 1; // at once, so that another easel which closes meanwhile does not end the worker
    try {
      await mine.loaded;
      await mine.ask({ type: "open", easel, data });
    } catch (error) {
      mine.leave();
      throw error;
    }
    let open = true;
    return {
      name: "painter",
      title: `${data.model.title}, in this browser`,
      controls: data.controls,
      ids: new Set(data.controls.map((control) => control.id)),
      // What a cell must say beside the values for Python to paint the same: the composition does not follow the seed.
      pinned: data.init === null && data.starts.length ? { arrangement: Number(data.arrangement) } : {},

      /**
       * Paint; `values` go by the ids of controls, `draft` is a quick small one. `frame(bitmap, done, total)` hears of
       * each step, with a bitmap now and then. Rejects in plain words, with an AbortError where `signal` stopped it.
       */
      paint({ values = {}, seed, draft = false }, { signal, frame } = {}) {
        if (!open) return Promise.reject(new Error("This painter is closed."));
        return mine.ask({ type: "paint", easel, wish: { values, seed, draft } }, { signal, frame });
      },

      /** Let go; the last to do so frees the weights. */
      close() {
        if (!open) return;
        open = false;
        mine.worker.postMessage({ type: "close", easel });
        mine.leave();
      },
    };
  };
})();
