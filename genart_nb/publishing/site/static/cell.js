// The cell that makes what is on an easel, as `genart_nb.writing.cell` would write it.
(() => {
  const PLAIN = /^(?!-\D)[\w.\/:@%+,~^*-]+$/;
  const quoted = (text) => (PLAIN.test(text) ? text : `"${text.replace(/[\\"]/g, "\\$&")}"`);
  const number = (value) => String(Number(value.toPrecision(6)));

  // A style alone is only its name; several have their weights.
  const styled = (values, before) => {
    const weighed = Object.entries(values).filter(([id, value]) => id.startsWith("style:") && value > 0);
    const names = weighed.map(([id, value]) => [id.slice(6), value]);
    if (names.length === 1) return names[0][0];
    return names.length ? names.map(([name, value]) => `${name}:${number(value)}`).join(",") : before;
  };

  const mixed = (values) => {
    const first = values["mix:prompt"] && values["mix:amount"] > 0
      ? `${values["mix:prompt"].trim()}:${number(values["mix:amount"])}` : "";
    return [first, values["mix:rest"] ?? ""].filter(Boolean).join(" | ");
  };

  const options = (told, values, home) => {
    const made = { ...told.options };
    const changed = (prefix) => Object.keys(values).some((id) => id.startsWith(prefix) && values[id] !== home[id]);
    for (const [id, value] of Object.entries(values)) {
      if (!id.includes(":") && value !== home[id]) made[id] = value;
    }
    if (changed("style:")) made.style = styled(values, made.style);
    if (changed("mix:")) made.mix = mixed(values);
    return made;
  };

  /** The text of the cell, or null where no magic line can say it. */
  const cell = (told, values, home, seed) => {
    if (!told.art) return null;
    const made = options(told, values, home);
    const words = [`${told.body ? "%%" : "%"}${told.art}`, `--seed ${seed}`];
    if (told.model) words.push(`--model ${quoted(told.model)}`);
    for (const [name, value] of Object.entries(made)) {
      if (value === null || value === undefined || value === told.usual[name]) continue;
      const flag = name.replace(/_+$/, "").replaceAll("_", "-");
      if (typeof value === "boolean") words.push(value ? `--${flag}` : `--no-${flag}`);
      else words.push(`--${flag} ${quoted(String(value))}`);
    }
    if (told.raw) words.push("--raw");
    return [words.join(" "), told.body].filter(Boolean).join("\n");
  };

  (globalThis.genart ??= {}).cell = cell;
})();
