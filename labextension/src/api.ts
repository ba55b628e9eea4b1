// The server extension's routes, and nothing else: see genart_nb/server/routes.py.

import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';
import type { IVocabulary } from './vocabulary';

/** One job of a kernel. `fraction` is in 0..1, `left` in seconds; null where nobody can tell. */
export interface IJob {
  id: string;
  art: string;
  prompt: string;
  seed: number;
  digest: string;
  state: string;
  fraction: number | null;
  left: number | null;
}

/** A model in memory. */
export interface ITenant {
  id: string;
  bytes: number;
  pinned: boolean;
  used: boolean;
}

/** What one kernel is doing; `path` is its notebook's. Memory is in bytes. */
export interface IKernelStatus {
  kernel: string;
  path: string;
  jobs: IJob[];
  models: ITenant[];
  memory: number;
  budget: number;
}

/** Names a kernel knows. */
export interface INames {
  works: { name: string; mark: string }[];
  others: string[];
  aliases: { name: string; art: string }[];
}

/** The server refused, or could not: `status` is HTTP's, 404 where the server extension is off. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly fix = '',
  ) {
    super(message);
  }
}

/** Says how to turn the server extension on. */
export const TURN_ON = 'jupyter server extension enable genart_nb.server';

/** The REST interface of one Jupyter server. */
export class Api {
  private readonly settings = ServerConnection.makeSettings();

  /** Jobs, models and memory of every kernel that has loaded genart_nb. */
  async status(): Promise<IKernelStatus[]> {
    return (await this.ask<{ kernels: IKernelStatus[] }>('status')).kernels;
  }

  /** Every magic and its options, as the server knows them or as a kernel does; null for a kernel without genart_nb. */
  vocabulary(kernel?: string): Promise<IVocabulary | null> {
    return this.ask(kernel ? `kernels/${kernel}/vocabulary` : 'vocabulary');
  }

  /** Works, variables and aliases; null for a kernel without genart_nb. */
  names(kernel: string): Promise<INames | null> {
    return this.ask(`kernels/${kernel}/names`);
  }

  /** Stop one job, or 'all'; the ids of those that were stopped. */
  async cancel(kernel: string, job: string): Promise<string[]> {
    const body = JSON.stringify({ job });
    return (await this.ask<{ stopped: string[] }>(`kernels/${kernel}/cancel`, { method: 'POST', body })).stopped;
  }

  private async ask<T>(path: string, init: RequestInit = {}): Promise<T> {
    const url = URLExt.join(this.settings.baseUrl, 'genart', path);
    const answer = await ServerConnection.makeRequest(url, init, this.settings);
    const text = await answer.text();
    if (!answer.ok) {
      throw refusal(answer.status, text);
    }
    return JSON.parse(text) as T;
  }
}

function refusal(status: number, text: string): ApiError {
  try {
    const { message, fix } = JSON.parse(text) as { message?: string; fix?: string };
    return new ApiError(status, message ?? text, fix ?? '');
  } catch {
    return new ApiError(status, text.slice(0, 200));
  }
}
