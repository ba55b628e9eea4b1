// The gallery's list, fetched in stretches as it is scrolled through.

import { type ISignal, Signal } from '@lumino/signaling';
import type { Api, IWork } from './api';

const STRETCH = 60;

/** What is searched for. */
export interface IQuery {
  words: string;
  art: string;
  model: string;
  notebook: string;
  favourite: boolean;
}

/** Works that match a query, by their place in the list; undefined where a stretch has not come yet. */
export class WorkList {
  total = 0;
  stamp = '';
  error: unknown = null;
  query: IQuery = { words: '', art: '', model: '', notebook: '', favourite: false };
  private stretches = new Map<number, IWork[]>();
  private pending = new Set<number>();
  private round = 0;
  private readonly changedSignal = new Signal<this, void>(this);

  constructor(private readonly api: Api) {}

  /** Emitted when works have come, or the list is another. */
  get changed(): ISignal<this, void> {
    return this.changedSignal;
  }

  /** Ask for another list, or for the same anew. What is shown stays until the first stretch has come. */
  async ask(query: Partial<IQuery> = {}): Promise<void> {
    this.query = { ...this.query, ...query };
    this.round += 1;
    this.pending.clear();
    await this.fetch(0, true);
  }

  /** The work at a place. */
  at(index: number): IWork | undefined {
    const stretch = Math.floor(index / STRETCH);
    const found = this.stretches.get(stretch);
    if (!found && index < this.total && !this.pending.has(stretch)) {
      void this.fetch(stretch, false);
    }
    return found?.[index % STRETCH];
  }

  /** Change what is known of a work. */
  replace(work: IWork): void {
    for (const [stretch, works] of this.stretches) {
      this.stretches.set(
        stretch,
        works.map(each => (each.id === work.id ? work : each)),
      );
    }
    this.changedSignal.emit();
  }

  private async fetch(stretch: number, first: boolean): Promise<void> {
    const { round } = this;
    this.pending.add(stretch);
    try {
      const told = await this.api.works(this.query, stretch * STRETCH, STRETCH);
      if (round !== this.round) {
        return;
      }
      if (first) {
        this.stretches = new Map();
      }
      this.stretches.set(stretch, told.works);
      this.total = told.total;
      this.stamp = told.stamp;
      this.error = null;
    } catch (error) {
      if (round !== this.round) {
        return;
      }
      this.error = error;
      this.total = 0;
      this.stretches = new Map();
    }
    this.pending.delete(stretch);
    this.changedSignal.emit();
  }
}
