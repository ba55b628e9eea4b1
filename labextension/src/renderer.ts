// Works in outputs: shown as the notebook shows them, with the recipe one click below, kernel or none.

import type { IRenderMime, IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { Panel, Widget } from '@lumino/widgets';
import { recipeFold, record } from './recipe';

/** What a work's record is stored as in a notebook. */
export const MIME = 'application/vnd.genart.v1+json';
const RANK = 5; // before HTML, which is drawn within

/** Offer the renderer. It is safe: of the record nothing is shown but text, and the rest is drawn by its own renderer. */
export function addRenderer(registry: IRenderMimeRegistry): void {
  const createRenderer = (options: IRenderMime.IRendererOptions) => new RenderedWork(options, registry);
  registry.addFactory({ safe: true, mimeTypes: [MIME], createRenderer }, RANK);
}

class RenderedWork extends Panel implements IRenderMime.IRenderer {
  constructor(
    private readonly options: IRenderMime.IRendererOptions,
    private readonly registry: IRenderMimeRegistry,
  ) {
    super();
    this.addClass('ge-work');
  }

  /** Draw the work, or draw it anew. */
  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const { [MIME]: told, ...rest } = model.data;
    const found = record(told);
    this.clear();
    const type = this.bestOf(rest, model.trusted);
    if (type) {
      const registry = this.options.resolver ? this.registry.clone({ resolver: this.options.resolver }) : this.registry;
      const shown = registry.createRenderer(type);
      this.addWidget(shown);
      await shown.renderModel(only(model, rest));
    }
    this.addWidget(new Widget({ node: found ? recipeFold(found, !type) : malformed(told) }));
  }

  /** The type that JupyterLab would have chosen without us; of an untrusted notebook, a picture before its HTML. */
  private bestOf(data: IRenderMime.IMimeModel['data'], trusted: boolean): string | undefined {
    const picture = Object.keys(data).find(type => /^image\/(png|jpeg|gif|webp)$/.test(type));
    if (!trusted && picture) {
      return picture;
    }
    return this.registry.preferredMimeType(data, trusted ? 'any' : 'ensure');
  }

  private clear(): void {
    for (const each of [...this.widgets]) {
      each.dispose();
    }
  }
}

function only(model: IRenderMime.IMimeModel, data: IRenderMime.IMimeModel['data']): IRenderMime.IMimeModel {
  const { trusted, metadata } = model;
  return { trusted, metadata, data, setData: options => model.setData(options) };
}

function malformed(told: unknown): HTMLElement {
  const said = `This output's recipe cannot be read (${told === null ? 'null' : typeof told}). Run the cell to make it again.`;
  return Object.assign(document.createElement('div'), { className: 'ge-malformed', textContent: said });
}
