// What a magic or an option means, where the pointer rests on it.

import type { Extension } from '@codemirror/state';
import { type EditorView, hoverTooltip, type Tooltip } from '@codemirror/view';
import { faults, isCell, lineOf } from './faults';
import { type ILine, type IWord, lineMagic } from './grammar';
import type { IOption, Vocabulary } from './vocabulary';

/** A tip: what it is about, what it means, and what else there is to know. */
interface ITip {
  title: string;
  text: string;
  small?: string;
}

/** Explains the word under the pointer. */
export function hover(known: Vocabulary): Extension {
  return hoverTooltip((view, at) => tooltip(view, at, known));
}

function tooltip(view: EditorView, at: number, known: Vocabulary): Tooltip | null {
  const line = lineAt(view, at, known);
  const word = line?.words.find(each => each.from <= at && at < each.to);
  if (!line || !word) {
    return null;
  }
  const fault = faults(line, known).find(each => each.from === word.from);
  const tip = explained(line, word, known);
  if (!tip && !fault) {
    return null;
  }
  return { pos: word.from, end: word.to, above: true, create: () => ({ dom: drawn(tip, fault?.message) }) };
}

function lineAt(view: EditorView, at: number, known: Vocabulary): ILine | null {
  const top = lineOf(view.state, known);
  if (top) {
    return at <= top.to ? top : null;
  }
  const { from, to, text } = view.state.doc.lineAt(at);
  if (!isCell(view.state) || !text.includes('%') || to - from > 2000) {
    return null;
  }
  const found = lineMagic(text, 0, text.length, known);
  const moved = (word: IWord) => ({ ...word, from: word.from + from, to: word.to + from });
  return found ? { ...found, from: found.from + from, to: found.to + from, words: found.words.map(moved) } : null;
}

function explained(line: ILine, word: IWord, known: Vocabulary): ITip | null {
  const told = known.all;
  if (!told) {
    return null;
  }
  if (word.part === 'name') {
    const magic = told.magics[word.text];
    const about = {
      text: magic?.help ?? 'Jobs, models and finished works.',
      small: magic ? `e.g. ${magic.example}` : '',
    };
    return { title: (line.whole ? '%%' : '%') + word.text, ...about };
  }
  if (word.part === 'command' && line.magic === 'genart') {
    const command = told.genart[word.text];
    return command ? { title: `%genart ${word.text} ${command.usage}`, text: command.help } : null;
  }
  const option = known.options(line.magic, line.command)?.get(known.optionName(word.flag ?? '').replace(/^no_/, ''));
  return option && (word.part === 'flag' || word.part === 'value') ? ofOption(option) : null;
}

function ofOption(option: IOption): ITip {
  const unset = option.default === null || option.default === '';
  return {
    title: `${option.flag} ${option.domain}`,
    text: option.description,
    small: unset ? '' : `default ${option.default}`,
  };
}

function drawn(tip: ITip | null, fault = ''): HTMLElement {
  const box = document.createElement('div');
  box.className = 'ge-tip';
  const rows = [
    ['strong', tip?.title],
    ['span', tip?.text],
    ['small', tip?.small],
    ['em', fault],
  ] as const;
  for (const [tag, text] of rows) {
    if (text) {
      box.append(Object.assign(document.createElement(tag), { textContent: text }));
    }
  }
  return box;
}
