// The painter's networks on ONNX Runtime, one thread: browsers grant more only to pages with special headers.
"use strict";

const WIDTH = 384;
const TOKENS = 20;
const LATENTS = [1, 8, 16, 16];

class Networks {
  /** `parts` are base64 of gzipped files by name, `loader` the script of the runtime's WebAssembly. */
  static async load(parts, loader) {
    const unpacked = async (name) => {
      try {
        return await inflated(bytesOf(parts[name]));
      } catch {
        throw new Refusal(`A part of the painter, “${name}”, came altered. Reload the page, or publish it again.`);
      }
    };
    ort.env.wasm.numThreads = 1;
    ort.env.wasm.proxy = false;
    ort.env.wasm.wasmPaths = { mjs: URL.createObjectURL(new Blob([loader], { type: "text/javascript" })) };
    ort.env.wasm.wasmBinary = await unpacked("wasm");
    const networks = new Networks();
    for (const name of ["unet", "encoder", "decoder", "upscaler"]) {
      networks[name] = await ort.InferenceSession.create(await unpacked(name), { graphOptimizationLevel: "basic" });
    }
    ort.env.wasm.wasmBinary = undefined;
    return networks;
  }

  /** Noise minus picture, as the network believes, for latents at a time in 0..1. */
  async velocity(latents, time, states, labels) {
    const found = await this.unet.run({
      sample: new ort.Tensor("float32", latents, LATENTS),
      timestep: new ort.Tensor("float32", Float32Array.of(1000 * time), [1]),
      encoder_hidden_states: new ort.Tensor("float32", states, [1, TOKENS, WIDTH]),
      class_labels: new ort.Tensor("float32", labels, [1, labels.length]),
    });
    return found[this.unet.outputNames[0]].data;
  }

  /** Latents of a picture (3, 128, 128). */
  async encode(picture) {
    const found = await this.encoder.run({ picture: new ort.Tensor("float32", picture, [1, 3, 128, 128]) });
    return found[this.encoder.outputNames[0]].data;
  }

  /** The picture (3, 128, 128) of latents. */
  async decode(latents) {
    const found = await this.decoder.run({ latents: new ort.Tensor("float32", latents, LATENTS) });
    return found[this.decoder.outputNames[0]].data;
  }

  /** A picture of twice the side. */
  async enlarge(picture) {
    const side = Math.round(Math.sqrt(picture.length / 3));
    const found = await this.upscaler.run({ picture: new ort.Tensor("float32", picture, [1, 3, side, side]) });
    return found[this.upscaler.outputNames[0]].data;
  }
}
