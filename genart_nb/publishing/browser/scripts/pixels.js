// Pictures as the networks give them, (3, side, side) in -1..1, and as a screen takes them, RGBA in 0..255.
// As in genart_nb/models/painter/pixels.py and, for the colours, Pillow's ImageEnhance.
"use strict";

const TOLERANCE = 0.25;
const REACH = 2; // pixels to each side in which change is looked for
const [QUIET, PLAIN] = [0.05, Math.fround(2.5 / 127.5)]; // change up to which a plain place stays; what it may span

/**
 * `found` with the fine detail of the picture it started from, wherever the redraw has left that as it was. A plain
 * ground that has hardly changed is the start's own again.
 */
function carried(found, picture, drawn, side) {
  const plane = side * side;
  let changed = new Float32Array(plane);
  for (let at = 0; at < plane; at++) {
    for (let channel = 0; channel < 3; channel++) {
      changed[at] += Math.abs(found[channel * plane + at] - drawn[channel * plane + at]) / 3;
    }
  }
  changed = spread(spread(changed, side, 1), side, side);
  const even = spread(spread(plain(picture, side), side, 1), side, side);
  return found.map((value, at) => {
    const change = changed[at % plane];
    const mended = value + Math.min(1, Math.max(0, 1 - change / TOLERANCE)) * (picture[at] - drawn[at]);
    const still = even[at % plane] * Math.min(1, Math.max(0, 2 - change / QUIET));
    return mended + still * (picture[at] - mended);
  });
}

/** 1 where all around is of one colour, else 0. */
function plain(picture, side) {
  const plane = side * side;
  const found = new Float32Array(plane).fill(1);
  for (let channel = 0; channel < 3; channel++) {
    const levels = picture.subarray(channel * plane, (channel + 1) * plane);
    const [least, most] = [Math.min, Math.max].map((pick) => extreme(extreme(levels, side, 1, pick), side, side, pick));
    for (let at = 0; at < plane; at++) if (Math.fround(most[at] - least[at]) > PLAIN) found[at] = 0;
  }
  return found;
}

/** The least (or most, by `pick`) of each pixel and its neighbours along one axis. */
function extreme(levels, side, stride, pick) {
  return levels.map((value, at) => {
    const place = stride === 1 ? at % side : Math.floor(at / side);
    const first = at - place * stride;
    for (let near = place - REACH; near <= place + REACH; near++) {
      value = pick(value, levels[first + Math.min(side - 1, Math.max(0, near)) * stride]);
    }
    return value;
  });
}

/** The mean over each pixel and its neighbours along one axis, whose pixels lie `stride` apart. */
function spread(levels, side, stride) {
  const across = stride === 1 ? side : 1;
  const found = new Float32Array(levels.length);
  for (let line = 0; line < side; line++) {
    for (let at = 0; at < side; at++) {
      let sum = 0;
      for (let near = at - REACH; near <= at + REACH; near++) {
        sum += levels[line * across + Math.min(side - 1, Math.max(0, near)) * stride];
      }
      found[line * across + at * stride] = sum / (2 * REACH + 1);
    }
  }
  return found;
}

/** RGBA levels of a picture; halves are rounded to even, as numpy does. */
function levelsOf(picture) {
  const plane = picture.length / 3;
  const levels = new Uint8ClampedArray(4 * plane).fill(255);
  for (let at = 0; at < plane; at++) {
    for (let channel = 0; channel < 3; channel++) {
      levels[4 * at + channel] = picture[channel * plane + at] * 127.5 + 127.5;
    }
  }
  return levels;
}

/** The picture of RGBA levels. */
function pictureOfLevels(levels) {
  const plane = levels.length / 4;
  const picture = new Float32Array(3 * plane);
  for (let at = 0; at < 3 * plane; at++) picture[at] = levels[4 * (at % plane) + Math.floor(at / plane)] / 127.5 - 1;
  return picture;
}

/** Luma of the pixel at a place of RGBA levels, 0..255, by ITU-R 601-2 in the whole numbers that Pillow counts in. */
function luma(levels, at) {
  return (levels[at] * 19595 + levels[at + 1] * 38470 + levels[at + 2] * 7471 + 0x8000) >> 16;
}

/** Change strength of colour, then difference of light and dark, in place; 1 leaves them. */
function retouched(levels, saturation, contrast) {
  if (saturation !== 1) blend(levels, (at) => luma(levels, at), saturation);
  if (contrast !== 1) {
    let sum = 0;
    for (let at = 0; at < levels.length; at += 4) sum += luma(levels, at);
    const mean = Math.floor(sum / (levels.length / 4) + 0.5);
    blend(levels, () => mean, contrast);
  }
  return levels;
}

/** Move every pixel's levels away from a grey, or towards it where `amount` is below 1; Pillow cuts decimals off. */
function blend(levels, greyAt, amount) {
  const share = Math.fround(amount);
  for (let at = 0; at < levels.length; at += 4) {
    const grey = greyAt(at);
    for (let place = at; place < at + 3; place++) {
      const level = Math.fround(grey + Math.fround(share * (levels[place] - grey)));
      levels[place] = Math.trunc(Math.min(255, Math.max(0, level)));
    }
  }
}
