import type { ASTNode } from '@marcbachmann/cel-js';
import { SCOPE_NAMES } from '../../domain/expression.js';
import type { ExpressionScope, FaultAt, Read } from './expression.js';
import { refusePattern } from './safe-pattern.js';
import type { Edit } from './text-edit.js';

export interface References {
  readonly faults: readonly FaultAt[];
  /** What must be written anew for the expression to mean the same in a run. */
  readonly edits: readonly Edit[];
  readonly reads: readonly Read[];
}

/** What an expression reads: every name it starts from, every step whose output it needs. */
export function readReferences(ast: ASTNode, text: string, scope: ExpressionScope): References {
  const reader = new ReferenceReader(text, scope);
  reader.read(ast, new Set());
  return reader;
}

const ROOTS = [...SCOPE_NAMES, 'report', 'steps'];
const NODE_FIELDS = ['output', 'status'];
const COMPREHENSIONS = new Set(['all', 'exists', 'exists_one', 'existsOne', 'map', 'filter']);

/** One access of a chain such as `nodes["scan"].output`: its key, null where only a run can tell. */
interface Access {
  readonly key: string | null;
  readonly node: ASTNode;
  readonly index: ASTNode | null;
}

class ReferenceReader implements References {
  readonly faults: FaultAt[] = [];
  readonly edits: Edit[] = [];
  readonly reads: Read[] = [];
  readonly #text: string;
  readonly #scope: ExpressionScope;

  constructor(text: string, scope: ExpressionScope) {
    this.#text = text;
    this.#scope = scope;
  }

  read(node: ASTNode, locals: ReadonlySet<string>): void {
    if (node.op === 'id' || isAccess(node)) this.#readChain(node, locals);
    else if (node.op === 'call') this.#readCall(node.args[0], null, node.args[1], node, locals);
    else if (node.op === 'rcall') this.#readCall(node.args[0], node.args[1], node.args[2], node, locals);
    else this.#readAll(operandsOf(node), locals);
  }

  #readAll(nodes: readonly ASTNode[], locals: ReadonlySet<string>): void {
    for (const node of nodes) this.read(node, locals);
  }

  #readChain(node: ASTNode, locals: ReadonlySet<string>): void {
    const chain: Access[] = [];
    let root = node;
    while (isAccess(root)) {
      const [inner, by] = root.args;
      const index = typeof by === 'string' ? null : by;
      const literal = index?.op === 'value' && typeof index.args === 'string' ? index.args : null;
      chain.unshift({ key: typeof by === 'string' ? by : literal, node: root, index });
      root = inner;
    }
    for (const { key, index } of chain) if (index && key === null) this.read(index, locals);
    if (root.op !== 'id') this.read(root, locals);
    else if (!locals.has(root.args)) this.#readRoot(root.args, root, chain);
  }

  #readRoot(name: string, root: ASTNode, chain: readonly Access[]): void {
    if (name === 'nodes' || name === 'steps') this.#readStep(name, root, chain);
    else if (name === 'report') this.#readReport(root, chain);
    else if (!ROOTS.includes(name))
      this.#fault('unknown-name', root, `an expression cannot start with \`${name}\``, this.#rootHint(name, root));
    else if ((name === 'item' || name === 'index') && !this.#scope.mapped) {
      const message = `\`${name}\` is only there in the params of a step that is mapped over a list`;
      this.#fault('item-outside-map', root, message, 'give the step `map: { over: "{{ … }}" }`');
    }
  }

  #rootHint(name: string, root: ASTNode): string {
    // CEL reads `output.high-risk` as a subtraction.
    if (/[\w]-$/.test(this.#text.slice(0, root.start)))
      return 'a name with a hyphen is written in brackets: `output["high-risk"]`';
    return this.#scope.didYouMean(name, ROOTS) ?? `known are ${ROOTS.join(', ')}`;
  }

  #readStep(word: string, root: ASTNode, [step, field, ...rest]: readonly Access[]): void {
    const name = step?.key ?? null;
    if (step === undefined || name === null) {
      this.#fault(
        'step-not-named',
        root,
        `\`${word}\` must be followed by the name of a step`,
        `such as \`${word}.implement.output\``,
      );
      return;
    }
    const id = this.#scope.stepId(name);
    if (id === undefined) {
      this.#fault('unknown-step', endOf(step), `there is no step \`${name}\``, this.#scope.didYouMean(name));
      return;
    }
    const refused = this.#scope.refuseStep(id, name);
    if (refused) this.faults.push({ ...refused, offset: endOf(step).pos });
    if (field && !NODE_FIELDS.includes(field.key ?? '')) {
      const hint = field.key === null ? null : this.#scope.didYouMean(field.key, NODE_FIELDS);
      this.#fault(
        'unknown-field',
        endOf(field),
        `a step has \`output\` and \`status\`, not \`${field.key ?? '[…]'}\``,
        hint ?? 'what it gave back is in `output`',
      );
    }
    if (field?.key === 'output') this.#refuseFieldOfList(id, rest);
    if (word !== 'nodes') this.edits.push({ start: root.start, end: root.end, text: 'nodes' });
    if (id !== name) this.edits.push({ start: root.end, end: step.node.end, text: `[${JSON.stringify(id)}]` });
    if (field?.key !== 'status') this.reads.push({ step: id, path: literalPath(rest) });
  }

  #readReport(root: ASTNode, chain: readonly Access[]): void {
    const id = this.#scope.report();
    if (id === null) {
      this.#fault('report-missing', root, 'no `report.*` step comes before this one, so there is no `report`', null);
      return;
    }
    this.#refuseFieldOfList(id, chain);
    this.edits.push({ start: root.start, end: root.end, text: `nodes[${JSON.stringify(id)}].output` });
    this.reads.push({ step: id, path: literalPath(chain) });
  }

  /** A step that is mapped over a list gives back a list. */
  #refuseFieldOfList(id: string, [first]: readonly Access[]): void {
    const key = first?.key ?? null;
    if (first === undefined || key === null || !this.#scope.isMapped(id)) return;
    const hint = `such as \`nodes["${id}"].output.map(each, each.${key})\``;
    this.#fault(
      'output-is-list',
      endOf(first),
      `the output of \`${id}\` is a list, one item for each that it is mapped over`,
      hint,
    );
  }

  #readCall(
    name: string,
    receiver: ASTNode | null,
    given: readonly ASTNode[],
    node: ASTNode,
    locals: ReadonlySet<string>,
  ): void {
    if (name === 'matches') this.#checkPattern(given[receiver ? 0 : 1], node);
    const [variable] = given;
    if (receiver && variable?.op === 'id' && COMPREHENSIONS.has(name)) {
      this.read(receiver, locals);
      this.#readAll(given.slice(1), this.#declare(variable.args, variable, locals));
      return;
    }
    if (receiver?.op === 'id' && receiver.args === 'cel' && name === 'bind' && variable?.op === 'id') {
      const [, value, ...body] = given;
      if (value) this.read(value, locals);
      this.#readAll(body, this.#declare(variable.args, variable, locals));
      return;
    }
    if (receiver) this.read(receiver, locals);
    this.#readAll(given, locals);
  }

  #declare(name: string, node: ASTNode, locals: ReadonlySet<string>): ReadonlySet<string> {
    if (ROOTS.includes(name))
      this.#fault(
        'name-hidden',
        node,
        `the variable \`${name}\` hides a name that expressions start from`,
        'call it otherwise',
      );
    return new Set([...locals, name]);
  }

  /** Patterns from data could hold up the workflow for as long as they like. */
  #checkPattern(pattern: ASTNode | undefined, node: ASTNode): void {
    if (pattern?.op !== 'value' || typeof pattern.args !== 'string') {
      this.#fault('pattern-not-literal', pattern ?? node, '`matches` takes a pattern in quotes', null);
      return;
    }
    const refused = refusePattern(pattern.args);
    if (refused !== null) this.#fault('pattern-refused', pattern, refused, 'make it simpler');
  }

  #fault(code: string, node: Pick<ASTNode, 'pos'>, message: string, hint: string | null): void {
    this.faults.push({ code, message, hint, offset: node.pos });
  }
}

type AccessNode = Extract<ASTNode, { readonly op: '.' | '.?' | '[]' | '[?]' }>;
const isAccess = (node: ASTNode): node is AccessNode => ['.', '.?', '[]', '[?]'].includes(node.op);

function operandsOf(node: ASTNode): readonly ASTNode[] {
  if (node.op === 'map') return node.args.flat();
  if (node.op === '!_' || node.op === '-_') return [node.args];
  return Array.isArray(node.args) ? (node.args as ASTNode[]) : [];
}

/** Where the key of an access stands. */
const endOf = ({ node, index }: Access): Pick<ASTNode, 'pos'> => index ?? node;

function literalPath(chain: readonly Access[]): readonly string[] {
  const dynamic = chain.findIndex(({ key }) => key === null);
  return chain.slice(0, dynamic === -1 ? undefined : dynamic).map(({ key }) => key!);
}
