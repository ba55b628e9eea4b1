// Which magics there are and what each takes: asked for once, then known without asking.

import { type ISignal, Signal } from '@lumino/signaling';

/** One option, as JSON Schema with what people read. */
export interface IOption {
  type: 'integer' | 'number' | 'boolean' | 'string';
  description: string;
  flag: string;
  domain: string;
  default: unknown;
  enum?: string[];
  minimum?: number;
  maximum?: number;
  unit?: string;
  takes?: string;
}

/** JSON Schema of a table of options. */
export interface ITable {
  properties: Record<string, IOption>;
}

/** What a kernel or the server tells of its magics. */
export interface IVocabulary {
  common: ITable;
  short: Record<string, string>;
  magics: Record<string, { help: string; example: string; kind: string | null; schema: ITable }>;
  /** The art form of an easel that is given a prompt and no form. */
  easel: string;
  genart: Record<string, { usage: string; help: string; schema: ITable }>;
  models: { id: string; kind: string; title: string; licence: string; choices: Record<string, string[]> }[];
}

// Before anybody has answered these are coloured; of their options nothing is claimed.
const KNOWN_MAGICS =
  'animate ask character chat code compose dialogue easel lyrics paint plot poem polish restyle rewrite screenplay story summarize translate';
const KNOWN_FLAGS = new Set(['bg', 'raw', 'help', 'svg', 'recipe', 'cell']);

/** The magics known at this moment. */
export class Vocabulary {
  private told: IVocabulary | null = null;
  private names = new Set(KNOWN_MAGICS.split(' '));
  private coming: Promise<void> | null = null;
  private readonly changedSignal = new Signal<this, void>(this);
  private readonly wantedSignal = new Signal<this, void>(this);

  /** Counts what was learnt, so that a reader can tell whether it is up to date. */
  version = 0;

  /** Emitted when it has learnt something. */
  get changed(): ISignal<this, void> {
    return this.changedSignal;
  }

  /** Emitted whenever one of our magics is read somewhere: from then on it is worth asking. */
  get wanted(): ISignal<this, void> {
    return this.wantedSignal;
  }

  /** Everything that was told; null before the first answer. */
  get all(): IVocabulary | null {
    return this.told;
  }

  /** Take in an answer. A kernel's magics may be more than the server's, so none is forgotten. */
  learn(told: IVocabulary): void {
    this.told = { ...told, magics: { ...this.told?.magics, ...told.magics } };
    this.names = new Set([...this.names, ...Object.keys(told.magics)]);
    this.version += 1;
    this.changedSignal.emit();
  }

  /** Whether a cell that begins with `%%name` is ours. */
  has(name: string): boolean {
    return this.want(this.names.has(name));
  }

  /** Whether a line that begins with `%name` is ours. */
  hasLine(name: string): boolean {
    return this.want(name === 'genart' || this.names.has(name));
  }

  /** Somebody uses us: ask who can tell. */
  expect(): void {
    this.wantedSignal.emit();
  }

  /** Resolves when more is learnt. */
  next(): Promise<void> {
    this.coming ??= new Promise(resolve => {
      const learnt = () => {
        this.changedSignal.disconnect(learnt);
        this.coming = null;
        resolve();
      };
      this.changedSignal.connect(learnt);
    });
    return this.coming;
  }

  private want(ours: boolean): boolean {
    if (ours) {
      this.expect();
    }
    return ours;
  }

  /** Names of all magics. */
  magics(): string[] {
    return [...this.names].sort();
  }

  /**
   * Options of a magic in order, its own first; null while nobody has told. `command` is a
   * `%genart` subcommand, or the art form that is put on an easel.
   */
  options(magic: string, command = ''): Map<string, IOption> | null {
    const told = this.told;
    if (!told) {
      return null;
    }
    if (magic === 'genart') {
      const form = command.startsWith('alias ') ? command.slice(6) : '';
      return form ? this.options(form) : entries(told.genart[command]?.schema);
    }
    const own = told.magics[magic];
    const form = magic === 'easel' ? (told.magics[command] ?? told.magics[told.easel]) : undefined;
    return own ? new Map([...entries(own.schema), ...entries(form?.schema), ...entries(told.common)]) : null;
  }

  /** The kind of model that a line's art form asks for, null where it needs none; undefined where there is no form. */
  kind(magic: string, command = ''): string | null | undefined {
    const form = magic === 'easel' ? (command in (this.told?.magics ?? {}) ? command : this.told?.easel) : magic;
    return this.told?.magics[form ?? '']?.kind;
  }

  /** The name of the option that a word such as `--form` or `-o` stands for. */
  optionName(flag: string): string {
    return this.told?.short[flag] ?? (flag === '-o' ? 'out' : flag.replace(/^--?/, '').replaceAll('-', '_'));
  }

  /** Whether an option is followed by a value. Unknown ones are taken to be, as most are. */
  takesValue(flag: string, options: Map<string, IOption> | null): boolean {
    const name = this.optionName(flag);
    const option = options?.get(name);
    if (option) {
      return option.type !== 'boolean';
    }
    return !KNOWN_FLAGS.has(name) && !name.startsWith('no_');
  }
}

/** The known word that was most likely meant; undefined if none is near. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.ceil(word.length / 2));
  for (const each of known) {
    const far = distance(word, each, least);
    if (far < least) {
      [best, least] = [each, far];
    }
  }
  return best;
}

function entries(table?: ITable): Map<string, IOption> {
  return new Map(Object.entries(table?.properties ?? {}));
}

/** Levenshtein's distance, or `limit` where it is at least that. */
function distance(one: string, other: string, limit: number): number {
  if (Math.abs(one.length - other.length) >= limit) {
    return limit;
  }
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same));
    }
    row = next;
  }
  return Math.min(limit, row[other.length] ?? limit);
}
