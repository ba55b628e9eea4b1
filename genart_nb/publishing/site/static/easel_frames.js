// Rung one: pictures made ahead, one for each place of a grid, cut out of their sheets.
(() => {
  const loaded = (source) => new Promise((done, fail) => {
    const image = new Image();
    image.onload = () => done(image);
    image.onerror = () => fail(new Error("The pictures made ahead are missing from this page's folder."));
    image.src = source;
  });

  class Frames {
    constructor(told) {
      this.told = told;
      this.name = "frames";
      this.title = "Made ahead";
      this.axes = new Map(told.axes.map((axis) => [axis.id, axis]));
      this.ids = new Set(this.axes.keys());
      this.sheets = new Map();
      this.instant = true;
    }

    /** The nearest value that there is a picture for. */
    place(id, value) {
      const axis = this.axes.get(id);
      const exact = axis.values.indexOf(value);
      return exact < 0 ? axis.home : exact;
    }

    async paint({ values, seed }, { signal }) {
      const began = performance.now();
      let number = 0;
      for (const axis of this.told.axes) {
        number = number * axis.values.length + this.place(axis.id, axis.id === "seed" ? seed : values[axis.id]);
      }
      if (this.told.texts.length) return { text: this.told.texts[number], seconds: 0 };
      const { columns, rows, width, height, sheets } = this.told;
      const sheet = Math.floor(number / (columns * rows));
      if (!this.sheets.has(sheet)) this.sheets.set(sheet, loaded(sheets[sheet]));
      const image = await this.sheets.get(sheet);
      if (signal.aborted) throw new DOMException("newer wish", "AbortError");
      const at = number % (columns * rows);
      const corner = [(at % columns) * width, Math.floor(at / columns) * height];
      const bitmap = await createImageBitmap(image, ...corner, width, height);
      return { bitmap, seconds: (performance.now() - began) / 1000 };
    }

    close() {
      this.sheets.clear();
    }
  }

  (globalThis.genart ??= {}).frames = (told) => new Frames(told);
})();
