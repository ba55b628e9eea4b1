// Our cells in colour: the magic line as options, the prompt as prose, `{{expr}}` and everything else as Python.
//
// The parser is made once per language, never per editor: JupyterLab's IPython language is wrapped where JupyterLab
// itself looks it up, so that no editor is configured anew and a keystroke reparses one cell.

import { defineLanguageFacet, Language, LanguageSupport, languageDataProp, ParseContext } from '@codemirror/language';
import type { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import {
  type Input,
  NodeSet,
  NodeType,
  Parser,
  type ParseWrapper,
  type PartialParse,
  parseMixed,
  Tree,
  type TreeFragment,
} from '@lezer/common';
import { styleTags, tags } from '@lezer/highlight';
import { cellMagic, holes, type ILine, type IWord, lineMagics } from './grammar';
import type { Vocabulary } from './vocabulary';

const MIME = 'text/x-ipython';
// In prose an apostrophe is no quote, so none is closed.
const PROSE = defineLanguageFacet({ closeBrackets: { brackets: ['(', '[', '{', '"'] } });
// biome-ignore format: a list of words
const NAMES = [
  'Cell', 'Body', 'Python', 'Line', 'MagicName', 'Command', 'Alias', 'Flag', 'Value', 'Text', 'Comment', 'Prompt',
  'Braces', 'Expression', 'Javascript', 'Markup', 'Unknown',
] as const;
type Name = (typeof NAMES)[number];

const STYLES = styleTags({
  MagicName: tags.keyword,
  Command: tags.keyword,
  Alias: tags.labelName,
  Flag: tags.attributeName,
  Value: tags.string,
  Comment: tags.comment,
  Braces: tags.brace,
});
// biome-ignore format: a table
const PARTS: Record<IWord['part'], Name> = {
  name: 'MagicName', command: 'Command', alias: 'Alias', flag: 'Flag', value: 'Value', text: 'Text', comment: 'Comment',
};

/** A node to be: its place in the cell, and what is in it. */
interface IPiece {
  name: Name;
  from: number;
  to: number;
  inside?: IPiece[];
}

/** Wrap JupyterLab's IPython language; whatever it brings besides a parser stays as it is. */
export function addHighlighting(languages: IEditorLanguageRegistry, known: Vocabulary): void {
  const ours = languages.findByMIME(MIME);
  if (!ours) {
    return;
  }
  const mixed = ({ language, support }: LanguageSupport) => {
    const parser = new CellParser(language, languages, known);
    return new LanguageSupport(new Language(language.data, parser, [], language.name), support);
  };
  const load = ours.load?.bind(ours);
  if (ours.support) {
    ours.support = mixed(ours.support);
  } else if (load) {
    (ours as { load: typeof load }).load = async () => mixed(await load());
  }
}

/** Reads a cell of a notebook. */
export class CellParser extends Parser {
  private readonly wrap: ParseWrapper;
  private readonly nodes: NodeSet;

  constructor(
    { parser: python, data }: Language,
    languages: IEditorLanguageRegistry,
    private readonly known: Vocabulary,
  ) {
    super();
    this.nodes = nodeSet(data);
    const inner = { Javascript: borrowed(languages, 'javascript'), Markup: borrowed(languages, 'xml') };
    this.wrap = parseMixed(node => {
      switch (node.name as Name) {
        case 'Body':
          return { parser: python, overlay: child => child.name === 'Python' };
        case 'Expression':
          return { parser: python };
        case 'Javascript':
        case 'Markup':
          return { parser: inner[node.name as 'Javascript' | 'Markup']() };
        case 'Unknown': // when more magics become known, the cell is read again
          return { parser: ParseContext.getSkippingParser(known.next()) };
        default:
          return null;
      }
    });
  }

  override createParse(
    input: Input,
    fragments: readonly TreeFragment[],
    ranges: readonly { from: number; to: number }[],
  ): PartialParse {
    return this.wrap(new CellParse(input, this.known, this.nodes), input, fragments, ranges);
  }
}

/** The outermost tree, made in one go: a magic cell is a page at most, and of another only the lines are looked at. */
class CellParse implements PartialParse {
  parsedPos = 0;
  stoppedAt: number | null = null;

  constructor(
    private readonly input: Input,
    private readonly known: Vocabulary,
    private readonly nodes: NodeSet,
  ) {}

  stopAt(at: number): void {
    this.stoppedAt = at;
  }

  advance(): Tree {
    const text = this.input.read(0, this.input.length);
    this.parsedPos = text.length;
    return tree({ name: 'Cell', from: 0, to: text.length, inside: pieces(text, this.known) }, this.nodes);
  }
}

function pieces(text: string, known: Vocabulary): IPiece[] {
  const magic = cellMagic(text, known);
  if (text.includes('genart_nb')) {
    known.expect();
  }
  if (!magic) {
    return text ? [body(text, lineMagics(text, known))] : [];
  }
  return [line(text, magic), ...prompt(text, magic)];
}

/** Python with our line magics cut out of it. */
function body(text: string, lines: ILine[]): IPiece {
  const foreign = /^\s*%%\w+/.exec(text)?.[0].length ?? 0;
  const inside: IPiece[] = foreign ? [{ name: 'Unknown', from: 0, to: foreign }] : [];
  let at = foreign;
  for (const each of lines) {
    if (each.from > at) {
      inside.push({ name: 'Python', from: at, to: each.from });
    }
    inside.push(line(text, each));
    at = each.to;
  }
  if (at < text.length) {
    inside.push({ name: 'Python', from: at, to: text.length });
  }
  return { name: 'Body', from: 0, to: text.length, inside };
}

function line(text: string, { from, to, words }: ILine): IPiece {
  return { name: 'Line', from, to, inside: words.flatMap(word => piecesOfWord(text, word)) };
}

function piecesOfWord(text: string, word: IWord): IPiece[] {
  const equals = word.part === 'flag' ? word.text.indexOf('=') : -1;
  const flag: IPiece[] = equals < 0 ? [] : [{ name: 'Flag', from: word.from, to: word.from + equals + 1 }];
  const from = equals < 0 ? word.from : word.from + equals + 1;
  const name = equals < 0 ? PARTS[word.part] : 'Value';
  const rest = { name, from, to: word.to, inside: word.part === 'comment' ? [] : expressions(text, from, word.to) };
  return rest.to > rest.from ? [...flag, rest] : flag;
}

function prompt(text: string, magic: ILine): IPiece[] {
  const from = magic.to + 1;
  if (from >= text.length) {
    return [];
  }
  const inside = magic.magic === 'code' ? program(text, from, magic) : expressions(text, from, text.length);
  return [{ name: 'Prompt', from, to: text.length, inside }];
}

function expressions(text: string, from: number, to: number): IPiece[] {
  return holes(text, from, to).flatMap(hole => {
    const inner: IPiece = { name: 'Expression', from: hole.from, to: hole.to };
    return [
      { name: 'Braces', from: hole.from - 2, to: hole.from },
      ...(hole.to > hole.from ? [inner] : []),
      { name: 'Braces', from: hole.to, to: hole.to + 2 },
    ];
  });
}

/** A %%code cell holds words, or a program to begin from: bare, or between fences. */
function program(text: string, from: number, magic: ILine): IPiece[] {
  const asked = magic.words.find(word => word.part === 'value' && word.flag === '--lang')?.text ?? 'p5js';
  const found: IPiece[] = [];
  const fence = /^```([\w+-]*)[ \t]*\n([\s\S]*?)(?:^```|$(?![\s\S]))/gm;
  fence.lastIndex = from;
  for (let each = fence.exec(text); each; each = fence.exec(text)) {
    const inner = each.index + each[0].indexOf('\n') + 1;
    const length = each[2]?.length ?? 0;
    if (length > 0) {
      found.push({ name: languageNode(each[1] || asked), from: inner, to: inner + length });
    }
  }
  if (
    !found.length &&
    /^\s*(<svg|<\?xml|function\b|let\b|const\b|def\b|import\b|from\b|class\b|\/\/|#)/.test(text.slice(from))
  ) {
    return [{ name: languageNode(asked), from, to: text.length }];
  }
  return found.length ? found : expressions(text, from, text.length);
}

function languageNode(name: string): Name {
  if (/^(py|python)/i.test(name)) {
    return 'Expression';
  }
  return /^(svg|xml|html)$/i.test(name) ? 'Markup' : 'Javascript';
}

function tree({ name, from, to, inside = [] }: IPiece, nodes: NodeSet): Tree {
  const type = nodes.types[NAMES.indexOf(name)] ?? NodeType.none;
  const children = inside.map(piece => tree(piece, nodes));
  const positions = inside.map(piece => piece.from - from);
  return new Tree(type, children, positions, to - from);
}

/** Python's habits rule a cell, prose's a prompt. */
function nodeSet(python: Language['data']): NodeSet {
  const data = (name: Name) => (name === 'Cell' ? python : name === 'Prompt' ? PROSE : null);
  const types = NAMES.map((name, id) => {
    const facet = data(name);
    return NodeType.define({ id, name, top: facet !== null, props: facet ? [[languageDataProp, facet]] : [] });
  });
  return new NodeSet(types).extend(STYLES);
}

/** A parser of JupyterLab's own: fetched when a cell first wants it, which is then parsed again. */
function borrowed(languages: IEditorLanguageRegistry, name: string): () => Parser {
  let ready: Parser | null = null;
  let pending: Promise<void> | null = null;
  return () => {
    if (ready) {
      return ready;
    }
    pending ??= Promise.resolve(languages.getLanguage(name)).then(found => {
      ready = found?.support?.language.parser ?? null;
    });
    return ParseContext.getSkippingParser(pending);
  };
}
