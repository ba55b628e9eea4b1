// What kernels are doing, looked at while somebody can see it: often while a job runs, seldom while none does.

import { Poll } from '@lumino/polling';
import { type ISignal, Signal } from '@lumino/signaling';
import { type Api, ApiError, type IKernelStatus } from './api';
import type { Vocabulary } from './vocabulary';

const BUSY = 700; // milliseconds between two looks
const IDLE = 5000;
const SOON = 250;

/** The kernels that have loaded genart_nb. It asks nobody before one of our magics was read. */
export class Watch {
  /** As they were at the last look. */
  kernels: IKernelStatus[] = [];
  /** Whether the server has no such routes: its extension is off, or not installed. */
  off = false;
  private poll: Poll | null = null;
  private soon = 0;
  private readonly asked = new Set<string>();
  private readonly changedSignal = new Signal<this, void>(this);

  constructor(
    private readonly api: Api,
    private readonly known: Vocabulary,
  ) {
    known.wanted.connect(this.begin, this);
  }

  /** Emitted after every look. */
  get changed(): ISignal<this, void> {
    return this.changedSignal;
  }

  /** Look again shortly: something has begun or ended. */
  refresh(): void {
    if (this.poll && !this.off && !this.soon) {
      this.soon = window.setTimeout(() => {
        this.soon = 0;
        void this.poll?.refresh();
      }, SOON);
    }
  }

  private begin(): void {
    this.known.wanted.disconnect(this.begin, this);
    void this.learn();
    this.poll = new Poll({
      name: 'genart_nb:watch',
      factory: () => this.look(),
      frequency: { interval: IDLE, backoff: true, max: 60_000 },
      standby: 'when-hidden',
    });
  }

  private async look(): Promise<void> {
    try {
      this.kernels = await this.api.status();
    } catch (error) {
      this.kernels = [];
      this.off = error instanceof ApiError && error.status === 404;
      if (this.off) {
        void this.poll?.stop();
        this.changedSignal.emit();
        return;
      }
      throw error;
    } finally {
      this.pace();
    }
    for (const { kernel } of this.kernels) {
      if (!this.asked.has(kernel)) {
        this.asked.add(kernel);
        void this.learn(kernel);
      }
    }
    this.changedSignal.emit();
  }

  private pace(): void {
    const interval = this.kernels.some(each => each.jobs.length) ? BUSY : IDLE;
    if (this.poll && this.poll.frequency.interval !== interval) {
      this.poll.frequency = { ...this.poll.frequency, interval };
    }
  }

  private async learn(kernel?: string): Promise<void> {
    try {
      const told = await this.api.vocabulary(kernel);
      if (told) {
        this.known.learn(told);
      }
    } catch {
      this.asked.delete(kernel ?? '');
    }
  }
}
