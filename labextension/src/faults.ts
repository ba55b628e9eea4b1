// What is wrong on a magic line, said before the cell is run, in the words that running it would use.

import { language } from '@codemirror/language';
import { type EditorState, RangeSetBuilder } from '@codemirror/state';
import { Decoration, type DecorationSet, type EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view';
import { cellMagic, type ILine, type IWord } from './grammar';
import { CellParser } from './highlighting';
import { type IOption, nearest, type Vocabulary } from './vocabulary';

/** A stretch of a cell that running it would refuse. */
export interface IFault {
  from: number;
  to: number;
  message: string;
}

const FIRST_MAX = 2000; // characters of a magic line that are looked at

/** Whether an editor is a notebook's cell of Python: other text may begin with `%%` too. */
export function isCell(state: EditorState): boolean {
  return state.facet(language)?.parser instanceof CellParser;
}

/** The magic line at the top of an editor, if the cell is ours. */
export function lineOf(state: EditorState, known: Vocabulary): ILine | null {
  if (!isCell(state)) {
    return null;
  }
  const head = state.sliceDoc(0, FIRST_MAX);
  return head.trimStart().startsWith('%%') ? cellMagic(head, known) : null;
}

/** Unknown options, unknown choices and numbers out of range; nothing is claimed of what nobody has told. */
export function faults(line: ILine, known: Vocabulary): IFault[] {
  const options = known.options(line.magic, line.command);
  if (!options) {
    return [];
  }
  return line.words.flatMap(word => {
    const message = fault(word, options, known);
    return message ? [{ from: word.from, to: word.to, message }] : [];
  });
}

function fault(word: IWord, options: Map<string, IOption>, known: Vocabulary): string {
  if (word.part !== 'flag' && word.part !== 'value') {
    return '';
  }
  const flag = word.flag ?? '';
  if (flag === '-h' || flag === '--help') {
    return '';
  }
  const name = known.optionName(flag);
  const option = options.get(name) ?? options.get(name.replace(/^no_/, ''));
  if (!option) {
    const guess = nearest(name, options.keys());
    return word.part === 'flag'
      ? `There is no ${flag}.${guess ? ` Did you mean ${options.get(guess)?.flag}?` : ''}`
      : '';
  }
  const [, given] = word.part === 'flag' ? word.text.split('=', 2) : ['', word.text];
  return given === undefined ? '' : wrong(unquoted(given), option);
}

function wrong(value: string, option: IOption): string {
  if (value.includes('{{') || value === '') {
    return '';
  }
  if (option.enum) {
    const guess = nearest(value, option.enum);
    const hint = guess ? ` Did you mean ${guess}?` : '';
    return option.enum.includes(value)
      ? ''
      : `${option.flag} has no choice ${value}.${hint} It takes ${option.domain}.`;
  }
  if (option.type !== 'integer' && option.type !== 'number') {
    return '';
  }
  const number = Number(value);
  const low = option.minimum ?? -Infinity;
  const high = option.maximum ?? Infinity;
  const fits = number >= low && number <= high && (option.type === 'number' || Number.isInteger(number));
  return fits ? '' : `${option.flag} takes ${option.domain}.`;
}

function unquoted(text: string): string {
  return /^(["']).*\1$/.test(text) ? text.slice(1, -1) : text;
}

/** Underlines the faults of a cell; looks again when the first line or the vocabulary has changed. */
export function underlines(known: Vocabulary): ViewPlugin<Underlines> {
  return ViewPlugin.define(view => new Underlines(view, known), { decorations: plugin => plugin.marks });
}

class Underlines {
  marks: DecorationSet = Decoration.none;
  private version = -1;
  private readonly learnt = () => {
    if (lineOf(this.view.state, this.known)) {
      this.view.dispatch({});
    }
  };

  constructor(
    private readonly view: EditorView,
    private readonly known: Vocabulary,
  ) {
    this.look(view.state);
    known.changed.connect(this.learnt);
  }

  update(update: ViewUpdate): void {
    const became = isCell(update.startState) !== isCell(update.state);
    if (became || this.version !== this.known.version || (update.docChanged && touchesHead(update))) {
      this.look(update.state);
    }
  }

  destroy(): void {
    this.known.changed.disconnect(this.learnt);
  }

  private look(state: EditorState): void {
    this.version = this.known.version;
    const line = lineOf(state, this.known);
    const marks = new RangeSetBuilder<Decoration>();
    for (const { from, to, message } of line ? faults(line, this.known) : []) {
      marks.add(from, to, Decoration.mark({ class: 'ge-fault', attributes: { title: message } }));
    }
    this.marks = marks.finish();
  }
}

function touchesHead(update: ViewUpdate): boolean {
  const end = update.startState.doc.line(1).to;
  return update.changes.touchesRange(0, Math.max(end, 1)) !== false;
}
