// Words and rows for jobs: shared by the status bar and its popover.

import type { IJob, IKernelStatus } from './api';

/** A job as one line: what is made, how far it is, how long it will take. */
export function sentence(job: IJob): string {
  return [`${job.art}${job.prompt ? ` “${clipped(job.prompt, 32)}”` : ''}`, progress(job)].filter(Boolean).join(' · ');
}

/** How far a job is, in words. */
export function progress({ state, fraction, left }: IJob): string {
  if (state !== 'running' || fraction === null) {
    return state;
  }
  const share = `${Math.round(100 * fraction)} %`;
  return left !== null && left >= 1 ? `${share} · ${duration(left)} left` : share;
}

/** The job that runs, or would be the next to; of a notebook first if it has one. */
export function foremost(kernels: IKernelStatus[], path = ''): { kernel: string; job: IJob } | null {
  const all = kernels.flatMap(each => each.jobs.map(job => ({ kernel: each.kernel, path: each.path, job })));
  const here = all.filter(each => each.path === path);
  const order = [...here, ...all];
  return order.find(each => each.job.state !== 'queued') ?? order[0] ?? null;
}

/** Bytes, as people say them. */
export function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let [count, unit] = [bytes, 0];
  while (count >= 1000 && unit < units.length - 1) {
    count /= 1000;
    unit += 1;
  }
  return `${count.toFixed(unit > 2 ? 1 : 0)} ${units[unit]}`;
}

/** Seconds, as people say them. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 90 ? `${whole} s` : `${Math.round(whole / 60)} min`;
}

/** The beginning of a text. */
export function clipped(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

/** The name of a notebook, from its path. */
export function fileName(path: string): string {
  return path.split('/').at(-1) || 'a kernel without a notebook';
}
