// Completion of magics, options, values and names, without the kernel's shell channel: a busy kernel changes nothing.

import type { CompletionHandler, ICompletionContext, ICompletionProvider } from '@jupyterlab/completer';
import { Text } from '@jupyterlab/coreutils';
import { cellMagic, type ILine, type IWord, lineMagic } from './grammar';
import type { Names } from './names';
import type { IOption, Vocabulary } from './vocabulary';

type Item = CompletionHandler.ICompletionItem;

/** What could stand at a place: the words, and how much of one is typed already. */
interface IOffer {
  typed: string;
  items: Item[];
}

const OPEN_HOLE = /\{\{\s*(\w*)$/;
const MAGIC = /^\s*(%{1,2})(\w*)$/;

/** Ranked above the kernel's own completer, whose same answers JupyterLab then leaves out. */
export class MagicCompleter implements ICompletionProvider {
  readonly identifier = 'genart_nb:magics';
  readonly rank = 700;
  readonly renderer = null;

  constructor(
    private readonly known: Vocabulary,
    private readonly names: Names,
  ) {}

  /** Only where a magic is being written. */
  async isApplicable(context: ICompletionContext): Promise<boolean> {
    return context.editor?.model.sharedModel.getSource().includes('%') ?? false;
  }

  /** What could stand at the cursor. */
  async fetch(request: CompletionHandler.IRequest, context: ICompletionContext) {
    const at = Text.charIndexToJsIndex(request.offset, request.text);
    const { typed, items } = await this.offer(request.text, at, context.session?.kernel?.id ?? '');
    const end = request.offset;
    return { start: end - Array.from(typed).length, end, items: items.filter(item => item.label.startsWith(typed)) };
  }

  private async offer(text: string, at: number, kernel: string): Promise<IOffer> {
    const begin = text.lastIndexOf('\n', at - 1) + 1;
    const end = text.indexOf('\n', at) < 0 ? text.length : text.indexOf('\n', at);
    const cell = cellMagic(text, this.known);
    const inHead = cell !== null && at <= cell.to;
    const line = inHead ? cell : cell ? null : lineMagic(text, begin, end, this.known);
    const hole = OPEN_HOLE.exec(text.slice(begin, at));
    if (hole && (cell || line)) {
      return { typed: hole[1] ?? '', items: await this.variables(kernel) };
    }
    const name = MAGIC.exec(text.slice(begin, at));
    if (name && !(cell && !inHead)) {
      return this.magics(name[1] ?? '', name[2] ?? '', text.slice(0, begin).trim() === '');
    }
    return line ? this.onLine(line, text, at, kernel) : { typed: '', items: [] };
  }

  private magics(signs: string, typed: string, first: boolean): IOffer {
    const named = [...this.known.magics(), ...(signs === '%' ? ['genart'] : [])];
    const label = (name: string) => `${signs}${name}`;
    const items = named.map(name => ({
      label: label(name),
      type: 'magic',
      ...doc(this.known.all?.magics[name]?.help),
    }));
    return { typed: signs + typed, items: signs === '%' || first ? items : [] };
  }

  private async onLine(line: ILine, text: string, at: number, kernel: string): Promise<IOffer> {
    const word = line.words.find(each => each.from < at && at <= each.to);
    if (word?.part === 'name' || word?.part === 'comment') {
      return { typed: '', items: [] };
    }
    const typed = text.slice(word?.from ?? at, at);
    const equals = typed.indexOf('=');
    if (typed.startsWith('--') && equals > 0) {
      return { typed: typed.slice(equals + 1), items: await this.values(typed.slice(0, equals), line, kernel) };
    }
    const before = line.words.filter(each => each.to < at && each !== word).slice(1);
    const options = this.known.options(line.magic, line.command) ?? new Map<string, IOption>();
    const previous = before.at(-1);
    if (previous?.part === 'flag' && !previous.text.includes('=') && this.known.takesValue(previous.text, options)) {
      return { typed, items: await this.values(previous.text, line, kernel) };
    }
    return { typed, items: [...(await this.subjects(line, before, kernel)), ...flags(options, before)] };
  }

  private async values(flag: string, line: ILine, kernel: string): Promise<Item[]> {
    const name = this.known.optionName(flag);
    const option = this.known.options(line.magic, line.command)?.get(name);
    const kind = this.known.kind(line.magic, line.command);
    const models = (this.known.all?.models ?? []).filter(model => kind === undefined || model.kind === kind);
    if (['model', 'free', 'pin', 'unpin'].includes(name)) {
      return models.map(model => ({ label: model.id, type: model.kind, ...doc(`${model.title}, ${model.licence}`) }));
    }
    if (name === 'art') {
      return this.known.magics().map(label => ({ label, type: 'art' }));
    }
    const works = name === 'out' || option?.takes ? await this.works(kernel) : [];
    const suited = models.flatMap(model => model.choices[name] ?? []);
    const named = (option?.enum ?? [...new Set(suited)]).map(label => ({ label, type: 'value' }));
    return [...named, ...works];
  }

  private async subjects(line: ILine, before: IWord[], kernel: string): Promise<Item[]> {
    if (line.magic === 'easel') {
      const arts = this.known.magics().map(label => ({ label, type: 'art' }));
      return before.length ? [] : [...(await this.works(kernel)), ...arts];
    }
    if (line.magic !== 'genart') {
      const names = before.length ? null : await this.names.of(kernel);
      const aliases = names?.aliases.filter(alias => alias.art === line.magic) ?? [];
      return aliases.map(alias => ({ label: `@${alias.name}`, type: 'alias' }));
    }
    const [command, ...rest] = before.map(word => word.text);
    if (!command) {
      const told = Object.entries(this.known.all?.genart ?? {});
      return told.map(([label, { help }]) => ({ label, type: 'command', ...doc(help) }));
    }
    if (command === 'model') {
      const models = this.known.all?.models ?? [];
      const kinds = [...new Set(models.map(model => model.kind))].map(label => ({ label, type: 'kind' }));
      const offered = models.filter(model => !rest.length || model.kind === rest[0]);
      return [...(rest.length ? [] : kinds), ...offered.map(model => ({ label: model.id, type: model.kind }))];
    }
    if (command === 'alias' && rest.length === 1) {
      return this.known.magics().map(label => ({ label, type: 'art' }));
    }
    return ['last', 'remake', 'code', 'scan', 'inspect'].includes(command) && !rest.length ? this.works(kernel) : [];
  }

  private async works(kernel: string): Promise<Item[]> {
    const names = await this.names.of(kernel);
    return names?.works.map(work => ({ label: work.name, type: 'work', ...doc(work.mark) })) ?? [];
  }

  private async variables(kernel: string): Promise<Item[]> {
    const names = await this.names.of(kernel);
    return [...(await this.works(kernel)), ...(names?.others.map(label => ({ label, type: 'variable' })) ?? [])];
  }
}

function flags(options: Map<string, IOption>, before: IWord[]): Item[] {
  const taken = new Set(before.map(word => word.flag ?? ''));
  return [...options.values()].flatMap(option => {
    const off = `--no-${option.flag.slice(2)}`;
    const item = { label: option.flag, type: option.domain, ...doc(option.description) };
    const negated = { label: off, type: 'off', ...doc(option.description) };
    const both = option.type === 'boolean' && option.default === true ? [item, negated] : [item];
    return both.filter(each => !taken.has(each.label));
  });
}

function doc(text: string | undefined): { documentation?: string } {
  return text ? { documentation: text } : {};
}
