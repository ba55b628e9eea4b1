// Works into notebooks: as a cell with what it shows, on an easel, made again, or dragged there.

import { Notification } from '@jupyterlab/apputils';
import type { ICodeCell } from '@jupyterlab/nbformat';
import { type INotebookTracker, NotebookActions, type NotebookPanel } from '@jupyterlab/notebook';
import { MimeData } from '@lumino/coreutils';
import { Drag } from '@lumino/dragdrop';
import { type Api, type IOutput, type IWork, reason } from './api';
import { clipped } from './jobs';
import { element } from './popover';

const CELLS = 'application/vnd.jupyter.cells';
const FAR = 5; // pixels a hand must move before it drags
const LOADED = /(load_ext|import) genart_nb/;

/** The notebook in front, and what is put into it. */
export class Inserter {
  constructor(
    private readonly api: Api,
    private readonly notebooks: INotebookTracker | null,
    private readonly begin: () => Promise<unknown>,
  ) {}

  /** Insert the cell that makes a work, showing the work; the cell alone where its file is gone. */
  async insert(work: IWork): Promise<void> {
    const panel = this.front();
    if (!panel) {
      return;
    }
    try {
      const cell = work.gone ? bare((await this.api.work(work.id)).cell) : cellOf(await this.api.output(work.id));
      put(panel, [cell]);
    } catch (error) {
      Notification.error(reason(error));
    }
  }

  /** Make a work again in the notebook: `%genart remake` says whether it is the same; its cell where its file is gone. */
  async remake(work: IWork): Promise<void> {
    try {
      await this.run(work.gone ? (await this.api.work(work.id)).cell : `%genart remake ${work.digest}`);
    } catch (error) {
      Notification.error(reason(error));
    }
  }

  /** Insert a cell below, after one that loads our magics if the notebook has none, and run what was inserted. */
  async run(source: string): Promise<void> {
    const panel = this.front();
    if (!panel) {
      return;
    }
    const known = panel.content.widgets.some(each => LOADED.test(each.model.sharedModel.getSource()));
    const cells = known ? [bare(source)] : [bare('%load_ext genart_nb'), bare(source)];
    const first = put(panel, cells);
    const { content, sessionContext } = panel;
    await NotebookActions.runCells(content, content.widgets.slice(first, first + cells.length), sessionContext);
  }

  /** Begin to drag a work once the hand has moved far enough; dropped, it is its cell and what the cell shows. */
  drag(work: IWork, press: PointerEvent): void {
    if (press.button !== 0) {
      return;
    }
    const stop = () => {
      document.removeEventListener('pointermove', move, true);
      document.removeEventListener('pointerup', stop, true);
    };
    const move = (event: PointerEvent) => {
      if (Math.hypot(event.clientX - press.clientX, event.clientY - press.clientY) >= FAR) {
        stop();
        this.take(work, event);
      }
    };
    document.addEventListener('pointermove', move, true);
    document.addEventListener('pointerup', stop, true);
  }

  private take(work: IWork, { clientX, clientY }: PointerEvent): void {
    const cell = bare(`%genart gallery --open ${work.id}`); // what is dropped before the rest has come
    const dragImage = element('div', 'ge-dragged', clipped(`${work.art}: ${work.prompt}`, 40));
    const mimeData = new MimeData();
    mimeData.setData(CELLS, [cell]);
    void this.api.output(work.id).then(
      output => {
        Object.assign(cell, cellOf(output));
        dragImage.dataset.whole = 'true';
      },
      () => undefined,
    );
    const drag = new Drag({ mimeData, dragImage, proposedAction: 'copy', supportedActions: 'copy-move', source: this });
    void drag.start(clientX, clientY).then(() => drag.dispose());
  }

  private front(): NotebookPanel | null {
    const panel = this.notebooks?.currentWidget ?? null;
    if (!panel) {
      const actions = [{ label: 'New art notebook', callback: () => void this.begin() }];
      Notification.warning('Open a notebook first: that is where the cell goes.', { autoClose: 6000, actions });
    }
    return panel;
  }
}

/** Insert cells below the active one, and choose the last; where the first came to stand. */
export function put({ content }: NotebookPanel, cells: ICodeCell[]): number {
  const first = content.activeCell ? content.activeCellIndex + 1 : 0;
  content.model?.sharedModel.insertCells(first, cells);
  content.deselectAll();
  content.activeCellIndex = first + cells.length - 1;
  void content.scrollToItem(content.activeCellIndex).catch(() => undefined);
  return first;
}

/** A cell without outputs. */
export function bare(source: string): ICodeCell {
  return { cell_type: 'code', source, metadata: {}, outputs: [], execution_count: null };
}

function cellOf({ cell, data, metadata }: IOutput): ICodeCell {
  // Trusted, for it comes from the user's own gallery: its HTML was written by the medium, prompts escaped.
  const output = { output_type: 'display_data', data, metadata } as ICodeCell['outputs'][number];
  return { ...bare(cell), metadata: { trusted: true }, outputs: [output] };
}
