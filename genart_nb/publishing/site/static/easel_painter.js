// Rung two: the painter itself, in this browser. Nothing of it is loaded before the reader asks.
(() => {
  const scripts = new Map();

  /** Pages opened from a disk may not fetch, so programs and data come as scripts. */
  const script = (path) => {
    if (!scripts.has(path)) {
      scripts.set(path, new Promise((done, fail) => {
        const element = document.createElement("script");
        const held = document.querySelector(`script[data-path="${path}"]`);
        if (held) {
          element.textContent = held.textContent;
          document.head.append(element);
          done();
          return;
        }
        element.onload = done;
        element.onerror = () => fail(new Error(`${path} is missing from this page's folder.`));
        element.src = path;
        document.head.append(element);
      }));
    }
    return scripts.get(path);
  };

  const awake = async (id, told, progress) => {
    await Promise.all([script(told.data), script(told.entry)]);
    return globalThis.genart.painter(globalThis.genart.data[id], { base: told.base, progress });
  };

  (globalThis.genart ??= {}).awake = awake;
})();
