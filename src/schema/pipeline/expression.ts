import type { ASTNode } from '@marcbachmann/cel-js';
import { celEnvironment } from '../../domain/expression.js';
import { hyphenatedSteps } from './hyphenated-steps.js';
import { readReferences } from './expression-references.js';
import { type Edit, EditedText } from './text-edit.js';

/** What an expression may name, from the place where it stands. */
export interface ExpressionScope {
  /** The id of a step by its id or name; undefined where there is none. */
  readonly stepId: (name: string) => string | undefined;
  /** Why the output of a step cannot be read here; null where it can. */
  readonly refuseStep: (id: string, written: string) => Fault | null;
  /** Whether the step gives back a list, one item for each that it is mapped over. */
  readonly isMapped: (id: string) => boolean;
  /** The id of the `report.*` step whose output `report` is; null where there is none. */
  readonly report: () => string | null;
  /** Whether the expression is evaluated for each item of a map. */
  readonly mapped: boolean;
  /** Names of steps, for suggestions. */
  readonly didYouMean: (wrong: string, known?: Iterable<string>) => string | null;
}

export interface Fault {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
}
/** A fault, and where in the text of the expression. */
export type FaultAt = Fault & { readonly offset: number };

/** A path of a step's output that an expression reads; `[]` is all of it. */
export interface Read {
  readonly step: string;
  readonly path: readonly string[];
}

export type CompiledExpression =
  | { readonly kind: 'compiled'; readonly cel: string; readonly reads: readonly Read[] }
  | { readonly kind: 'refused'; readonly faults: readonly FaultAt[] };

const MAX_EXPRESSION_LENGTH = 4000;

/**
 * A CEL expression as a run evaluates it: ids with hyphens and names of steps in brackets, `steps` and `report`
 * resolved; or everything that is wrong with it.
 */
export function compileExpression(source: string, scope: ExpressionScope): CompiledExpression {
  const refuse = (code: string, message: string, hint: string | null, offset = 0): CompiledExpression => ({
    kind: 'refused',
    faults: [{ code, message, hint, offset }],
  });
  if (source.trim() === '') return refuse('expression-empty', 'the expression is empty', 'such as {{ issue.title }}');
  if (source.length > MAX_EXPRESSION_LENGTH) {
    return refuse(
      'expression-too-long',
      `the expression has ${source.length} characters; at most ${MAX_EXPRESSION_LENGTH} are allowed`,
      null,
    );
  }
  const text = new EditedText(
    source,
    hyphenatedSteps(source, (name) => scope.stepId(name) !== undefined),
  );
  const parsed = parse(text.text);
  if (parsed.kind === 'fault')
    return refuse('expression-syntax', parsed.message, syntaxHint(source), text.originOf(parsed.offset));

  const { faults, edits, reads } = readReferences(parsed.ast, text.text, scope);
  if (faults.length > 0)
    return { kind: 'refused', faults: faults.map((fault) => ({ ...fault, offset: text.originOf(fault.offset) })) };
  return check(text, edits, reads);
}

function check(text: EditedText, edits: readonly Edit[], reads: readonly Read[]): CompiledExpression {
  const rewritten = new EditedText(text.text, edits);
  const { valid, error } = celEnvironment.check(rewritten.text);
  if (valid) return { kind: 'compiled', cel: rewritten.text.trim(), reads };
  const offset = text.originOf(rewritten.originOf(error?.node?.pos ?? 0));
  return { kind: 'refused', faults: [{ code: 'expression-type', message: firstLine(error), hint: null, offset }] };
}

type Parsed =
  | { readonly kind: 'parsed'; readonly ast: ASTNode }
  | { readonly kind: 'fault'; readonly message: string; readonly offset: number };

function parse(text: string): Parsed {
  try {
    return { kind: 'parsed', ast: celEnvironment.parse(text).ast };
  } catch (error) {
    const offset = (error as { node?: { pos?: number } }).node?.pos ?? 0;
    return { kind: 'fault', message: firstLine(error), offset };
  }
}

function firstLine(error: unknown): string {
  const line = (error as Error).message.split('\n')[0]!;
  return line.charAt(0).toLowerCase() + line.slice(1);
}

function syntaxHint(source: string): string | null {
  if (/[^=!<>]=[^=]/.test(source)) return 'equality is written `==`';
  const word = /\s(and|or|not)\s/.exec(` ${source} `)?.[1];
  return word === undefined ? null : `\`${word}\` is written \`${{ and: '&&', or: '||', not: '!' }[word]!}\``;
}
