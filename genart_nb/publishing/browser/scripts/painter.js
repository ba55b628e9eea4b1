// One easel's painter: from a wish to a picture, step by step, as genart_nb/models/painter/runtime.py goes about it.
"use strict";

const SIDE = 128;
const GLANCE = 500; // milliseconds between two previews at least,
const PATIENCE = 4; // and this many times what the last one took
const KEPT_STARTS = 24;
const KEPT_PICTURES = 12;

class EaselPainter {
  constructor(data, networks) {
    this.data = data;
    this.networks = networks;
    this.states = new Known();
    this.starts = new Known(KEPT_STARTS);
    this.pictures = new Known(KEPT_PICTURES);
    this.texts = data.texts.map(({ states, pooled }) => ({ states: floatsOf(states), pooled: floatsOf(pooled) }));
  }

  /**
   * Paint. `show(levels, side, done, total)` is told of each step, with null for levels where there is nothing new to
   * see; `check()` is asked before each run of a network and may throw to stop.
   */
  async paint({ values, seed, draft }, { show, check }) {
    const plan = planned(this.data, values, seed, draft);
    const start = await this.start(plan.start);
    const steps = start.time > 0 ? this.steps(plan, start.time) : [];
    const velocity = (latents, step) => this.velocity(latents, step, check);
    const name = `${plan.seed}|${start.time}|${plan.start.place}`;
    let state = { name, latents: this.first(plan, start), velocity: null };
    let [due, done] = [performance.now() + GLANCE, 0];
    for await (state of follow(state, name, steps, velocity, this.states)) {
      done += 1;
      const begun = performance.now();
      const seen = begun > due && done < steps.length;
      const sketch = seen ? await this.decoded(estimated(state, steps[done - 1].until), start) : null;
      await show(sketch && retouched(levelsOf(sketch), plan.saturation, plan.contrast), SIDE, done, steps.length);
      if (seen) due = performance.now() + Math.max(GLANCE, PATIENCE * (performance.now() - begun));
    }
    await check();
    return this.finished(state, start, plan, check);
  }

  /** RGBA levels and side of the finished picture, its colours changed and enlarged as far as was asked. */
  async finished(state, start, plan, check) {
    const name = `${state.name}|${plan.side}`;
    const known = this.pictures.get(name) ?? (await this.drawn(state.latents, start, plan.side, check));
    this.pictures.put(name, known);
    let levels = retouched(known.slice(), plan.saturation, plan.contrast);
    for (let times = 1; times < plan.times; times *= 2) {
      await check();
      levels = levelsOf(await this.networks.enlarge(pictureOfLevels(levels)));
    }
    return { levels, side: plan.side * plan.times };
  }

  /** RGBA levels of latents, drawn and enlarged to a side. */
  async drawn(latents, start, side, check) {
    let found = await this.decoded(latents, start);
    for (let now = SIDE; now < side; now *= 2) {
      await check();
      found = await this.networks.enlarge(found);
    }
    return levelsOf(found);
  }

  /** Noise, or the start noised to its time. */
  first(plan, { time, latents }) {
    const fresh = normal(plan.seed, 8 * 16 * 16);
    return latents ? fresh.map((value, at) => (1 - time) * latents[at] + time * value) : fresh;
  }

  async decoded(latents, start) {
    const found = await this.networks.decode(latents);
    return start.picture ? carried(found, start.picture, start.drawn, SIDE) : found;
  }

  /** A start that came with the page, as latents and as the autoencoder draws it; made once. */
  async start({ time, place }) {
    if (place === null) return { time };
    let held = this.starts.get(place);
    if (!held) {
      const picture = await pictureOf(this.data.starts[place], SIDE);
      const latents = await this.networks.encode(picture);
      held = { picture, latents, drawn: await this.networks.decode(latents) };
      this.starts.put(place, held);
    }
    return { time, ...held };
  }

  /** Every step with every number resolved, and a name that says all of it. */
  steps(plan, time) {
    const times = grid(plan.steps, time, this.data.layout.shift);
    return Array.from({ length: plan.steps }, (_, place) => {
      const step = { time: times[place], until: times[place + 1], ...toldAt(this.data, plan, place) };
      return { ...step, name: JSON.stringify(step) };
    });
  }

  /** What the network says: once with the words and, unless it knows guidance itself, once with what to lead from. */
  async velocity(latents, step, check) {
    const { negative, layout } = this.data;
    const knows = layout.distilled && negative === null && step.guidance > 1 && step.guidance <= layout.taught;
    const told = this.condition(step.texts, step.styles, knows ? step.guidance : 0);
    await check();
    const found = await this.networks.velocity(latents, step.time, told.states, told.labels);
    if (step.guidance === 1 || knows) return found;
    const away = this.condition(negative === null ? [] : [[negative, 1]], [], 0);
    await check();
    const other = await this.networks.velocity(latents, step.time, away.states, away.labels);
    return other.map((value, at) => value + step.guidance * (found[at] - value));
  }

  /** Token states (20, 384) and labels: pooled text, style slots, guidance. */
  condition(texts, styles, guidance) {
    const { width, guidance: place, labels: count } = this.data.layout;
    const [states, labels] = [new Float32Array(TOKENS * width), new Float32Array(count)];
    for (const [which, weight] of texts) {
      const text = this.texts[which];
      text.states.forEach((value, at) => (states[at] += weight * value));
      text.pooled.forEach((value, at) => (labels[at] += weight * value));
    }
    for (const [slot, weight] of styles) labels[width + slot] += weight;
    labels[place] = guidance;
    return { states, labels };
  }
}
