// Small pictures of works: a few at a time, what is in sight first, the last few hundred kept.

import { type Api, ApiError, type IWork } from './api';

const AT_ONCE = 6;
const KEPT = 400;

/** What a tile shows: a picture by its URL, a text, or that there is nothing. */
export interface IThumb {
  url?: string;
  text?: string;
  gone?: boolean;
}

interface IWish {
  work: IWork;
  give(thumb: IThumb): void;
}

/** Thumbnails of tiles. A tile that leaves the sight gives its wish up. */
export class Thumbs {
  private readonly held = new Map<string, IThumb>();
  private readonly wishes: IWish[] = [];
  private busy = 0;

  constructor(private readonly api: Api) {}

  /** Give a work's thumbnail once it is there; call what is returned when it is wanted no more. */
  want(work: IWork, give: (thumb: IThumb) => void): () => void {
    const key = keyOf(work);
    const found = this.held.get(key);
    if (found) {
      this.held.delete(key); // to the end: what was looked at last goes last
      this.held.set(key, found);
      give(found);
      return () => undefined;
    }
    const wish = { work, give };
    this.wishes.push(wish);
    this.next();
    return () => {
      const index = this.wishes.indexOf(wish);
      if (index >= 0) {
        this.wishes.splice(index, 1);
      }
    };
  }

  private next(): void {
    while (this.busy < AT_ONCE) {
      const wish = this.wishes.pop(); // the newest: what was scrolled past can wait
      if (!wish) {
        return;
      }
      this.busy += 1;
      void this.fetch(wish).finally(() => {
        this.busy -= 1;
        this.next();
      });
    }
  }

  private async fetch({ work, give }: IWish): Promise<void> {
    let thumb: IThumb;
    try {
      thumb = await shown(await this.api.thumbnail(work.id, 256));
    } catch (error) {
      thumb = { gone: error instanceof ApiError && error.status === 410 };
      give(thumb);
      return;
    }
    this.held.set(keyOf(work), thumb);
    for (const [key, { url }] of this.held) {
      if (this.held.size <= KEPT) {
        break;
      }
      this.held.delete(key);
      if (url) {
        URL.revokeObjectURL(url);
      }
    }
    give(thumb);
  }
}

/** An answer as what can be shown. */
export async function shown(blob: Blob): Promise<IThumb> {
  return blob.type.startsWith('text/') ? { text: await blob.text() } : { url: URL.createObjectURL(blob) };
}

function keyOf(work: IWork): string {
  return `${work.id}-${work.digest}`;
}
