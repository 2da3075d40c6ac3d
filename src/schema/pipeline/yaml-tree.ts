import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type LineCounter,
  parseDocument,
  type ParsedNode,
  type YAMLMap,
} from 'yaml';
import { type At, quote, type Problems } from './diagnostic.js';

export interface YamlScalar extends At {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** As it stands in the file, quotes and block header included. */
  readonly raw: string;
  /** It stands for a value that could not be read, and that is reported already. */
  readonly faulty?: true;
}
export interface YamlList extends At {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
}
export interface YamlEntry {
  readonly key: string;
  readonly keyAt: At;
  readonly value: YamlNode;
}
export interface YamlMapping extends At {
  readonly kind: 'map';
  readonly entries: readonly YamlEntry[];
}
/** YAML as plain values that know where they stand; aliases are expanded. */
export type YamlNode = YamlScalar | YamlList | YamlMapping;

const MAX_SOURCE_LENGTH = 2 * 1024 * 1024;
const MAX_DEPTH = 50;
const MAX_ALIASES = 100;
const MAX_NODES = 100_000;
const MAX_SYNTAX_ERRORS = 20;

const START: At = { offset: 0, pointer: '' };

/** The one document of a YAML 1.2 file; null where it cannot be read, and then `problems` says why. */
export function readYaml(source: string, lines: LineCounter, problems: Problems): YamlNode | null {
  if (source.length > MAX_SOURCE_LENGTH) {
    problems.error(
      'file-too-large',
      START,
      `the file has ${source.length} characters; at most ${MAX_SOURCE_LENGTH} are read`,
    );
    return null;
  }
  const document = parse(source, lines, problems);
  if (!document || !reportSyntax(document, source, problems)) return null;
  if (!document.contents || (isScalar(document.contents) && document.contents.value === null)) {
    problems.error('file-empty', START, 'the file is empty', 'a pipeline has at least a `name` and `steps`');
    return null;
  }
  return new TreeReader(document, source, problems).read(document.contents, '', 0);
}

function parse(source: string, lines: LineCounter, problems: Problems): Document.Parsed | null {
  try {
    return parseDocument(source, { lineCounter: lines, prettyErrors: false, version: '1.2' });
  } catch {
    // The YAML parser recurses: text of a hostile shape can exhaust the stack.
    problems.error('yaml-syntax', START, 'the file cannot be read as YAML', 'is it nested very deeply?');
    return null;
  }
}

const CODES: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'duplicate-key',
  MULTIPLE_DOCS: 'yaml-documents',
  RESOURCE_EXHAUSTION: 'yaml-too-deep',
  TAB_AS_INDENT: 'yaml-tab',
};

/** Whether the document can be read on: a key given twice hides nothing else, other faults of syntax may. */
function reportSyntax(document: Document.Parsed, source: string, problems: Problems): boolean {
  const seen = new Set<string>();
  let readable = true;
  // Where the parser gave up, what else it says is no help.
  const exhausted = document.errors.filter((error) => error.code === 'RESOURCE_EXHAUSTION');
  for (const error of exhausted.length > 0 ? exhausted.slice(-1) : document.errors) {
    const code = CODES[error.code] ?? 'yaml-syntax';
    readable &&= code === 'duplicate-key';
    const line = lineAround(source, error.pos[0]);
    if (seen.has(`${code} ${line.start}`) || seen.size >= MAX_SYNTAX_ERRORS) continue;
    seen.add(`${code} ${line.start}`);
    const at = { offset: error.pos[0], pointer: '' };
    if (code === 'duplicate-key') {
      const key = /^[^:\s]*/.exec(source.slice(error.pos[0]))![0];
      problems.error(code, at, `the key ${quote(key)} is given twice`);
    } else if (code === 'yaml-documents') {
      problems.error(code, at, 'the file holds several YAML documents', 'one pipeline a file');
    } else {
      problems.error(code, at, lowerFirst(error.message), syntaxHint(error.code, line.text));
    }
  }
  for (const warning of document.warnings) {
    problems.error(
      'yaml-tag',
      { offset: warning.pos[0], pointer: '' },
      lowerFirst(warning.message),
      'YAML tags have no meaning here',
    );
  }
  return readable;
}

function syntaxHint(code: string, line: string): string | null {
  if (code === 'TAB_AS_INDENT') return 'indent with spaces';
  if (/^\s*(?:- +)*(?:[\w-]+:)?\s+\{\{/.test(line))
    return 'a value that begins with `{{` is written in quotes: "{{ … }}"';
  if (/^\s*(?:- +)*[\w-]+:\s+[^'"\s].*:\s/.test(line))
    return 'a value with a colon and a space in it is written in quotes';
  return null;
}

function lineAround(source: string, offset: number): { readonly start: number; readonly text: string } {
  const start = source.lastIndexOf('\n', offset - 1) + 1;
  const end = source.indexOf('\n', start);
  return { start, text: source.slice(start, end === -1 ? undefined : end) };
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
const step = (pointer: string, key: string | number): string =>
  `${pointer}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;

class TreeReader {
  readonly #document: Document.Parsed;
  readonly #source: string;
  readonly #problems: Problems;
  #nodes = 0;
  #aliases = 0;
  #stopped = false;

  constructor(document: Document.Parsed, source: string, problems: Problems) {
    this.#document = document;
    this.#source = source;
    this.#problems = problems;
  }

  read(node: ParsedNode | null | undefined, pointer: string, depth: number, fallback = 0): YamlNode {
    const at: At = { offset: node?.range[0] ?? fallback, pointer };
    if (this.#stopped) return { ...at, kind: 'scalar', value: null, raw: '', faulty: true };
    if (!node) return { ...at, kind: 'scalar', value: null, raw: '' };
    if (++this.#nodes > MAX_NODES)
      return this.#stop('yaml-too-large', at, `the file holds more than ${MAX_NODES} values, aliases expanded`);
    if (depth > MAX_DEPTH)
      return this.#stop('yaml-too-deep', at, `values are nested more than ${MAX_DEPTH} levels deep`);
    if (isAlias(node)) return this.#readAlias(node.source, node.resolve(this.#document), at, depth);
    if (isSeq(node)) {
      const items = node.items;
      return {
        ...at,
        kind: 'list',
        items: items.map((item, index) => this.read(item, step(pointer, index), depth + 1, at.offset)),
      };
    }
    if (isMap(node)) return this.#readMap(node, at, depth);
    return this.#readScalar(node, at);
  }

  #readAlias(name: string, target: unknown, at: At, depth: number): YamlNode {
    if (++this.#aliases > MAX_ALIASES)
      return this.#stop('yaml-aliases', at, `more than ${MAX_ALIASES} YAML aliases are used`);
    if (!target) return this.#stop('yaml-aliases', at, `no anchor is called ${quote(name)} above`);
    // An alias inside its own anchor ends at the depth limit.
    return this.read(target as ParsedNode, at.pointer, depth + 1, at.offset);
  }

  #readMap(node: YAMLMap.Parsed, at: At, depth: number): YamlNode {
    if (this.#source.startsWith('{{', at.offset)) {
      const text = this.#source.slice(at.offset, node.range[1]);
      this.#problems.error(
        'unquoted-template',
        at,
        `YAML reads ${quote(text)} as a mapping`,
        'write it in quotes: "{{ … }}"',
      );
      return { ...at, kind: 'scalar', value: null, raw: '', faulty: true };
    }
    const entries: YamlEntry[] = [];
    for (const pair of node.items) {
      const key: unknown = isPair(pair) && isScalar(pair.key) ? pair.key.value : undefined;
      const keyOffset = pair.key.range[0];
      if (typeof key !== 'string' && typeof key !== 'number' && typeof key !== 'boolean') {
        this.#problems.error('yaml-key', { offset: keyOffset, pointer: at.pointer }, 'a key is a plain word here');
        continue;
      }
      const name = String(key);
      const keyAt = { offset: keyOffset, pointer: step(at.pointer, name) };
      if (name === '__proto__') this.#problems.error('reserved-key', keyAt, `${quote(name)} cannot be a key`);
      else entries.push({ key: name, keyAt, value: this.read(pair.value, keyAt.pointer, depth + 1, keyOffset) });
    }
    return { ...at, kind: 'map', entries };
  }

  #readScalar(node: ParsedNode, at: At): YamlScalar {
    const value: unknown = isScalar(node) ? node.value : null;
    const raw = this.#source.slice(at.offset, node.range[1]);
    if (node.comment?.includes('{{')) {
      this.#problems.warning(
        'template-in-comment',
        at,
        'what follows ` #` is a comment to YAML, and `{{` stands in it',
        'write the value in quotes',
      );
    }
    if (typeof value === 'string' || typeof value === 'boolean' || value === null)
      return { ...at, kind: 'scalar', value, raw };
    // JSON has no negative zero.
    if (typeof value === 'number' && Number.isFinite(value)) return { ...at, kind: 'scalar', value: value + 0, raw };
    this.#problems.error('yaml-value', at, `${quote(raw)} is no value that JSON could hold`, 'write it in quotes');
    return { ...at, kind: 'scalar', value: null, raw, faulty: true };
  }

  #stop(code: string, at: At, message: string): YamlScalar {
    this.#stopped = true;
    this.#problems.error(code, at, message);
    return { ...at, kind: 'scalar', value: null, raw: '', faulty: true };
  }
}
