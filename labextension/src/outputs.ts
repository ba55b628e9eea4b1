// Right-click on a work in a notebook: copy its recipe, save it full size, make it again with a new seed.

import { Notification } from '@jupyterlab/apputils';
import type { CodeCell } from '@jupyterlab/cells';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { NotebookActions } from '@jupyterlab/notebook';
import { type Api, reason } from './api';
import { bare, put } from './hands';
import { save } from './looks';
import { type IRecord, record } from './recipe';
import { MIME } from './renderer';

/** A work in an output: its record, and the bundle that it came with. */
export interface IShown {
  panel: NotebookPanel;
  cell: number;
  record: IRecord;
  data: Record<string, unknown>;
}

/** The work that a node of the page shows, or else the first of the active cell; null where there is none. */
export function workAt(notebooks: INotebookTracker, node: Element | undefined): IShown | null {
  const panel = notebooks.currentWidget;
  const cells = panel?.content.widgets ?? [];
  const index = node ? cells.findIndex(each => each.node.contains(node)) : (panel?.content.activeCellIndex ?? -1);
  const cell = cells[index];
  if (!panel || cell?.model.type !== 'code') {
    return null;
  }
  const places = [...cell.node.querySelectorAll('.jp-OutputArea-child')];
  const place = node ? places.findIndex(each => each.contains(node)) : -1;
  const { model } = (cell as CodeCell).outputArea;
  const all = Array.from({ length: model.length }, (_, at) => model.get(at).data as Record<string, unknown>);
  for (const data of place < 0 ? all : all.slice(place, place + 1)) {
    const found = record(data[MIME]);
    if (found) {
      return { panel, cell: index, record: found, data };
    }
  }
  return null;
}

/** Copy a recipe as JSON. */
export async function copyRecipe({ record }: IShown): Promise<void> {
  try {
    await navigator.clipboard.writeText(JSON.stringify(record.recipe, null, 2));
    Notification.info(`Recipe ${record.digest} is on the clipboard.`, { autoClose: 2000 });
  } catch {
    Notification.error('The browser does not allow copying here.', { autoClose: 4000 });
  }
}

/** Save the work: the gallery's own file where it has it, else the picture or text that the notebook holds. */
export async function saveFullSize(api: Api, { record, data }: IShown): Promise<void> {
  const name = `${String(record.recipe.art)}-${record.digest}`.replace(/[^\w.-]/g, '_');
  try {
    const kept = (await api.works({ sha256: record.sha256 || '-' }, 0, 1)).works[0];
    if (kept && !kept.gone) {
      save(await api.file(kept.id), kept.file);
      return;
    }
  } catch {
    // no server extension, or no gallery: the notebook has at least what it shows
  }
  const type = ['image/png', 'image/webp', 'image/jpeg', 'image/svg+xml', 'text/plain'].find(each => data[each]);
  if (!type) {
    Notification.error('Neither the gallery nor this output holds the work any more.');
    return;
  }
  const held = [data[type]].flat().join('');
  const bytes = type.startsWith('image/') && !type.endsWith('xml') ? decoded(held) : held;
  save(
    new Blob([bytes], { type }),
    `${name}.${{ 'text/plain': 'txt', 'image/svg+xml': 'svg' }[type] ?? type.slice(6)}`,
  );
}

/** Put the cell that makes the work with another seed below, and run it. */
export async function remakeFresh(api: Api, { panel, cell, record }: IShown): Promise<void> {
  try {
    const { cell: source } = await api.cell(record.recipe, true);
    panel.content.activeCellIndex = cell;
    const first = put(panel, [bare(source)]);
    const { content, sessionContext } = panel;
    await NotebookActions.runCells(content, content.widgets.slice(first, first + 1), sessionContext);
  } catch (error) {
    Notification.error(reason(error));
  }
}

function decoded(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), each => each.charCodeAt(0));
}
