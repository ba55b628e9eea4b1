// What comes packed in scripts and JSON, unpacked: base64, gzip, pictures as differences.
"use strict";

/** Bytes of base64; by the browser's own reader where it has one, which is many times faster. */
function bytesOf(base64) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/** Gunzip; rejects where the bytes are cut short or altered, since gzip carries a checksum. */
async function inflated(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** float32 of base64 that holds them as they are. */
function floatsOf(base64) {
  return new Float32Array(bytesOf(base64).buffer);
}

/**
 * A picture (1, 3, side, side) in -1..1 of gzipped bytes, each the difference from its left neighbour.
 *
 * Not an image file: what a browser gives back of a canvas may be altered to hide who reads it.
 */
async function pictureOf(base64, side) {
  const rows = await inflated(bytesOf(base64));
  if (rows.length !== 3 * side * side) throw new Error(`a start is no picture of ${side} by ${side}`);
  const found = new Float32Array(rows.length);
  let level = 0;
  for (let at = 0; at < rows.length; at++) {
    level = at % side ? (level + rows[at]) & 255 : rows[at];
    found[at] = level / 127.5 - 1;
  }
  return found;
}
