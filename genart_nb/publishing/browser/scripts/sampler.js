// Rectified flow from noise to a picture, as in genart_nb/models/painter/sampler.py: a changed ending starts where
// it changes, since every state is kept under a name made of all that led to it.
"use strict";

const KEPT_STATES = 2000; // of 16 KiB each

/** `steps` + 1 times from `start` down to 0, evenly spaced before `shift` bends them. */
function grid(steps, start = 1, shift = 1) {
  const first = start / (shift - (shift - 1) * start);
  return Array.from({ length: steps + 1 }, (_, step) => {
    const even = (first * (steps - step)) / steps;
    return (shift * even) / (1 + (shift - 1) * even);
  });
}

/** The value of keyframes [[step, value], ...] at a step: straight lines between them, still before and after. */
function scheduled(keys, step) {
  let before = keys[0];
  for (const key of keys) {
    if (key[0] >= step) {
      if (key[0] === before[0]) return key[1];
      return before[1] + ((step - before[0]) / (key[0] - before[0])) * (key[1] - before[1]);
    }
    before = key;
  }
  return before[1];
}

/** One step of the two-step Adams-Bashforth method, given what the network says now; the first is Euler's. */
function advanced(state, now, step, before) {
  const length = step.until - step.time;
  const ratio = before ? (0.5 * length) / (before.until - before.time) : 0;
  const latents = state.latents.map((value, at) => {
    const mean = before ? now[at] + ratio * (now[at] - state.velocity[at]) : now[at];
    return value + length * mean;
  });
  return { latents, velocity: now };
}

/** The picture's latents as they look from a state at a time. */
function estimated(state, time) {
  return state.velocity ? state.latents.map((value, at) => value - time * state.velocity[at]) : state.latents;
}

/** What is known by name, the longest unused first to go. */
class Known {
  constructor(capacity = KEPT_STATES) {
    this.capacity = capacity;
    this.held = new Map();
  }

  get(name) {
    const found = this.held.get(name);
    if (found) this.put(name, found);
    return found;
  }

  put(name, found) {
    this.held.delete(name);
    this.held.set(name, found);
    if (this.held.size > this.capacity) this.held.delete(this.held.keys().next().value);
  }
}

/** Yield the state after each step; `velocity(latents, step)` is asked only from the first step not known. */
async function* follow(state, name, steps, velocity, known) {
  let before = null;
  for (const step of steps) {
    name = `${name}|${step.name}`;
    let found = known.get(name);
    if (!found) {
      found = { name, ...advanced(state, await velocity(state.latents, step), step, before) };
      known.put(name, found);
    }
    [state, before] = [found, step];
    yield state;
  }
}
