// Two works beside each other in the main area, with what their recipes have in common and what not.

import { Widget } from '@lumino/widgets';
import type { Api, IDetail, IWork } from './api';
import { clipped } from './jobs';
import { look } from './looks';
import { element } from './popover';

/** The page of a comparison. */
export class Comparison extends Widget {
  private readonly free: (() => void)[] = [];

  constructor(
    private readonly api: Api,
    works: [IWork, IWork],
  ) {
    super();
    this.addClass('ge-comparison');
    this.id = `genart-compare-${works[0].id}-${works[1].id}`;
    this.title.label = `Compare ${works.map(each => each.digest).join(' · ')}`;
    this.title.closable = true;
    this.node.tabIndex = 0;
    const pair = element('div', 'ge-pair');
    pair.append(...works.map(each => this.figure(each)));
    this.node.append(element('h2', '', 'Two works'), pair);
    void this.tell(works);
  }

  override dispose(): void {
    for (const free of this.free.splice(0)) {
      free();
    }
    super.dispose();
  }

  private figure(work: IWork): HTMLElement {
    const figure = element('figure', '');
    const { node, free } = look(this.api, work);
    this.free.push(free);
    figure.append(node, element('figcaption', '', clipped(work.prompt, 200)));
    return figure;
  }

  private async tell(works: [IWork, IWork]): Promise<void> {
    const [one, other] = await Promise.all(works.map(each => this.api.work(each.id).catch(() => null)));
    if (!one || !other || this.isDisposed) {
      return;
    }
    const table = element('table', '');
    const [left, right] = [facts(one), facts(other)];
    const same = element('p', '', one.digest === other.digest ? 'Both have the same recipe.' : '');
    for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
      if (!left[name] && !right[name]) {
        continue;
      }
      const differs = left[name] !== right[name];
      const row = element('tr', differs ? 'ge-differs' : '');
      const head = element('th', '', name);
      head.scope = 'row';
      const mark = element('td', '', differs ? '≠' : '=');
      mark.setAttribute('aria-label', differs ? 'differs' : 'the same');
      row.append(head, element('td', '', left[name] || '–'), mark, element('td', '', right[name] || '–'));
      table.append(row);
    }
    this.node.append(same, table);
  }
}

function facts({ recipe, created, notebook }: IDetail): Record<string, string> {
  const options = recipe.options as Record<string, unknown> | undefined;
  const told = { prompt: recipe.prompt, model: recipe.model, revision: recipe.revision, seed: recipe.seed, ...options };
  const written = Object.entries(told).map(([name, value]): [string, string] => [name, clipped(plain(value), 400)]);
  const made = { made: new Date(1000 * created).toLocaleString(), notebook: notebook.split(/[\\/]/).at(-1) ?? '' };
  return { art: plain(recipe.art), ...Object.fromEntries(written), ...made };
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
}
