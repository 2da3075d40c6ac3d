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
    switch (node.op) {
      case 'value':
        return;
      case 'id':
      case '.':
      case '.?':
      case '[]':
      case '[?]':
        return this.#readChain(node, locals);
      case 'call':
        return this.#readCall(node.args[0], null, node.args[1], node, locals);
      case 'rcall':
        return this.#readCall(node.args[0], node.args[1], node.args[2], node, locals);
      case 'list':
        return this.#readAll(node.args, locals);
      case 'map':
        return this.#readAll(node.args.flat(), locals);
      case '!_':
      case '-_':
        return this.read(node.args, locals);
      default:
        return this.#readAll(node.args, locals);
    }
  }

  #readAll(nodes: readonly ASTNode[], locals: ReadonlySet<string>): void {
    for (const node of nodes) this.read(node, locals);
  }

  #readChain(node: ASTNode, locals: ReadonlySet<string>): void {
    const chain: Access[] = [];
    let root = node;
    while (root.op === '.' || root.op === '.?' || root.op === '[]' || root.op === '[?]') {
      const [inner, by] = root.args;
      const index = typeof by === 'string' ? null : by;
      const literal = index?.op === 'value' && typeof index.args === 'string' ? index.args : null;
      chain.unshift({ key: typeof by === 'string' ? by : literal, node: root, index });
      root = inner;
    }
    for (const { key, index } of chain) if (index && key === null) this.read(index, locals);
    if (root.op !== 'id') return this.read(root, locals);
    if (!locals.has(root.args)) this.#readRoot(root.args, root, chain);
  }

  #readRoot(name: string, root: ASTNode, chain: readonly Access[]): void {
    if (name === 'nodes' || name === 'steps') return this.#readStep(name, root, chain);
    if (name === 'report') return this.#readReport(root, chain);
    if (name === 'item' || name === 'index') {
      if (this.#scope.mapped) return;
      return this.#fault(
        'item-outside-map',
        root,
        `\`${name}\` is only there in the params of a step that is mapped over a list`,
        'give the step `map: { over: "{{ … }}" }`',
      );
    }
    if (ROOTS.includes(name)) return;
    // CEL reads `output.high-risk` as a subtraction.
    const hyphen = this.#text[root.start - 1] === '-' && /\w/.test(this.#text[root.start - 2] ?? '');
    const hint = hyphen
      ? 'a name with a hyphen is written in brackets: `output["high-risk"]`'
      : this.#scope.didYouMean(name, ROOTS);
    this.#fault(
      'unknown-name',
      root,
      `an expression cannot start with \`${name}\``,
      hint ?? `known are ${ROOTS.join(', ')}`,
    );
  }

  #readStep(word: string, root: ASTNode, [step, field, ...rest]: readonly Access[]): void {
    if (!step || step.key === null) {
      return this.#fault(
        'step-not-named',
        root,
        `\`${word}\` must be followed by the name of a step`,
        `such as \`${word}.implement.output\``,
      );
    }
    const id = this.#scope.stepId(step.key);
    if (id === undefined) {
      return this.#fault(
        'unknown-step',
        endOf(step),
        `there is no step \`${step.key}\``,
        this.#scope.didYouMean(step.key),
      );
    }
    const refused = this.#scope.refuseStep(id, step.key);
    if (refused) this.faults.push({ ...refused, offset: endOf(step).pos });
    if (field && (field.key === null || !NODE_FIELDS.includes(field.key))) {
      const hint = field.key === null ? null : this.#scope.didYouMean(field.key, NODE_FIELDS);
      this.#fault(
        'unknown-field',
        endOf(field),
        `a step has \`output\` and \`status\`, not \`${field.key ?? '[…]'}\``,
        hint ?? 'what it gave back is in `output`',
      );
    }
    if (word !== 'nodes') this.edits.push({ start: root.start, end: root.end, text: 'nodes' });
    if (id !== step.key) this.edits.push({ start: root.end, end: step.node.end, text: `[${JSON.stringify(id)}]` });
    if (field?.key !== 'status') this.reads.push({ step: id, path: literalPath(rest) });
  }

  #readReport(root: ASTNode, chain: readonly Access[]): void {
    const id = this.#scope.report();
    if (id === null) {
      return this.#fault(
        'report-missing',
        root,
        'no `report.*` step comes before this one, so there is no `report`',
        null,
      );
    }
    this.edits.push({ start: root.start, end: root.end, text: `nodes[${JSON.stringify(id)}].output` });
    this.reads.push({ step: id, path: literalPath(chain) });
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
      return this.#readAll(given.slice(1), this.#declare(variable.args, variable, locals));
    }
    if (receiver?.op === 'id' && receiver.args === 'cel' && name === 'bind' && variable?.op === 'id') {
      const [, value, ...body] = given;
      if (value) this.read(value, locals);
      return this.#readAll(body, this.#declare(variable.args, variable, locals));
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
      return this.#fault('pattern-not-literal', pattern ?? node, '`matches` takes a pattern in quotes', null);
    }
    const refused = refusePattern(pattern.args);
    if (refused !== null) this.#fault('pattern-refused', pattern, refused, 'make it simpler');
  }

  #fault(code: string, node: Pick<ASTNode, 'pos'>, message: string, hint: string | null): void {
    this.faults.push({ code, message, hint, offset: node.pos });
  }
}

/** Where the key of an access stands. */
const endOf = ({ node, index }: Access): Pick<ASTNode, 'pos'> => index ?? node;

function literalPath(chain: readonly Access[]): readonly string[] {
  const dynamic = chain.findIndex(({ key }) => key === null);
  return chain.slice(0, dynamic === -1 ? undefined : dynamic).map(({ key }) => key!);
}
