// Reading a magic line: the same words as genart_nb/magics/grammar.py sees, each with its place and its part.

import type { IOption, Vocabulary } from './vocabulary';

/** What a word is for. */
export type Part = 'name' | 'command' | 'alias' | 'flag' | 'value' | 'text' | 'comment';

/** A word and its place in the cell; `flag` names the option whose value it is. */
export interface IWord {
  part: Part;
  text: string;
  from: number;
  to: number;
  flag?: string;
}

/** A line that begins with one of our magics. */
export interface ILine {
  magic: string;
  /** `%genart`'s subcommand, `alias FORM` where that is what is written; the art form, or the work, of an easel. */
  command: string;
  /** Whether the cell below is the prompt. */
  whole: boolean;
  from: number;
  to: number;
  words: IWord[];
}

/** `{{expr}}`: `from` and `to` bound the expression, its braces stand around it. */
export interface IHole {
  from: number;
  to: number;
}

const FIRST = /^\s*%%(\w+)(?=\s|$)/;
const LINE = /^([ \t]*(?:[\w., ]+=[ \t]*)?)%(\w+)(?=[ \t]|$)/;
const OPTION = /^--?[^\W\d_]/;
const HOLE = /\{\{(?!\{)/g;
const HOLE_MAX = 2000;

/** The magic line that makes a whole cell ours; null for any other cell. */
export function cellMagic(text: string, known: Vocabulary): ILine | null {
  const found = FIRST.exec(text);
  if (!found?.[1] || !known.has(found[1])) {
    return null;
  }
  const from = found[0].indexOf('%%');
  return read(text, from, endOfLine(text, from), found[1], 2, known);
}

/** The line magics of ours in a Python cell. */
export function lineMagics(text: string, known: Vocabulary): ILine[] {
  const lines: ILine[] = [];
  for (let from = 0; text.includes('%', from); ) {
    const to = endOfLine(text, from);
    const line = lineMagic(text, from, to, known);
    if (line) {
      lines.push(line);
    }
    from = to + 1;
  }
  return lines;
}

/** The line magic that stands between two places, if any. */
export function lineMagic(text: string, from: number, to: number, known: Vocabulary): ILine | null {
  const found = LINE.exec(text.slice(from, to));
  const name = found?.[2] ?? '';
  if (!found || !known.hasLine(name)) {
    return null;
  }
  return read(text, from + (found[1]?.length ?? 0), to, name, 1, known);
}

/** Every `{{expr}}` between two places, on one line each. */
export function holes(text: string, from: number, to: number): IHole[] {
  const found: IHole[] = [];
  HOLE.lastIndex = from;
  for (let open = HOLE.exec(text); open && open.index < to; open = HOLE.exec(text)) {
    const begin = open.index + 2;
    const end = text.indexOf('}}', begin);
    if (end < 0 || end > to || end - begin > HOLE_MAX) {
      break;
    }
    found.push({ from: begin, to: end });
    HOLE.lastIndex = end + 2;
  }
  return found;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

function read(text: string, from: number, to: number, magic: string, signs: number, known: Vocabulary): ILine {
  const name: IWord = { part: 'name', text: magic, from, to: from + signs + magic.length };
  const words = split(text, name.to, to);
  const { command, used } = subcommand(magic, words);
  parts(words.slice(used), known, known.options(magic, command));
  return { magic, command, whole: signs === 2, from, to, words: [name, ...words] };
}

function subcommand(magic: string, words: IWord[]): { command: string; used: number } {
  const first = words[0];
  if (magic === 'easel' && first && /^\w+$/.test(first.text) && words.length > 1) {
    first.part = 'command';
    return { command: first.text, used: 1 };
  }
  if (magic !== 'genart' || !first || first.part === 'comment') {
    return { command: '', used: 0 };
  }
  first.part = 'command';
  const alias = first.text === 'alias' && words[2] && words[2].part !== 'comment';
  return alias ? { command: `alias ${words[2]?.text}`, used: 3 } : { command: first.text, used: 1 };
}

/** Tell flags, their values and the alias from free text. */
function parts(words: IWord[], known: Vocabulary, options: Map<string, IOption> | null): void {
  let free = false;
  let awaited = '';
  for (const word of words) {
    if (word.part === 'comment') {
      return;
    }
    if (awaited && !OPTION.test(word.text)) {
      Object.assign(word, { part: 'value', flag: awaited });
      awaited = '';
    } else if (OPTION.test(word.text)) {
      word.part = 'flag';
      const [flag = '', value] = word.text.split('=', 2);
      word.flag = flag;
      awaited = value === undefined && known.takesValue(flag, options) ? flag : '';
    } else if (word.text.startsWith('@') && !free) {
      word.part = 'alias';
    } else {
      free = true;
    }
  }
}

function split(text: string, from: number, to: number): IWord[] {
  const words: IWord[] = [];
  let at = from;
  while (at < to) {
    if (/\s/.test(text[at] ?? '')) {
      at += 1;
      continue;
    }
    const end = text[at] === '#' ? to : wordEnd(text, at, to);
    words.push({ part: text[at] === '#' ? 'comment' : 'text', text: text.slice(at, end), from: at, to: end });
    at = end;
  }
  return words;
}

/** Where the word ends that begins at a place: quotes and `{{ }}` hold spaces together. */
function wordEnd(text: string, from: number, to: number): number {
  let at = from;
  let opens = true;
  while (at < to && !/\s/.test(text[at] ?? '')) {
    const sign = text[at] ?? '';
    if (opens && (sign === '"' || sign === "'")) {
      const end = text.indexOf(sign, at + 1);
      at = end < 0 || end >= to ? to : end + 1;
    } else if (text.startsWith('{{', at)) {
      const end = text.indexOf('}}', at);
      at = end < 0 || end + 2 > to ? at + 2 : end + 2;
    } else {
      at += sign === '\\' ? 2 : 1;
    }
    opens = sign === '=' && text.startsWith('--', from);
  }
  return Math.min(at, to);
}
