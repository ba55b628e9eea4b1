// The server extension's routes, and nothing else: see genart_nb/server/routes.py.

import { URLExt } from '@jupyterlab/coreutils';
import type { IMimeBundle } from '@jupyterlab/nbformat';
import { ServerConnection } from '@jupyterlab/services';
import type { PartialJSONObject } from '@lumino/coreutils';
import type { IVocabulary } from './vocabulary';
import type { IQuery } from './works';

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

/** A work in a list; `created` is Unix time in seconds, `gone` says that its file is. */
export interface IWork {
  id: number;
  digest: string;
  art: string;
  prompt: string;
  model: string;
  seed: number;
  medium: string;
  created: number;
  partial: boolean;
  favourite: boolean;
  notebook: string;
  file: string;
  gone: boolean;
}

/** A work with its whole prompt, its recipe, and the cell that makes it. */
export interface IDetail extends IWork {
  recipe: Record<string, unknown>;
  cell: string;
}

/** What a notebook would hold of a work: the cell that makes it, and what that cell shows. */
export interface IOutput {
  cell: string;
  digest: string;
  data: IMimeBundle;
  metadata: PartialJSONObject;
}

/** How many works there are of each art form, model and notebook. */
export type Tallies = Record<'art' | 'model' | 'notebook', Record<string, number>>;

/** Publishing or checking a notebook; `result` is the path of the page it wrote, below the server's root. */
export interface IErrand {
  id: string;
  kind: 'publish' | 'check';
  path: string;
  state: 'running' | 'done' | 'failed' | 'stopped';
  seconds: number;
  fraction: number | null;
  progress: string;
  said: string[];
  out: string[];
  result: string;
}

/** A model's card, and whether it is ready; `size` is in bytes. */
export interface ICard {
  id: string;
  kind: string;
  title: string;
  licence: string;
  size: number;
  languages: string[];
  abilities: Record<string, string>;
  limits: string;
  homepage: string;
  state: string;
  detail: string;
  install: string;
  first: boolean;
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

  /** Works that match, newest first: a stretch of them, how many there are, and a stamp that changes with them. */
  works(query: Partial<IQuery> & { sha256?: string }, offset: number, limit: number) {
    const { favourite, ...rest } = query;
    const asked = { ...rest, favourite: favourite ? '1' : '', offset: `${offset}`, limit: `${limit}` };
    return this.ask<{ total: number; stamp: string; works: IWork[] }>(`works?${new URLSearchParams(asked)}`);
  }

  /** What there is to choose from. */
  tallies(): Promise<Tallies> {
    return this.ask('works/tallies');
  }

  /** Another text after any change of the gallery. */
  stamp(): Promise<string> {
    return this.ask('works/stamp');
  }

  /** One work with its recipe and cell. */
  work(id: number): Promise<IDetail> {
    return this.ask(`works/${id}`);
  }

  /** One work as a notebook holds it. */
  output(id: number): Promise<IOutput> {
    return this.ask(`works/${id}/output`);
  }

  /** Mark a work as a favourite, or no longer. */
  async favour(id: number, favourite: boolean): Promise<void> {
    await this.ask(`works/${id}/favourite`, { method: 'POST', body: JSON.stringify({ favourite }) });
  }

  /** A small picture of a work, or the beginning of a text; `side` is in pixels. */
  thumbnail(id: number, side: 256 | 1280, signal?: AbortSignal): Promise<Blob> {
    return this.fetch(`works/${id}/thumbnail?side=${side}`, signal ? { signal } : {}).then(answer => answer.blob());
  }

  /** The file of a work. */
  file(id: number): Promise<Blob> {
    return this.fetch(`works/${id}/file`).then(answer => answer.blob());
  }

  /** The cell that makes a recipe; with a new seed if `fresh`. */
  cell(recipe: unknown, fresh: boolean): Promise<{ cell: string; seed: number; digest: string }> {
    return this.ask('cell', { method: 'POST', body: JSON.stringify({ recipe, fresh }) });
  }

  /** Begin to publish or check a notebook. */
  begin(order: { do: string; path: string; single_file?: boolean; painter?: boolean }): Promise<IErrand> {
    return this.ask('errands', { method: 'POST', body: JSON.stringify(order) });
  }

  /** How far it is. */
  errand(id: string): Promise<IErrand> {
    return this.ask(`errands/${id}`);
  }

  /** Stop it. */
  halt(id: string): Promise<IErrand> {
    return this.ask(`errands/${id}`, { method: 'DELETE' });
  }

  /** Where a file below the server's root is shown. */
  page(path: string): string {
    return URLExt.join(this.settings.baseUrl, 'files', URLExt.encodeParts(path));
  }

  /** Cards of every model on offer. */
  async models(): Promise<ICard[]> {
    return (await this.ask<{ models: ICard[] }>('models')).models;
  }

  private async ask<T>(path: string, init: RequestInit = {}): Promise<T> {
    return (await (await this.fetch(path, init)).json()) as T;
  }

  private async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const url = `${URLExt.join(this.settings.baseUrl, 'genart')}/${path}`;
    const answer = await ServerConnection.makeRequest(url, init, this.settings);
    if (!answer.ok) {
      throw refusal(answer.status, await answer.text());
    }
    return answer;
  }
}

/** What went wrong and what helps, in words. */
export function reason(error: unknown): string {
  if (error instanceof ApiError) {
    return error.status === 404
      ? `The Studio needs the server extension. In a terminal: ${TURN_ON}; then restart Jupyter.`
      : [error.message, error.fix].filter(Boolean).join(' Fix: ');
  }
  return error instanceof Error ? error.message : String(error);
}

function refusal(status: number, text: string): ApiError {
  try {
    const { message, fix } = JSON.parse(text) as { message?: string; fix?: string };
    return new ApiError(status, message ?? text, fix ?? '');
  } catch {
    return new ApiError(status, text.slice(0, 200));
  }
}
