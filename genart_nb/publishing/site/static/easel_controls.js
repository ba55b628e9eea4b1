// One row per control; on a grid a slider only stops where there is a picture.
(() => {
  const { h, spoken, easels } = globalThis.genart;
  const LABELS = { arrangement: "composition" };
  let count = 0;

  const row = (told, control, output) => h("div", { class: "row" },
    h("label", { for: control.id, title: told.help }, LABELS[told.id] ?? (told.group === "style" ? `style: ${told.label}` : told.label)),
    control, output);

  const slider = (told, easel, stops) => {
    const now = easel.valueOf(told);
    const range = stops
      ? { min: 0, max: stops.length - 1, step: 1, value: Math.max(0, stops.indexOf(now)) }
      : { min: told.min, max: Math.max(told.max, now ?? told.max), step: told.step, value: now ?? told.auto ?? told.min };
    const input = h("input", { id: `control-${++count}`, type: "range", ...range });
    input.value = range.value;
    const output = h("output", { for: input.id });
    const read = () => (stops ? stops[Number(input.value)] : Number(input.value));
    const show = (value) => {
      const words = spoken(value ?? told.auto, told.unit);
      output.textContent = words;
      input.setAttribute("aria-valuetext", words);
      const share = (Number(input.value) - Number(input.min)) / (Number(input.max) - Number(input.min) || 1);
      input.style.setProperty("--share", `${100 * share}%`);
    };
    input.addEventListener("input", () => { show(read()); easel.move(told.id, read(), Boolean(stops)); });
    input.addEventListener("change", () => stops || easel.move(told.id, read()));
    show(stops ? read() : now);
    return row(told, input, output);
  };

  const select = (told, easel, choices) => {
    const input = h("select", { id: `control-${++count}` },
      ...choices.map((each, at) => h("option", { value: at }, told.id === "arrangement" && each === told.value ? "the author’s" : spoken(each))));
    input.value = String(Math.max(0, choices.indexOf(easel.valueOf(told))));
    input.addEventListener("change", () => easel.move(told.id, choices[Number(input.value)]));
    return row(told, input);
  };

  const toggle = (told, easel) => {
    const input = h("input", { id: `control-${++count}`, type: "checkbox", role: "switch" });
    input.checked = Boolean(easel.valueOf(told));
    input.addEventListener("change", () => easel.move(told.id, input.checked));
    return row(told, input);
  };

  globalThis.genart.control = (told, easel) => {
    const stops = easel.backend?.axes?.get(told.id)?.values;
    if (told.kind === "slider" || (told.kind === "number" && stops)) return slider(told, easel, stops);
    if (told.kind === "select") return select(told, easel, stops ?? told.choices);
    return told.kind === "toggle" ? toggle(told, easel) : null;
  };
  easels();
})();
