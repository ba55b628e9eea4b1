// Start noise, number for number that of genart_nb/models/noise.py, whose docstring is the recipe.
"use strict";

/** The high half of the 64-bit product of two unsigned 32-bit integers, by halves that doubles hold exactly. */
function high(a, b) {
  const [a0, a1, b0, b1] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16];
  const cross = a1 * b0 + ((a0 * b0) >>> 16);
  const middle = a0 * b1 + (cross & 0xffff);
  return (a1 * b1 + (cross >>> 16) + (middle >>> 16)) >>> 0;
}

/** Philox4x32-10 of one counter [c0, c1, c2, c3] under a key [k0, k1], all unsigned 32-bit. */
function philox(counter, key) {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const [top, bottom] = [high(0xcd9e8d57, c2), Math.imul(0xcd9e8d57, c2)];
    const [left, right] = [high(0xd2511f53, c0), Math.imul(0xd2511f53, c0)];
    [c0, c1, c2, c3] = [(top ^ c1 ^ k0) >>> 0, bottom >>> 0, (left ^ c3 ^ k1) >>> 0, right >>> 0];
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/** The first `count` random words of a picture; `seed` is a whole number or BigInt, taken mod 2^64. */
function bits(seed, count, index = 0, stream = 0) {
  const whole = BigInt(seed);
  const key = [Number(BigInt.asUintN(32, whole)), Number(BigInt.asUintN(32, whole >> 32n))];
  const words = new Uint32Array(4 * Math.ceil(count / 4));
  for (let block = 0; 4 * block < count; block++) {
    words.set(philox([block, 0, index >>> 0, stream >>> 0], key), 4 * block);
  }
  return words.subarray(0, count);
}

/** Standard normals, as many as asked for, in double precision and rounded last. */
function normal(seed, count, index = 0, stream = 0) {
  const words = bits(seed, count + (count % 2), index, stream);
  const drawn = new Float32Array(words.length);
  for (let at = 0; at < words.length; at += 2) {
    const radius = Math.sqrt(-2 * Math.log((words[at] + 1) / 2 ** 32));
    const angle = (2 * Math.PI * words[at + 1]) / 2 ** 32;
    drawn[at] = radius * Math.cos(angle);
    drawn[at + 1] = radius * Math.sin(angle);
  }
  return drawn.subarray(0, count);
}
