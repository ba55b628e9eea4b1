// The chosen work, and what can be done with it.

import type { Api, IWork } from './api';
import { look } from './looks';
import { button, element } from './popover';

/** What can be done with a work. Each says by itself when it cannot. */
export interface IActs {
  insert(work: IWork): Promise<void>;
  easel(work: IWork): Promise<void>;
  remake(work: IWork): Promise<void>;
  save(work: IWork): Promise<void>;
  favour(work: IWork, favourite: boolean): Promise<void>;
  compare(works: [IWork, IWork]): Promise<void>;
}

/** Shows the work that was chosen; after "Compare" the next one that is chosen is held against it. */
export class Detail {
  readonly node = element('section', 'ge-detail');
  private work: IWork | null = null;
  private held: IWork | null = null;
  private free: () => void = () => undefined;

  constructor(
    private readonly api: Api,
    private readonly acts: IActs,
  ) {
    this.node.setAttribute('aria-label', 'The chosen work');
    this.node.dataset.lmSuppressShortcuts = 'true';
    this.node.hidden = true;
  }

  /** Show a work. */
  show(work: IWork): void {
    const { held } = this;
    this.work = work;
    this.node.hidden = false;
    const { node, free } = look(this.api, work);
    this.free();
    this.free = free;
    this.node.replaceChildren(node, this.words(work), this.buttons(work));
    if (held && held.id !== work.id) {
      this.held = null;
      void this.acts.compare([held, work]);
      this.show(work);
    }
  }

  /** Put it away: the work is not among those that are listed. */
  hide(): void {
    this.free();
    this.work = null;
    this.node.hidden = true;
  }

  /** The work is another now: it was marked. */
  renew(work: IWork): void {
    if (this.work?.id === work.id) {
      this.node.querySelector('.ge-acts')?.replaceWith(this.buttons(work));
    }
  }

  private words(work: IWork): HTMLElement {
    const words = element('div', 'ge-about');
    const facts = [work.art, work.model, `seed ${work.seed}`, `recipe ${work.digest}`];
    const place = work.notebook.split(/[\\/]/).at(-1);
    const made = [new Date(1000 * work.created).toLocaleString(), place ? `in ${place}` : ''];
    const state = work.partial ? ['stopped early'] : [];
    words.append(
      element('p', '', work.prompt),
      element('small', '', [...facts, ...state].join(' · ')),
      element('small', '', made.filter(Boolean).join(' ')),
    );
    return words;
  }

  private buttons(work: IWork): HTMLElement {
    const row = element('div', 'ge-acts');
    const comparing = this.held?.id === work.id;
    const compare = async () => {
      this.held = comparing ? null : work;
      row.replaceWith(this.buttons(work));
    };
    const save = button('Save', 'Save its file', () => this.acts.save(work));
    save.hidden = work.gone;
    row.append(
      button('Insert', 'Insert as cell', () => this.acts.insert(work)),
      button('Easel', 'Put it on an easel', () => this.acts.easel(work)),
      button('Remake', 'Make it again, and tell whether it is the same', () => this.acts.remake(work)),
      button(comparing ? 'Choose another…' : 'Compare', 'Compare it with the next one that is chosen', compare),
      save,
      button(work.favourite ? '★' : '☆', work.favourite ? 'No longer a favourite' : 'Mark as a favourite', () =>
        this.acts.favour(work, !work.favourite),
      ),
    );
    return row;
  }
}
