// A new notebook that is ready for art: the magics loaded, a first cell to try.

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { PathExt } from '@jupyterlab/coreutils';
import type { ICodeCell } from '@jupyterlab/nbformat';
import { bare } from './hands';
import { FIRST } from './panel';

const CELLS: [string, string][] = [
  ['genart-load', '%load_ext genart_nb'],
  ['genart-first', FIRST.join('\n')],
];

/** Make one in a folder, and open it with the server's default kernel. */
export async function newArtNotebook({ commands, serviceManager }: JupyterFrontEnd, cwd: string): Promise<unknown> {
  const { contents, kernelspecs } = serviceManager;
  const { path } = await contents.newUntitled({ path: cwd, type: 'notebook' });
  const cells: ICodeCell[] = CELLS.map(([id, source]) => ({ ...bare(source), id }));
  const name = kernelspecs.specs?.default ?? 'python3';
  const kernelspec = { name, display_name: kernelspecs.specs?.kernelspecs[name]?.display_name ?? name };
  const content = { cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 };
  await contents.save(path, { type: 'notebook', format: 'json', content, name: PathExt.basename(path) });
  return commands.execute('docmanager:open', { path, factory: 'Notebook', kernel: { name } });
}
