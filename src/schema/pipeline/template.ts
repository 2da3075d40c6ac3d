import type { Template } from '../../domain/template.js';
import { type At, type Problems, quote } from './diagnostic.js';
import { compileExpression, type ExpressionScope, type Read } from './expression.js';
import type { YamlNode, YamlScalar } from './yaml-tree.js';

/** Compiles values of the file for one step, and collects what their expressions read. */
export class TemplateCompiler {
  readonly reads: Read[];
  readonly #problems: Problems;
  readonly #scope: ExpressionScope;

  constructor(scope: ExpressionScope, problems: Problems, reads: Read[] = []) {
    this.#scope = scope;
    this.#problems = problems;
    this.reads = reads;
  }

  /** The same compiler where an expression sees other names; reads are collected together. */
  within(scope: Partial<ExpressionScope>): TemplateCompiler {
    return new TemplateCompiler({ ...this.#scope, ...scope }, this.#problems, this.reads);
  }

  compile(node: YamlNode): Template {
    switch (node.kind) {
      case 'scalar':
        return typeof node.value === 'string' ? this.#compileText(node.value, node) : node.value;
      case 'list':
        return node.items.map((item) => this.compile(item));
      case 'map':
        return Object.fromEntries(
          node.entries.map(({ key, keyAt, value }) => [this.checkKey(key, keyAt), this.compile(value)]),
        );
    }
  }

  /** Keys with a `$` are ours: compiled expressions are written so. */
  checkKey(key: string, at: At): string {
    if (key.startsWith('$')) this.#problems.error('reserved-key', at, `${quote(key)}: keys do not begin with \`$\``);
    if (key.includes('{{'))
      this.#problems.error('template-not-here', at, 'a key is the same in every run', 'only values may hold `{{ … }}`');
    return key;
  }

  /** A condition: an expression with or without its braces, or `true` or `false`; null where it is faulty. */
  compileCondition(node: YamlNode): string | null {
    if (node.kind === 'scalar' && typeof node.value === 'boolean') return String(node.value);
    if (node.kind === 'scalar' && node.faulty) return null;
    if (node.kind !== 'scalar' || typeof node.value !== 'string') {
      this.#problems.error(
        'bad-condition',
        node,
        'a condition is one expression',
        'such as `nodes.assess.output.score > 0`',
      );
      return null;
    }
    const { value } = node;
    if (!value.includes('{{')) return this.#compileExpression(value, 0, node);
    const parts = splitTemplate(value);
    const texts = parts.filter((part) => part.kind !== 'text' || part.text.trim() !== '');
    const [only] = texts;
    if (texts.length === 1 && only?.kind === 'expression') return this.#compileExpression(only.text, only.offset, node);
    const unclosed = parts.find((part) => part.kind === 'unclosed');
    if (unclosed) this.#reportUnclosed(unclosed.offset, node);
    else
      this.#problems.error(
        'bad-condition',
        node,
        'a condition is one expression, not text with expressions in it',
        'write it all inside one pair of braces: "{{ … }}"',
      );
    return null;
  }

  #compileText(text: string, node: YamlScalar): Template {
    if (!text.includes('{{')) return text;
    const parts = splitTemplate(text);
    const compiled = parts.map((part): string | { readonly $cel: string } | null => {
      if (part.kind === 'text') return part.text;
      if (part.kind === 'unclosed') return this.#reportUnclosed(part.offset, node);
      const $cel = this.#compileExpression(part.text, part.offset, node);
      return $cel === null ? null : { $cel };
    });
    const whole = compiled.filter((part) => typeof part !== 'string' || part.trim() !== '');
    if (whole.length === 1 && whole[0] !== null && typeof whole[0] === 'object') return whole[0];
    return { $text: compiled.filter((part) => part !== null && part !== '') as (string | { readonly $cel: string })[] };
  }

  #reportUnclosed(offset: number, node: YamlScalar): null {
    this.#problems.error('template-unclosed', at(node, offset), '`{{` is never closed', 'close it with `}}`');
    return null;
  }

  /** `offset` is where the expression begins in the value of `node`. */
  #compileExpression(text: string, offset: number, node: YamlScalar): string | null {
    const compiled = compileExpression(text, this.#scope);
    if (compiled.kind === 'compiled') {
      this.reads.push(...compiled.reads);
      return compiled.cel;
    }
    for (const fault of compiled.faults)
      this.#problems.error(fault.code, at(node, offset + fault.offset), fault.message, fault.hint);
    return null;
  }
}

type Part =
  | { readonly kind: 'text' | 'unclosed'; readonly text: string; readonly offset: number }
  | { readonly kind: 'expression'; readonly text: string; readonly offset: number };

/** Cuts a text at its `{{ … }}`. Braces and strings inside an expression do not end it. */
function splitTemplate(text: string): readonly Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (;;) {
    const open = text.indexOf('{{', from);
    if (open === -1) break;
    if (open > from) parts.push({ kind: 'text', text: text.slice(from, open), offset: from });
    const close = endOfExpression(text, open + 2);
    if (close === -1) return [...parts, { kind: 'unclosed', text: text.slice(open), offset: open }];
    const inside = text.slice(open + 2, close);
    const lead = inside.length - inside.trimStart().length;
    parts.push({ kind: 'expression', text: inside.trim(), offset: open + 2 + lead });
    from = close + 2;
  }
  if (from < text.length) parts.push({ kind: 'text', text: text.slice(from), offset: from });
  return parts;
}

function endOfExpression(text: string, from: number): number {
  let depth = 0;
  for (let index = from; index < text.length; index++) {
    const char = text[index]!;
    if (char === '"' || char === "'") {
      const end = endOfString(text, index);
      // A quote that is never closed is the expression's fault, not the template's: let it end where it seems to.
      if (end === -1) return text.indexOf('}}', index);
      index = end;
    } else if (char === '{') depth++;
    else if (char === '}') {
      if (depth === 0 && text[index + 1] === '}') return index;
      depth = Math.max(depth - 1, 0);
    }
  }
  return -1;
}

function endOfString(text: string, open: number): number {
  for (let index = open + 1; index < text.length; index++) {
    if (text[index] === '\\') index++;
    else if (text[index] === text[open]) return index;
  }
  return -1;
}

/**
 * Where a character of a scalar's value stands in the file. Quotes, escapes, block headers and indentation are
 * skipped over: characters that are not blank come in the same order in both.
 */
function at(node: YamlScalar, index: number): At {
  const value = String(node.value);
  let source = /^[|>]/.test(node.raw) ? node.raw.indexOf('\n') : /^["']/.test(node.raw) ? 1 : 0;
  let aligned = source;
  for (let position = 0; position <= index && position < value.length; position++) {
    const char = value[position]!;
    if (char.trim() === '' && position < index) continue;
    const found = char.trim() === '' ? source : node.raw.indexOf(char, source);
    if (found === -1) break;
    aligned = found;
    source = found + 1;
  }
  // Past the end (an expression that stops too early): right behind the last character.
  return { offset: node.offset + (index >= value.length ? source : aligned), pointer: node.pointer };
}
