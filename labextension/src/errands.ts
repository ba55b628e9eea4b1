// "Publish this notebook" and "Check this notebook": begun on the server, followed in a notification, ended with a link.

import { Dialog, Notification, showDialog } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { Widget } from '@lumino/widgets';
import { type Api, type IErrand, reason } from './api';
import { clipped, duration, fileName } from './jobs';
import { element } from './popover';

const LOOK = 700; // milliseconds
const WORDS = { publish: ['Publishing', 'published'], check: ['Checking', 'checked'] } as const;

/** How a notebook is published; see schema/publishing.json. */
export interface IManner {
  singleFile: boolean;
  painter: boolean;
}

/** Save the notebook, then publish or check it. Says what has come of it; resolves when it has. */
export async function send(api: Api, panel: NotebookPanel, kind: 'publish' | 'check', manner: IManner): Promise<void> {
  const { context } = panel;
  const name = fileName(context.path);
  const id = Notification.emit(`${WORDS[kind][0]} ${name}`, 'in-progress', { autoClose: false });
  try {
    await context.save();
    const path = context.localPath;
    const begun = await api.begin({ do: kind, path, single_file: manner.singleFile, painter: manner.painter });
    tell(api, id, await follow(api, id, begun));
  } catch (error) {
    Notification.update({ id, message: clipped(reason(error), 400), type: 'error', autoClose: false });
  }
}

async function follow(api: Api, id: string, begun: IErrand): Promise<IErrand> {
  let errand = begun;
  const stop = { label: 'Stop', callback: () => void api.halt(begun.id) };
  while (errand.state === 'running') {
    const far = errand.progress ? ` · ${errand.progress}` : '';
    const message = `${WORDS[errand.kind][0]} ${fileName(errand.path)}${far} · ${duration(errand.seconds)}`;
    const progress = errand.fraction ?? undefined;
    Notification.update({
      id,
      message: clipped(message, 130),
      type: 'in-progress',
      autoClose: false,
      actions: [stop],
      ...(progress === undefined ? {} : { progress }),
    });
    await new Promise(resolve => window.setTimeout(resolve, LOOK));
    errand = await api.errand(errand.id);
  }
  return errand;
}

function tell(api: Api, id: string, errand: IErrand): void {
  const name = fileName(errand.path);
  const open = { label: 'Open', callback: () => void window.open(api.page(errand.result), '_blank', 'noopener') };
  const all = { label: 'Details', callback: () => void details(errand) };
  const actions = [...(errand.result ? [open] : []), ...(errand.out.length + errand.said.length ? [all] : [])];
  const message = clipped(`${name}: ${outcome(errand)}`, 130);
  const type = errand.state === 'done' ? 'success' : errand.state === 'stopped' ? 'info' : 'error';
  Notification.update({ id, message, type, actions, autoClose: errand.state === 'stopped' ? 4000 : false });
}

function outcome({ kind, state, out, said, path }: IErrand): string {
  if (state === 'stopped') {
    return 'stopped';
  }
  if (kind === 'check' && out[0]) {
    return out[0].replace(/^.*\.ipynb\s+/, '');
  }
  const fault = said.find(line => /Error|error/.test(line)) ?? said.at(-1);
  return state === 'done' ? WORDS[kind][1] : (fault ?? `not ${WORDS[kind][1]}`).replace(`./${fileName(path)}`, '');
}

/** Everything that the command has said. */
async function details(errand: IErrand): Promise<void> {
  const node = element('pre', 'ge-report', [...errand.said, ...errand.out].join('\n'));
  node.tabIndex = 0;
  const body = new Widget({ node });
  await showDialog({ title: `genart ${errand.kind} ${fileName(errand.path)}`, body, buttons: [Dialog.okButton()] });
}
