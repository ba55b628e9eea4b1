// Commands of the side panel, of notebooks and of their outputs; menus, toolbar and keys are in schema/*.json.

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { type ICommandPalette, MainAreaWidget } from '@jupyterlab/apputils';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { LabIcon } from '@jupyterlab/ui-components';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { Api, IWork } from './api';
import { Comparison } from './compare';
import { type IManner, send } from './errands';
import { copyRecipe, type IShown, remakeFresh, saveFullSize, workAt } from './outputs';
import { ICON } from './panel';
import type { Vocabulary } from './vocabulary';

const PUBLISH = new LabIcon({
  name: 'genart_nb:publish',
  svgstr:
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path class="jp-icon3" fill="#616161" d="M12 3l5.5 5.5-1.4 1.4L13 6.8V16h-2V6.8L7.9 9.9 6.5 8.5 12 3ZM5 14h2v5h10v-5h2v7H5v-7Z"/></svg>',
});
const CHECK = new LabIcon({
  name: 'genart_nb:check',
  svgstr:
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path class="jp-icon3" fill="#616161" d="M3 4h18v16H3V4Zm2 2v12h14V6H5Zm5.5 9.9-3.4-3.4 1.4-1.4 2 2 5-5 1.4 1.4-6.4 6.4Z"/></svg>',
});
const CATEGORY = 'Generative art';
const NOTHING = { args: { type: 'object', properties: {} } } as const;
const CLICKED = { args: { type: 'object', properties: { clicked: { type: 'boolean' } } } } as const;
const SETTLED = 800; // milliseconds after the last change of a notebook
const MAGIC = /^\s*%{1,2}(\w+)/;

/** Open two works beside each other. */
export function openComparison({ shell }: JupyterFrontEnd, api: Api, works: [IWork, IWork]): void {
  const content = new Comparison(api, works);
  const widget = new MainAreaWidget({ content });
  widget.id = content.id;
  widget.title.label = content.title.label;
  widget.title.icon = ICON;
  widget.title.closable = true;
  shell.add(widget, 'main');
  shell.activateById(widget.id);
}

/** "Publish" and "Check": offered in notebooks that have our cells. */
export function addErrands(
  { commands }: JupyterFrontEnd,
  api: Api,
  notebooks: INotebookTracker,
  known: Vocabulary,
  manner: () => IManner,
): string[] {
  const names = { publish: 'Publish This Notebook', check: 'Check This Notebook' } as const;
  const captions = {
    publish: 'Publish: save, and make a page of it that works offline',
    check: 'Check: run it again and compare its works with what it shows',
  } as const;
  const front = () => notebooks.currentWidget;
  const ids = (['publish', 'check'] as const).map(kind => {
    const id = `genart:${kind}`;
    commands.addCommand(id, {
      label: args => (args.toolbar ? '' : names[kind]),
      caption: captions[kind],
      icon: args => (args.toolbar ? { publish: PUBLISH, check: CHECK }[kind] : undefined),
      describedBy: NOTHING,
      isVisible: () => hasArt(front(), known),
      isEnabled: () => front() !== null,
      execute: async () => {
        const panel = front();
        if (panel) {
          await send(api, panel, kind, manner());
        }
      },
    });
    return id;
  });
  let last: boolean | null = null;
  const changed = () => {
    const now = hasArt(front(), known);
    for (const id of now === last ? [] : ids) {
      commands.notifyCommandChanged(id);
    }
    last = now;
  };
  notebooks.currentChanged.connect(changed);
  notebooks.widgetAdded.connect((_, panel) => {
    void panel.context.ready.then(() => {
      changed();
      let waits = 0;
      panel.content.model?.contentChanged.connect(() => {
        window.clearTimeout(waits);
        waits = window.setTimeout(changed, SETTLED);
      });
    });
  });
  return ids;
}

/** What can be done with a work in an output. */
export function addOutputCommands(app: JupyterFrontEnd, api: Api, notebooks: INotebookTracker): string[] {
  // Only a menu means what was clicked; keys and the palette mean the active cell, whatever was clicked before.
  const shown = ({ clicked }: ReadonlyPartialJSONObject) => {
    const node = clicked ? app.contextMenuHitTest(each => each.classList.contains('ge-work')) : undefined;
    return workAt(notebooks, node);
  };
  const acts: [string, string, (work: IShown) => Promise<void>][] = [
    ['genart:copy-recipe', 'Copy Recipe', work => copyRecipe(work)],
    ['genart:save-work', 'Save Work Full Size', work => saveFullSize(api, work)],
    ['genart:remake-fresh', 'Remake With a New Seed', work => remakeFresh(api, work)],
  ];
  return acts.map(([id, label, act]) => {
    const execute = async (args: ReadonlyPartialJSONObject) => {
      const work = shown(args);
      if (work) {
        await act(work);
      }
    };
    app.commands.addCommand(id, { label, describedBy: CLICKED, isEnabled: args => shown(args) !== null, execute });
    return id;
  });
}

/** Put commands into the palette. */
export function offer(palette: ICommandPalette | null, ids: string[]): void {
  for (const command of ids) {
    palette?.addItem({ command, category: CATEGORY });
  }
}

function hasArt(panel: NotebookPanel | null, known: Vocabulary): boolean {
  const names = new Set(['genart', ...known.magics()]);
  return (panel?.content.model?.sharedModel.cells ?? []).some(cell => {
    const source = cell.getSource().slice(0, 4000);
    return source.includes('genart_nb') || names.has(MAGIC.exec(source)?.[1] ?? '');
  });
}
