// A work's record as an output holds it: read with care, for anybody may have written it, and shown as text.

/** What is shown of a record. */
export interface IRecord {
  recipe: Record<string, unknown>;
  digest: string;
  sha256: string;
  partial: boolean;
}

const TEXT_MAX = 2000; // characters of one value: an output may be of any size
const ROWS_MAX = 60;

/** The record, if it is one. */
export function record(told: unknown): IRecord | null {
  if (!isObject(told) || !isObject(told.recipe)) {
    return null;
  }
  const { recipe } = told;
  if (typeof recipe.art !== 'string' || typeof recipe.prompt !== 'string' || typeof recipe.seed !== 'number') {
    return null;
  }
  const fingerprint = isObject(told.fingerprint) ? told.fingerprint : {};
  return {
    recipe,
    digest: text(told.digest),
    sha256: text(fingerprint.sha256),
    partial: told.partial === true,
  };
}

/** The recipe as a fold that opens with a click or a key; `open` where there is nothing else to see. */
export function recipeFold(found: IRecord, open = false): HTMLElement {
  const fold = document.createElement('details');
  fold.className = 'ge-recipe';
  fold.open = open;
  fold.dataset.lmSuppressShortcuts = 'true'; // else Enter would open the cell's editor, not the fold
  const summary = document.createElement('summary');
  summary.textContent = `recipe ${found.digest}`;
  fold.append(summary);
  const fill = () => {
    if (fold.open && !fold.querySelector('dl')) {
      fold.append(table(found), copyButton(found));
    }
  };
  fold.addEventListener('toggle', fill);
  fill();
  return fold;
}

function table(found: IRecord): HTMLElement {
  const { recipe } = found;
  const list = document.createElement('dl');
  const options = isObject(recipe.options) ? Object.entries(recipe.options) : [];
  const told: [string, unknown][] = [
    ['art', recipe.art],
    ['prompt', recipe.prompt],
    ['model', [recipe.model, recipe.revision].filter(Boolean).join(' @ ')],
    ['seed', recipe.seed],
    ...options.filter(([, value]) => value !== '' && value !== null),
    ['made from', sources(recipe.sources)],
    ['sha256', found.sha256],
    ['state', found.partial ? 'stopped early' : ''],
  ];
  for (const [name, value] of told.filter(([, value]) => value !== '').slice(0, ROWS_MAX)) {
    const [term, given] = [document.createElement('dt'), document.createElement('dd')];
    [term.textContent, given.textContent] = [text(name), text(value)];
    list.append(term, given);
  }
  return list;
}

function copyButton(found: IRecord): HTMLElement {
  const button = document.createElement('button');
  button.className = 'jp-mod-styled ge-copy';
  button.textContent = 'Copy recipe';
  button.addEventListener('click', () => {
    const said = (word: string) => () => {
      button.textContent = word;
    };
    navigator.clipboard
      .writeText(JSON.stringify(found.recipe, null, 2))
      .then(said('Copied'), said('Copying is not allowed here'));
  });
  return button;
}

function sources(told: unknown): string {
  const found = Array.isArray(told) ? told.filter(isObject) : [];
  return found.map(each => `${text(each.art)} “${text(each.prompt).slice(0, 60)}”, seed ${text(each.seed)}`).join('; ');
}

function text(value: unknown): string {
  const whole = typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
  return whole.length > TEXT_MAX ? `${whole.slice(0, TEXT_MAX)}…` : whole;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
