// Wiring only: which feature gets what of JupyterLab. Every feature is a file of its own, and works without the others.

import { ILabShell, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IEditorExtensionRegistry, IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import { ICompletionProviderManager } from '@jupyterlab/completer';
import { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import { ILauncher } from '@jupyterlab/launcher';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStatusBar } from '@jupyterlab/statusbar';
import { Api } from './api';
import { MagicCompleter } from './completion';
import { addErrands, addOutputCommands, offer, openComparison } from './desk';
import type { IManner } from './errands';
import { underlines } from './faults';
import { newArtNotebook } from './fresh';
import { Inserter } from './hands';
import { addHighlighting } from './highlighting';
import { hover } from './hover';
import { save } from './looks';
import { Names } from './names';
import { ICON, StudioPanel } from './panel';
import { addRenderer } from './renderer';
import { follow } from './settings';
import { StatusItem } from './status';
import { Vocabulary } from './vocabulary';
import { Watch } from './watch';

const api = new Api();
const known = new Vocabulary();
const watch = new Watch(api, known);

const renderer: JupyterFrontEndPlugin<void> = {
  id: 'genart_nb:renderer',
  description: 'Shows works and their recipes, with or without a kernel.',
  autoStart: true,
  requires: [IRenderMimeRegistry],
  activate: (_: JupyterFrontEnd, registry: IRenderMimeRegistry) => addRenderer(registry),
};

const editing: JupyterFrontEndPlugin<void> = {
  id: 'genart_nb:editing',
  description: 'Colours magic cells, underlines what they would refuse, and explains options.',
  autoStart: true,
  requires: [IEditorLanguageRegistry, IEditorExtensionRegistry],
  activate: (_: JupyterFrontEnd, languages: IEditorLanguageRegistry, extensions: IEditorExtensionRegistry) => {
    addHighlighting(languages, known);
    const aids = [underlines(known), hover(known)];
    extensions.addExtension({
      name: 'genart_nb',
      factory: () => ({ instance: () => aids, reconfigure: () => null }),
    });
  },
};

const completion: JupyterFrontEndPlugin<void> = {
  id: 'genart_nb:completion',
  description: 'Completes magics, options, values and names, also while the kernel is busy.',
  autoStart: true,
  requires: [ICompletionProviderManager],
  activate: (_: JupyterFrontEnd, manager: ICompletionProviderManager) =>
    manager.registerProvider(new MagicCompleter(known, new Names(api))),
};

const status: JupyterFrontEndPlugin<void> = {
  id: 'genart_nb:status',
  description: 'Shows and stops what is being made.',
  autoStart: true,
  optional: [IStatusBar, INotebookTracker],
  activate: (app: JupyterFrontEnd, bar: IStatusBar | null, notebooks: INotebookTracker | null) => {
    const item = new StatusItem(api, watch, () => notebooks?.currentWidget?.context.path ?? '');
    notebooks?.widgetAdded.connect((_, panel) => {
      panel.sessionContext.statusChanged.connect(() => watch.refresh());
    });
    app.commands.addCommand('genart:stop', {
      label: 'Stop the work that is being made',
      describedBy: { args: { type: 'object', properties: {} } },
      execute: () => item.stopForemost(),
    });
    bar?.registerStatusItem('genart_nb:status', {
      item,
      align: 'left',
      rank: 4,
      isActive: () => item.active,
      activeStateChanged: watch.changed,
    });
  },
};

const studio: JupyterFrontEndPlugin<void> = {
  id: 'genart_nb:studio',
  description: 'The Studio: every work found again, the models, and a new notebook for art.',
  autoStart: true,
  optional: [INotebookTracker, ILabShell, ICommandPalette, ILauncher, ISettingRegistry, IDefaultFileBrowser],
  activate: (
    app: JupyterFrontEnd,
    notebooks: INotebookTracker | null,
    lab: ILabShell | null,
    palette: ICommandPalette | null,
    launcher: ILauncher | null,
    registry: ISettingRegistry | null,
    files: IDefaultFileBrowser | null,
  ) => {
    const begin = (cwd?: string) => newArtNotebook(app, cwd ?? files?.model.path ?? '');
    const hands = new Inserter(api, notebooks, begin);
    const panel = new StudioPanel(api, {
      begin,
      insert: work => hands.insert(work),
      easel: work => hands.run(`%easel ${work.digest}`),
      remake: work => hands.remake(work),
      save: work => api.file(work.id).then(blob => save(blob, work.file)),
      compare: async works => openComparison(app, api, works),
      drag: (work, press) => hands.drag(work, press),
    });
    app.shell.add(panel, 'left', { rank: 650 });
    app.commands.addCommand('genart:studio', {
      label: 'Show the Studio',
      describedBy: { args: { type: 'object', properties: {} } },
      execute: () => (lab ?? app.shell).activateById(panel.id),
    });
    app.commands.addCommand('genart:new-notebook', {
      label: args => (args.isPalette ? 'New Art Notebook' : 'Art Notebook'),
      caption: 'A notebook with the magics loaded and a first cell to try',
      icon: args => (args.isPalette ? undefined : ICON),
      describedBy: { args: { type: 'object', properties: { cwd: { type: 'string' } } } },
      execute: args => begin(typeof args.cwd === 'string' ? args.cwd : undefined),
    });
    const kernelIconUrl = `data:image/svg+xml,${encodeURIComponent(ICON.svgstr)}`; // notebooks are shown by their kernel
    launcher?.add({ command: 'genart:new-notebook', category: 'Notebook', rank: 20, kernelIconUrl });
    offer(palette, ['genart:studio', 'genart:new-notebook', 'genart:stop']);
    void follow(registry, studio.id, settings => panel.grid.resize(settings.tileSize as number));
  },
};

const publishing: JupyterFrontEndPlugin<void> = {
  id: 'genart_nb:publishing',
  description: 'Publishes and checks notebooks; copies, saves and remakes the works in their outputs.',
  autoStart: true,
  requires: [INotebookTracker],
  optional: [ICommandPalette, ISettingRegistry],
  activate: (
    app: JupyterFrontEnd,
    notebooks: INotebookTracker,
    palette: ICommandPalette | null,
    registry: ISettingRegistry | null,
  ) => {
    let manner: IManner = { singleFile: true, painter: false };
    const errands = addErrands(app, api, notebooks, known, () => manner);
    offer(palette, [...errands, ...addOutputCommands(app, api, notebooks)]);
    void follow(registry, publishing.id, settings => {
      manner = { singleFile: settings.singleFile !== false, painter: settings.painter === true };
    });
  },
};

export default [renderer, editing, completion, status, studio, publishing];
