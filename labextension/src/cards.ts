// The model shelf: which weights there are, under which licence, how large, what they are good at, how to get them.

import { type Api, type ICard, reason } from './api';
import { size } from './jobs';
import { button, element } from './popover';

/** Cards of all models, fetched whenever the shelf is shown. */
export class Cards {
  readonly node = element('section', 'ge-cards');
  private readonly list = element('ul', '');

  constructor(private readonly api: Api) {
    this.node.setAttribute('aria-label', 'Models');
    this.node.tabIndex = 0; // it scrolls, so keys must reach it
    this.node.append(this.list);
  }

  /** Fetch them anew: one may have been installed. */
  async fill(): Promise<void> {
    try {
      this.list.replaceChildren(...(await this.api.models()).map(card));
    } catch (error) {
      this.list.replaceChildren(element('li', 'ge-malformed', reason(error)));
    }
  }
}

function card(told: ICard): HTMLElement {
  const item = element('li', '');
  const head = element('header', '');
  const ready = told.state === 'ready';
  const state = element('span', `ge-state ${ready ? 'ge-ready' : ''}`, ready ? 'ready' : told.state);
  head.append(element('strong', '', told.title), state);
  const facts = [told.id, told.kind, told.size ? size(told.size) : '', told.licence, told.languages.join(', ')];
  item.append(head, element('span', 'ge-facts', facts.filter(Boolean).join(' · ')));
  for (const ability of ['good', 'weak', 'unable']) {
    const arts = Object.keys(told.abilities).filter(art => told.abilities[art] === ability);
    if (arts.length) {
      item.append(element('span', `ge-${ability}`, `${ability} at ${arts.join(', ')}`));
    }
  }
  if (told.limits) {
    item.append(element('span', 'ge-facts', told.limits));
  }
  if (!ready) {
    item.append(element('span', 'ge-facts', told.detail));
  }
  if (told.install && !ready) {
    const command = element('code', '', told.install);
    const copy = button('Copy', `Copy the command that installs ${told.title}`, () =>
      navigator.clipboard.writeText(told.install),
    );
    const row = element('div', 'ge-install');
    row.append(command, copy);
    item.append(row);
  }
  return item;
}
