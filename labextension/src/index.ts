// Wiring only: which feature gets what of JupyterLab. Every feature is a file of its own, and works without the others.

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IEditorExtensionRegistry, IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import { ICompletionProviderManager } from '@jupyterlab/completer';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { IStatusBar } from '@jupyterlab/statusbar';
import { Api } from './api';
import { MagicCompleter } from './completion';
import { underlines } from './faults';
import { addHighlighting } from './highlighting';
import { hover } from './hover';
import { Names } from './names';
import { addRenderer } from './renderer';
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

export default [renderer, editing, completion, status];
