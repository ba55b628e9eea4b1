// The worker's side of the page: it loads the painter once and paints one wish after the other.
"use strict";

const easels = new Map();
const stopped = new Set();
const bell = new MessageChannel();
let networks = null;
let queue = Promise.resolve();

/** Let messages in, so that a stop is heard between two runs of a network, which hold the thread; timers are slower. */
const pause = () => new Promise((done) => {
  bell.port1.onmessage = done;
  bell.port2.postMessage(0);
});

const handlers = {
  async load({ parts, loader }) {
    networks = await Networks.load(parts, loader);
    return {};
  },
  async open({ easel, data }) {
    easels.set(easel, new EaselPainter(data, networks));
    return {};
  },
  async close({ easel }) {
    easels.delete(easel);
    return {};
  },
  async paint({ id, easel, wish }) {
    const begun = performance.now();
    const check = async () => {
      await pause();
      if (stopped.has(id)) throw new DOMException("stopped", "AbortError");
    };
    const show = async (levels, side, done, total) => {
      send("frame", id, { bitmap: levels && (await bitmapOf(levels, side)), done, total });
    };
    await check();
    const { levels, side } = await easels.get(easel).paint(wish, { show, check });
    return { bitmap: await bitmapOf(levels, side), seconds: (performance.now() - begun) / 1000 };
  },
};

function bitmapOf(levels, side) {
  return createImageBitmap(new ImageData(levels, side, side));
}

function send(type, id, facts) {
  postMessage({ type, id, ...facts }, facts.bitmap ? [facts.bitmap] : []);
}

async function answered(letter) {
  try {
    send("done", letter.id, await handlers[letter.type](letter));
  } catch (error) {
    const message = error instanceof Refusal ? error.message : `The painter stopped: ${error?.message ?? error}`;
    send("failed", letter.id, { message, stopped: error?.name === "AbortError" });
  }
  stopped.delete(letter.id);
}

onmessage = ({ data: letter }) => {
  if (letter.type === "stop") stopped.add(letter.id);
  else queue = queue.then(() => answered(letter));
};
