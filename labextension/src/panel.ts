// The Studio: everything ever made, found again; and the models it was made with.

import { LabIcon } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import { Poll } from '@lumino/polling';
import { Widget } from '@lumino/widgets';
import { type Api, type IWork, reason } from './api';
import { Cards } from './cards';
import { Detail, type IActs } from './detail';
import { Grid } from './grid';
import { button, element } from './popover';
import { Search } from './search';
import { Thumbs } from './thumbs';
import { WorkList } from './works';

const LOOK = 4000; // milliseconds between two looks whether the gallery has changed, while it is seen

/** The palette, for the side bar, the toolbar and the launcher. */
export const ICON = new LabIcon({
  name: 'genart_nb:studio',
  svgstr:
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path class="jp-icon3" fill="#616161" d="M12 3a9 9 0 1 0 0 18c1.4 0 2-1 2-2 0-1.3-1-1.7-1-2.7 0-.8.7-1.3 1.5-1.3H17a4 4 0 0 0 4-4c0-4.5-4-8-9-8Zm-5 9.5A1.5 1.5 0 1 1 7 9.5a1.5 1.5 0 0 1 0 3Zm3-4a1.5 1.5 0 1 1 0-3 1.5 1.5 0 0 1 0 3Zm4.5 0a1.5 1.5 0 1 1 0-3 1.5 1.5 0 0 1 0 3Zm3.3 4a1.5 1.5 0 1 1 0-3 1.5 1.5 0 0 1 0 3Z"/></svg>',
});

/** What the panel needs of its surroundings. */
export interface ISurroundings extends Omit<IActs, 'favour'> {
  drag(work: IWork, press: PointerEvent): void;
  begin(): Promise<unknown>;
}

/** The side panel. It asks the server only while it is shown. */
export class StudioPanel extends Widget {
  readonly grid: Grid;
  private readonly list: WorkList;
  private readonly detail: Detail;
  private readonly search: Search;
  private readonly cards: Cards;
  private readonly said = element('p', 'ge-said');
  private readonly empty = element('div', 'ge-first');
  private readonly poll: Poll;

  constructor(
    private readonly api: Api,
    private readonly around: ISurroundings,
  ) {
    super();
    this.id = 'genart_nb:studio';
    this.title.icon = ICON;
    this.title.caption = 'Studio: works and models';
    this.addClass('ge-studio');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', 'Studio');
    this.list = new WorkList(api);
    this.detail = new Detail(api, { ...around, favour: (work, favourite) => this.favour(work, favourite) });
    this.grid = new Grid(new Thumbs(api), this.list, {
      choose: work => this.detail.show(work),
      drag: (work, press) => around.drag(work, press),
    });
    this.search = new Search(query => void this.list.ask(query));
    this.cards = new Cards(api);
    this.said.setAttribute('role', 'status');
    this.fillEmpty();
    const works = element('div', 'ge-works');
    works.append(this.search.node, this.said, this.empty, this.grid.node, this.detail.node);
    this.node.append(...this.tabs(works, this.cards.node));
    this.list.changed.connect(() => this.tell());
    this.poll = new Poll({
      name: 'genart_nb:studio',
      auto: false,
      factory: () => this.look(),
      frequency: { interval: LOOK, backoff: true, max: 60_000 },
      standby: () => (this.isVisible ? 'when-hidden' : true),
    });
  }

  override dispose(): void {
    this.poll.dispose();
    this.grid.dispose();
    super.dispose();
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    void this.renew();
    void this.poll.start();
  }

  protected override onAfterHide(message: Message): void {
    super.onAfterHide(message);
    void this.poll.stop();
  }

  /** Ask for all of it anew. */
  async renew(): Promise<void> {
    await this.list.ask();
    const tallies = this.list.error ? null : await this.api.tallies().catch(() => null);
    if (tallies) {
      this.search.offer(tallies);
    }
  }

  private async look(): Promise<void> {
    if (this.list.error || (await this.api.stamp()) !== this.list.stamp) {
      await this.renew();
    }
  }

  private tabs(works: HTMLElement, models: HTMLElement): HTMLElement[] {
    const bar = element('div', 'ge-tabs');
    bar.setAttribute('role', 'tablist');
    const pages = [works, models];
    const tabs = ['Works', 'Models'].map((label, index) => {
      const tab = element('button', 'ge-tab', label);
      tab.id = `ge-tab-${index}`;
      tab.setAttribute('role', 'tab');
      pages[index]?.setAttribute('role', 'tabpanel');
      pages[index]?.setAttribute('aria-labelledby', tab.id);
      tab.addEventListener('click', () => choose(index));
      return tab;
    });
    const choose = (chosen: number) => {
      tabs.forEach((tab, index) => {
        tab.setAttribute('aria-selected', `${index === chosen}`);
        tab.tabIndex = index === chosen ? 0 : -1;
        const page = pages[index];
        if (page) {
          page.hidden = index !== chosen;
        }
      });
      tabs[chosen]?.focus();
      void (chosen === 1 ? this.cards.fill() : undefined);
    };
    bar.addEventListener('keydown', event => {
      if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
        choose(tabs[0]?.getAttribute('aria-selected') === 'true' ? 1 : 0);
      }
    });
    bar.dataset.lmSuppressShortcuts = 'true';
    choose(0);
    bar.append(...tabs);
    return [bar, ...pages];
  }

  private fillEmpty(): void {
    this.empty.hidden = true;
    this.empty.append(
      element('p', '', 'Nothing has been made yet. What you make is kept here. The first cell to try:'),
      element('pre', '', FIRST.join('\n')),
      button('New art notebook', 'Make a notebook that begins with this cell', async () => {
        await this.around.begin();
      }),
    );
  }

  private async favour(work: IWork, favourite: boolean): Promise<void> {
    try {
      await this.api.favour(work.id, favourite);
      this.list.replace({ ...work, favourite });
      this.detail.renew({ ...work, favourite });
    } catch (error) {
      this.said.textContent = reason(error);
    }
  }

  private tell(): void {
    const { error, query, total } = this.list;
    const searching = Boolean(query.words || query.art || query.model || query.notebook || query.favourite);
    const first = !error && !total && !searching;
    const count = `${total.toLocaleString('en')} work${total === 1 ? '' : 's'}`;
    this.said.textContent = error ? reason(error) : total ? count : searching ? 'No such work.' : '';
    this.said.classList.toggle('ge-malformed', Boolean(error));
    this.empty.hidden = !first;
    this.grid.node.hidden = !total;
    this.search.node.hidden = first;
    if (!total) {
      this.detail.hide();
    }
  }
}

/** The first cell to try; the magics must be loaded before. */
export const FIRST = ['%%paint --seed 7', 'a red fox in the snow'];
