// The status bar: what is running and how far it is, the model in memory, and a button that stops it.

import { Notification } from '@jupyterlab/apputils';
import { type Popup, showPopup } from '@jupyterlab/statusbar';
import { Widget } from '@lumino/widgets';
import { type Api, ApiError, TURN_ON } from './api';
import { foremost, sentence, size } from './jobs';
import { button, element, JobList } from './popover';
import type { Watch } from './watch';

/** Stopping goes through the server, so it works while the kernel is busy in a cell. */
export class StatusItem extends Widget {
  private readonly words = element('button', 'ge-working-words');
  private readonly halt: HTMLButtonElement;
  private popup: Popup | null = null;

  constructor(
    private readonly api: Api,
    private readonly watch: Watch,
    private readonly path: () => string,
  ) {
    super();
    this.addClass('ge-working');
    this.halt = button('Stop', 'Stop the work that is being made', () => this.stopForemost());
    this.words.setAttribute('aria-haspopup', 'dialog');
    this.words.addEventListener('click', () => this.open());
    this.node.append(this.words, this.halt);
    watch.changed.connect(this.draw, this);
    this.draw();
  }

  override dispose(): void {
    this.watch.changed.disconnect(this.draw, this);
    super.dispose();
  }

  /** Whether there is anything to tell. */
  get active(): boolean {
    return this.watch.kernels.length > 0;
  }

  /** List the jobs, or put the list away. */
  open(): void {
    if (this.popup && !this.popup.isDisposed) {
      this.popup.dispose();
      this.popup = null;
      return;
    }
    const body = new JobList(this.watch, (kernel, job) => this.stop(kernel, job));
    this.popup = showPopup({ body, anchor: this, align: 'left', hasDynamicSize: true });
    body.node.querySelector<HTMLElement>('button:not([hidden])')?.focus();
    this.watch.refresh();
  }

  /** Stop the job that the bar names: the current notebook's, if it has one. */
  async stopForemost(): Promise<void> {
    const found = foremost(this.watch.kernels, this.path());
    if (found) {
      await this.stop(found.kernel, found.job.id);
    }
  }

  private async stop(kernel: string, job: string): Promise<void> {
    try {
      await this.api.cancel(kernel, job);
    } catch (error) {
      const off = error instanceof ApiError && error.status === 404;
      Notification.error(off ? `The server cannot stop it: ${TURN_ON}` : `It was not stopped: ${String(error)}`);
    }
    this.watch.refresh();
  }

  private draw(): void {
    const { kernels } = this.watch;
    const found = foremost(kernels, this.path());
    const count = kernels.reduce((sum, each) => sum + each.jobs.length, 0);
    const models = kernels.flatMap(each => each.models);
    const memory = models.length ? `${models.map(each => each.id).join(', ')} · ${size(sum(models))}` : 'genart: ready';
    const queue = count > 1 ? ` · ${count - 1} waiting` : '';
    this.words.textContent = found ? sentence(found.job) + queue : memory;
    this.words.title = found ? `${memory}\nShow all jobs` : 'Show jobs and models';
    this.halt.hidden = !found;
  }
}

function sum(models: { bytes: number }[]): number {
  return models.reduce((total, each) => total + each.bytes, 0);
}
