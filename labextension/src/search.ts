// What the gallery is searched by: words, art form, model, notebook, favourites.

import type { Tallies } from './api';
import { element } from './popover';
import type { IQuery } from './works';

const PAUSE = 250; // milliseconds after the last letter
const CHOICES = [
  ['art', 'Art form', 'All art forms'],
  ['model', 'Model', 'All models'],
  ['notebook', 'Notebook', 'All notebooks'],
] as const;

/** The row of search fields. */
export class Search {
  readonly node = element('div', 'ge-search');
  private readonly selects = CHOICES.map(([name, label]) => {
    const select = element('select', 'jp-mod-styled');
    select.setAttribute('aria-label', label);
    select.addEventListener('change', () => this.ask({ [name]: select.value }));
    return select;
  });

  constructor(private readonly ask: (query: Partial<IQuery>) => void) {
    this.node.setAttribute('role', 'search');
    this.node.dataset.lmSuppressShortcuts = 'true';
    this.node.append(this.words(), this.star(), ...this.selects);
  }

  /** Offer what there is. A choice that was made stays, whatever has become of it. */
  offer(tallies: Tallies): void {
    CHOICES.forEach(([name, , all], index) => {
      const select = this.selects[index];
      const counts = tallies[name];
      const chosen = select?.value ?? '';
      const values = new Set(['', ...(chosen ? [chosen] : []), ...Object.keys(counts)]);
      const named = (value: string) => `${value.split(/[\\/]/).at(-1)} (${counts[value] ?? 0})`;
      select?.replaceChildren(...[...values].map(value => option(value, value ? named(value) : all, value === chosen)));
      if (select && name !== 'art') {
        select.hidden = values.size < 3; // one choice is none
      }
    });
  }

  private words(): HTMLElement {
    const words = element('input', 'jp-mod-styled');
    Object.assign(words, { type: 'search', placeholder: 'Search prompts' });
    words.setAttribute('aria-label', 'Search prompts');
    let waits = 0;
    words.addEventListener('input', () => {
      window.clearTimeout(waits);
      waits = window.setTimeout(() => this.ask({ words: words.value }), PAUSE);
    });
    return words;
  }

  private star(): HTMLElement {
    const star = element('button', 'jp-mod-styled ge-action', '★');
    star.title = 'Only favourites';
    star.setAttribute('aria-label', 'Only favourites');
    star.setAttribute('aria-pressed', 'false');
    star.addEventListener('click', () => {
      const favourite = star.getAttribute('aria-pressed') === 'false';
      star.setAttribute('aria-pressed', `${favourite}`);
      this.ask({ favourite });
    });
    return star;
  }
}

function option(value: string, label: string, selected: boolean): HTMLOptionElement {
  const made = new Option(label, value, false, selected);
  made.title = value;
  return made;
}
