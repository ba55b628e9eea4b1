// A work large enough to be looked at, for the side panel and for comparing.

import { type Api, type IWork, reason } from './api';
import { element } from './popover';
import { shown } from './thumbs';

/** The work as a picture or a text, fetched when it is made; `free` lets it go. */
export function look(api: Api, work: IWork): { node: HTMLElement; free(): void } {
  const node = element('div', 'ge-look');
  let url = '';
  let freed = false;
  const show = async () => {
    const thumb = await shown(await api.thumbnail(work.id, 1280));
    if (thumb.url) {
      url = thumb.url;
      const image = Object.assign(element('img', ''), { alt: `${work.art}: ${work.prompt}`, src: url });
      node.replaceChildren(image);
    } else {
      const text = element('pre', 'ge-excerpt', thumb.text ?? '');
      text.tabIndex = 0; // it scrolls
      node.replaceChildren(text);
    }
    if (freed) {
      URL.revokeObjectURL(url);
    }
  };
  if (work.gone) {
    node.append(element('p', 'ge-malformed', 'The file of this work is gone. “Remake” makes it again.'));
  } else {
    show().catch(error => node.replaceChildren(element('p', 'ge-malformed', reason(error))));
  }
  return {
    node,
    free: () => {
      freed = true;
      URL.revokeObjectURL(url);
    },
  };
}

/** Give the browser a file to save. */
export function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  Object.assign(document.createElement('a'), { href: url, download: name }).click();
  window.setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
