// Names in kernels, as they were a moment ago: completing must not ask anew at every letter.

import type { Api, INames } from './api';

const FRESH = 1500; // milliseconds

/** What the kernels' variables are called. */
export class Names {
  private readonly held = new Map<string, { when: number; names: Promise<INames | null> }>();

  constructor(private readonly api: Api) {}

  /** Names of one kernel; null where there is no kernel, no genart_nb in it, or no answer. */
  of(kernel: string): Promise<INames | null> {
    if (!kernel) {
      return Promise.resolve(null);
    }
    const last = this.held.get(kernel);
    if (last && Date.now() - last.when < FRESH) {
      return last.names;
    }
    const names = this.api.names(kernel).catch(() => null);
    this.held.set(kernel, { when: Date.now(), names });
    return names;
  }
}
