// Rung three: the reader's own studio, when `genart serve` is what serves this page.
(() => {
  const HERE = ["127.0.0.1", "localhost", "[::1]"];
  const keeping = (name, value) => {
    try {
      if (value) sessionStorage.setItem(name, value);
      return value || sessionStorage.getItem(name) || "";
    } catch { return value || ""; }
  };

  const token = () => {
    const address = new URL(location.href);
    const given = address.searchParams.get("token");
    if (given) {
      address.searchParams.delete("token");
      history.replaceState(null, "", address);
    }
    return keeping("genart-token", given);
  };

  const ask = (path, key, body, signal) => fetch(path, {
    method: body ? "POST" : "GET",
    headers: { "X-Genart-Token": key, ...(body ? { "Content-Type": "application/json" } : {}) },
    body: body ? JSON.stringify(body) : undefined,
    signal,
  });

  async function* lines(stream) {
    const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      rest += value ?? "";
      const parts = rest.split("\n");
      rest = parts.pop();
      for (const part of parts) if (part) yield JSON.parse(part);
      if (done) return;
    }
  }

  const pictured = async ({ mime, data }) => {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    return createImageBitmap(new Blob([bytes], { type: mime }));
  };

  class Kernel {
    constructor(id, key, hello) {
      this.id = id;
      this.key = key;
      this.name = "kernel";
      this.title = "Your genart";
      this.ids = null; // every control
      this.hello = hello;
    }

    async paint({ values, seed }, { signal, frame }) {
      const answer = await ask("/.genart/make", this.key, { easel: this.id, values, seed }, signal);
      if (!answer.ok) throw new Error((await answer.text()) || `The server answered ${answer.status}.`);
      for await (const line of lines(answer.body)) {
        if (line.error) throw new Error(line.error);
        if (line.step) frame(line.mime ? await pictured(line) : null, ...line.step);
        if (line.text !== undefined) return { text: line.text, seconds: line.seconds, cell: line.cell };
        if (line.whole) return { bitmap: await pictured(line), seconds: line.seconds, cell: line.cell };
      }
      throw new DOMException("newer wish", "AbortError");
    }

    close() {}
  }

  /** What makes kernels for easels; null where no genart serves this page. */
  const server = async () => {
    if (!location.protocol.startsWith("http") || !HERE.includes(location.hostname)) return null;
    const key = token();
    if (!key) return null;
    try {
      const answer = await ask("/.genart/hello", key);
      if (!answer.ok) return null;
      const hello = await answer.json();
      return (id) => (hello.easels.includes(id) ? new Kernel(id, key, hello) : null);
    } catch { return null; }
  };

  const g = (globalThis.genart ??= {});
  g.server = () => (g.serving ??= server());
})();
