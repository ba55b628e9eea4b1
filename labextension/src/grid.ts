// A grid of works of any length: only the tiles in sight are in the page.

import type { IWork } from './api';
import { clipped } from './jobs';
import { element } from './popover';
import type { IThumb, Thumbs } from './thumbs';
import type { WorkList } from './works';

const TILE = 112; // least width of a tile in pixels, gap included
const SPARE = 2; // rows above and below those in sight

/** What the hand does with a work. */
export interface IHands {
  choose(work: IWork): void;
  drag(work: IWork, event: PointerEvent): void;
}

/** A listbox: arrows move the choice, Enter and a click make it, a drag takes the work away. */
export class Grid {
  readonly node = element('div', 'ge-grid');
  private readonly floor = element('div', 'ge-floor');
  private readonly tiles = new Map<number, ITile>();
  private readonly sight: ResizeObserver;
  private chosen = -1;
  private chosenId = -1; // places shift when a work is made
  private frame = 0;
  private least = TILE;

  constructor(
    private readonly thumbs: Thumbs,
    private readonly list: WorkList,
    private readonly hands: IHands,
  ) {
    this.node.tabIndex = 0;
    this.node.setAttribute('role', 'listbox');
    this.node.setAttribute('aria-label', 'Works, newest first');
    this.node.dataset.lmSuppressShortcuts = 'true';
    this.node.append(this.floor);
    this.node.addEventListener('scroll', () => this.soon(), { passive: true });
    this.node.addEventListener('keydown', event => this.key(event));
    this.sight = new ResizeObserver(() => this.soon());
    this.sight.observe(this.node);
    list.changed.connect(() => this.renew());
  }

  /** Let the list, the window and the thumbnails go. */
  dispose(): void {
    this.sight.disconnect();
    this.clear();
  }

  /** Show tiles of another size, at least `side` pixels wide. */
  resize(side: number): void {
    this.least = side;
    this.soon();
  }

  private get columns(): number {
    return Math.max(1, Math.floor(this.node.clientWidth / this.least));
  }

  /** Width and height of a tile: the columns fill the panel. */
  private get side(): number {
    return Math.max(48, Math.floor(this.node.clientWidth / this.columns));
  }

  /** Draw before the next frame. */
  private soon(): void {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  private renew(): void {
    this.clear();
    this.chosen = Math.min(this.chosen, this.list.total - 1);
    this.draw();
  }

  private clear(): void {
    for (const [index] of this.tiles) {
      this.drop(index);
    }
  }

  private drop(index: number): void {
    const tile = this.tiles.get(index);
    tile?.forget();
    tile?.node.remove();
    this.tiles.delete(index);
  }

  private draw(): void {
    const { columns, side } = this;
    this.floor.style.height = `${Math.ceil(this.list.total / columns) * side}px`;
    this.node.style.setProperty('--ge-side', `${side - 4}px`);
    const top = Math.floor(this.node.scrollTop / side) - SPARE;
    const rows = Math.ceil(this.node.clientHeight / side) + 2 * SPARE;
    const from = Math.max(0, top * columns);
    const to = Math.min(this.list.total, (top + rows) * columns);
    for (const index of [...this.tiles.keys()]) {
      if (index < from || index >= to) {
        this.drop(index);
      }
    }
    for (let index = from; index < to; index++) {
      const tile = this.place(index);
      tile.style.transform = `translate(${(index % columns) * side}px, ${Math.floor(index / columns) * side}px)`;
      tile.setAttribute('aria-selected', `${this.list.at(index)?.id === this.chosenId}`);
    }
  }

  private place(index: number): HTMLElement {
    const held = this.tiles.get(index);
    if (held && !held.empty) {
      return held.node;
    }
    const work = this.list.at(index);
    if (held && !work) {
      return held.node;
    }
    this.drop(index);
    const tile = this.tile(index, work);
    this.tiles.set(index, tile);
    this.floor.append(tile.node);
    return tile.node;
  }

  private tile(index: number, work: IWork | undefined): ITile {
    const node = element('div', 'ge-tile');
    node.id = `ge-tile-${index}`;
    node.setAttribute('role', 'option');
    node.setAttribute('aria-setsize', `${this.list.total}`);
    node.setAttribute('aria-posinset', `${index + 1}`);
    if (!work) {
      node.dataset.empty = 'true';
      node.setAttribute('aria-label', 'loading');
      return { node, empty: true, forget: () => undefined };
    }
    node.title = `${work.art}: ${work.prompt}\nseed ${work.seed} · ${work.model}${work.gone ? '\nits file is gone' : ''}`;
    node.setAttribute('aria-label', `${work.favourite ? 'favourite, ' : ''}${work.art}: ${clipped(work.prompt, 80)}`);
    node.addEventListener('click', () => this.choose(index));
    node.addEventListener('pointerdown', event => this.hands.drag(work, event));
    const star = work.favourite ? [element('span', 'ge-star', '★')] : [];
    const give = (thumb: IThumb) => node.replaceChildren(content(work, thumb), ...star);
    if (work.gone) {
      give({ gone: true });
      return { node, empty: false, forget: () => undefined };
    }
    return { node, empty: false, forget: this.thumbs.want(work, give) };
  }

  private choose(index: number): void {
    const work = this.list.at(index);
    this.chosen = index;
    this.chosenId = work?.id ?? -1;
    this.node.setAttribute('aria-activedescendant', `ge-tile-${index}`);
    this.draw();
    if (work) {
      this.hands.choose(work);
    }
  }

  private key(event: KeyboardEvent): void {
    const steps: Record<string, number> = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -this.columns,
      ArrowDown: this.columns,
      Home: -this.list.total,
      End: this.list.total,
    };
    const step = steps[event.key];
    if (step === undefined || !this.list.total) {
      return;
    }
    event.preventDefault();
    const index = Math.min(this.list.total - 1, Math.max(0, this.chosen + step));
    const row = Math.floor(index / this.columns) * this.side;
    const low = row + this.side - this.node.clientHeight;
    this.node.scrollTop = Math.min(row, Math.max(low, this.node.scrollTop));
    this.choose(index);
  }
}

/** A tile in the page; `forget` when it leaves. */
interface ITile {
  node: HTMLElement;
  empty: boolean;
  forget(): void;
}

function content(work: IWork, thumb: IThumb): HTMLElement {
  if (thumb.url) {
    const image = Object.assign(element('img', ''), { alt: '', draggable: false, decoding: 'async', src: thumb.url });
    return image;
  }
  const text = thumb.gone ? `gone: ${work.prompt}` : thumb.text || work.prompt || work.art;
  return element('span', 'ge-tile-words', clipped(text, 300));
}
