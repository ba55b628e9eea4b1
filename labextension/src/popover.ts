// The list of jobs that the status bar opens: each with its progress and a way to stop it.

import { Widget } from '@lumino/widgets';
import type { IJob, IKernelStatus } from './api';
import { clipped, fileName, progress, size } from './jobs';
import type { Watch } from './watch';

type Stop = (kernel: string, job: string) => Promise<void>;

/** One section for each notebook. Rows are kept between two looks, so that a focused button stays focused. */
export class JobList extends Widget {
  private readonly rows = new Map<string, Row>();
  private readonly sections = new Map<string, Section>();
  private readonly empty = element('p', 'ge-empty', 'No kernel here has loaded genart_nb.');

  constructor(
    private readonly watch: Watch,
    private readonly stop: Stop,
  ) {
    super();
    this.addClass('ge-jobs');
    this.node.setAttribute('role', 'dialog');
    this.node.setAttribute('aria-label', 'Jobs and models');
    this.node.append(this.empty);
    watch.changed.connect(this.draw, this);
    this.draw();
  }

  override dispose(): void {
    this.watch.changed.disconnect(this.draw, this);
    super.dispose();
  }

  private draw(): void {
    const { kernels } = this.watch;
    this.empty.hidden = kernels.length > 0;
    keep(this.sections, new Set(kernels.map(each => each.kernel)));
    keep(this.rows, new Set(kernels.flatMap(each => each.jobs.map(job => job.id))));
    for (const kernel of kernels) {
      this.drawKernel(kernel);
    }
  }

  private drawKernel(status: IKernelStatus): void {
    const section = this.sections.get(status.kernel) ?? new Section(status, () => this.stop(status.kernel, 'all'));
    this.sections.set(status.kernel, section);
    if (!section.node.isConnected || section.node.parentElement !== this.node) {
      this.node.append(section.node);
    }
    section.update(status);
    for (const job of status.jobs) {
      const row = this.rows.get(job.id) ?? new Row(job, () => this.stop(status.kernel, job.id));
      this.rows.set(job.id, row);
      row.update(job);
      if (row.node.parentElement !== section.list) {
        section.list.append(row.node);
      }
    }
  }
}

/** One notebook: its name, its jobs, the models in its memory. */
class Section {
  readonly node = element('section', '');
  readonly list = element('ul', '');
  private readonly models = element('p', 'ge-models');
  private readonly all: HTMLButtonElement;

  constructor(status: IKernelStatus, stopAll: () => Promise<void>) {
    this.all = button('Stop all', `Stop all jobs of ${fileName(status.path)}`, stopAll);
    const head = element('header', '');
    head.append(element('strong', '', fileName(status.path)), this.all);
    this.node.append(head, this.list, this.models);
  }

  update(status: IKernelStatus): void {
    this.all.hidden = status.jobs.length < 2;
    const held = status.models
      .map(each => `${each.id} ${size(each.bytes)}${each.pinned ? ', pinned' : ''}`)
      .join(' · ');
    const budget = status.budget ? ` of ${size(status.budget)}` : '';
    const idle = status.jobs.length ? '' : 'Nothing is running. ';
    this.models.textContent = idle + (held ? `In memory: ${held}${budget}` : 'No model is in memory.');
  }
}

/** One job. */
class Row {
  readonly node = element('li', '');
  private readonly words = element('span', 'ge-job-words');
  private readonly bar = element('progress', '');

  constructor(job: IJob, stop: () => Promise<void>) {
    const what = `${job.art}${job.prompt ? ` “${clipped(job.prompt, 60)}”` : ''}`;
    this.bar.setAttribute('aria-label', `Progress of ${what}`);
    const title = element('span', 'ge-job-title', what);
    title.title = `${job.prompt}\nseed ${job.seed} · recipe ${job.digest}`;
    this.node.append(title, this.bar, this.words, button('Stop', `Stop ${what}`, stop));
  }

  update(job: IJob): void {
    this.words.textContent = progress(job);
    if (job.fraction === null || job.state === 'queued') {
      this.bar.removeAttribute('value');
      this.bar.hidden = job.state === 'queued';
    } else {
      this.bar.hidden = false;
      this.bar.value = job.fraction;
    }
  }
}

function keep(held: Map<string, { node: HTMLElement }>, wanted: Set<string>): void {
  for (const [id, { node }] of held) {
    if (!wanted.has(id)) {
      node.remove();
      held.delete(id);
    }
  }
}

/** A button that is out of reach until what it asked for is done. */
export function button(label: string, title: string, act: () => Promise<void>): HTMLButtonElement {
  const made = element('button', 'jp-mod-styled ge-action', label);
  made.title = title;
  made.setAttribute('aria-label', title);
  made.addEventListener('click', () => {
    made.disabled = true;
    void act().finally(() => {
      made.disabled = false;
    });
  });
  return made;
}

/** An element with a class and text. */
export function element<K extends keyof HTMLElementTagNameMap>(tag: K, className: string, text = '') {
  return Object.assign(document.createElement(tag), { className, textContent: text });
}
