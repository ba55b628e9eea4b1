// What a reader wishes, read from values of sliders and checked as Python would: a plan, or a Refusal in plain words.
"use strict";

const STYLES_MOST = 4;
const SIZES = [128, 256, 512, 1024];

/** A wish that cannot be granted; its message is for the reader. */
class Refusal extends Error {}

/** Everything one picture is made from, with every number resolved. `data` is an easel's JSON (see bundle.py). */
function planned(data, values, seed, draft = false) {
  settled(data, values);
  const number = (name) => numberOf(data, values, name);
  const steps = number("steps");
  const plan = {
    seed: checkedSeed(seed ?? data.seed),
    steps: draft ? Math.min(2, steps) : steps,
    side: draft ? SIZES[0] : number("size"),
    times: draft ? 1 : data.times,
    saturation: number("saturation"),
    contrast: number("contrast"),
    start: startOf(data, values, number),
    schedule: data.schedule,
    guidance: data.schedule.guidance ? 0 : number("guidance"),
    styles: stylesOf(data, values),
    mix: mixOf(data, values),
  };
  if (!SIZES.includes(plan.side)) throw new Refusal(`The painter does not paint ${plan.side} pixels: ${SIZES}.`);
  return plan;
}

/** What a step is told: texts and style slots with weights, as `Painter._steps` in Python resolves them. */
function toldAt(data, plan, step) {
  const at = (keys, value) => (keys ? scheduled(keys, step) : value);
  const mix = plan.mix.map(([text, weight], place) => [text, place ? weight : at(plan.schedule.mix, weight)]);
  const sum = mix.reduce((whole, [, weight]) => whole + weight, 0);
  const texts = mix.filter(([, weight]) => weight).map(([text, weight]) => [text, weight / Math.max(1, sum)]);
  const rest = 1 - texts.reduce((whole, [, weight]) => whole + weight, 0);
  if (rest > 1e-9) texts.unshift([data.prompt, rest]);
  const guidance = at(plan.schedule.guidance, plan.guidance);
  return { texts, styles: slots(data, scheduledStyles(plan, step)), guidance };
}

/** Style weights by name at a step. */
function scheduledStyles(plan, step) {
  const moved = Object.entries(plan.schedule).filter(([name]) => name.startsWith("style."));
  return { ...plan.styles, ...Object.fromEntries(moved.map(([name, keys]) => [name.slice(6), scheduled(keys, step)])) };
}

/** Style slots with weights that sum to 1 at most. */
function slots(data, weights) {
  const found = Object.entries(weights).map(([name, weight]) => [data.layout.styles.indexOf(name), weight]);
  const whole = Math.max(1, found.reduce((sum, [, weight]) => sum + weight, 0));
  const kept = found.filter(([, weight]) => weight).sort((a, b) => a[0] - b[0]);
  return kept.map(([slot, weight]) => [slot, weight / whole]);
}

/** Refuse values that only a kernel could change: words are read when the page is made. */
function settled(data, values) {
  for (const [id, value] of Object.entries(values)) {
    const live = data.controls.some((control) => control.id === id) || id === "size";
    if (!live && id in data.values && (value ?? "") !== (data.values[id] ?? "")) {
      throw new Refusal(`“${id}” cannot be changed on this page: put it back, or run the notebook.`);
    }
  }
}

/** A number within its bounds: the reader's, else the recipe's, else the model's own. */
function numberOf(data, values, name) {
  const value = values[name] ?? data.values[name] ?? data.defaults[name];
  const [low, high] = data.bounds[name];
  if (typeof value !== "number" || !(value >= low && value <= high)) {
    throw new Refusal(`“${name}” is ${value}: set it to a number from ${low} to ${high}.`);
  }
  if (["steps", "size"].includes(name) && !Number.isInteger(value)) {
    throw new Refusal(`“${name}” is ${value}: it is counted whole.`);
  }
  return value;
}

function checkedSeed(seed) {
  if (!Number.isInteger(seed) || seed < 0 || seed > 2 ** 32 - 1) {
    throw new Refusal(`The seed is ${seed}: give a whole number from 0 to ${2 ** 32 - 1}.`);
  }
  return seed;
}

/** Style weights that sum to 1, by name; the recipe's own, to the last digit, where no slider of them was moved. */
function stylesOf(data, values) {
  const ids = data.controls.map((control) => control.id).filter((id) => id.startsWith("style:"));
  const said = ids.map((id) => [id.slice(6), weightOf(values[id] ?? data.values[id], id)]);
  if (said.every(([name, weight]) => weight === weightOf(data.values[`style:${name}`], name))) return data.styles;
  const given = said.filter(([, weight]) => weight > 0);
  if (given.length > STYLES_MOST) throw new Refusal(`At most ${STYLES_MOST} styles can be blended: set one to 0.`);
  const sum = given.reduce((whole, [, weight]) => whole + weight, 0);
  return Object.fromEntries(given.map(([name, weight]) => [name, weight / sum]));
}

/** Prompts mixed in, as [place among the texts, weight]; the slider is the first one's. */
function mixOf(data, values) {
  const amount = values["mix:amount"];
  const first = (weight) => weightOf(amount ?? weight, "mix:amount");
  const mix = data.mix.map(([text, weight], place) => [text, place ? weight : first(weight)]);
  const kept = mix.filter(([, weight], place) => weight > 0 || (!place && data.schedule.mix));
  if (kept.reduce((whole, [, weight]) => whole + weight, 0) > 1 + 1e-9) {
    throw new Refusal("The prompts mixed in weigh more than 1 together: take one back.");
  }
  return kept;
}

function weightOf(value, id) {
  const weight = value ?? 0;
  if (typeof weight !== "number" || !(weight >= 0 && weight <= 1)) {
    throw new Refusal(`“${id}” is ${value}: set it to a number from 0 to 1.`);
  }
  return weight;
}

/** Where the picture starts: the time to noise it to, and which of the starts that came with the page, or none. */
function startOf(data, values, number) {
  if (data.init !== null) return { time: number("strength"), place: data.init };
  const freedom = number("freedom");
  if (freedom === 1) return { time: 1, place: null };
  const wanted = String(values.arrangement ?? data.arrangement);
  let node = data.arrangements[wanted];
  if (!node) {
    const known = Object.keys(data.arrangements).join(", ");
    throw new Refusal(`Arrangement ${wanted} did not come with this page, which has ${known}.`);
  }
  const weights = Object.entries(scheduledStyles({ schedule: data.schedule, styles: stylesOf(data, values) }, 0));
  const order = weights.filter(([, weight]) => weight > 0).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  for (const [name] of order) node = node.styles?.[name] ?? node;
  const mild = order.length > 0 && order[0][1] < 0.5; // then references are not redrawn in the heaviest style
  const place = (mild ? node.mild : undefined) ?? node.start;
  return place === null ? { time: 1, place } : { time: freedom, place };
}
