import { LineCounter } from 'yaml';
import { type Json, jsonBytes } from '../../domain/json.js';
import { type Plan, PLAN_LIMITS } from '../../domain/plan.js';
import { readApprovalPolicy } from './approval-policy.js';
import { compileSteps } from './compile-steps.js';
import { type Diagnostic, Problems, quote } from './diagnostic.js';
import { describe, type Field, type Fields, readFields, readText } from './fields.js';
import type { KnownNames } from './known-names.js';
import { orderSteps } from './order-steps.js';
import { QUESTION_VOCABULARY, readQuestions } from './read-questions.js';
import { readStep } from './read-step.js';
import type { ReadContext } from './read-work.js';
import { readTriggers } from './triggers.js';
import { readYaml, type YamlMapping } from './yaml-tree.js';

export interface CompileOptions {
  /** Its name in messages. */
  readonly file: string;
  readonly known?: KnownNames | undefined;
}

export type Compilation =
  | {
      readonly kind: 'compiled';
      readonly plan: Plan;
      readonly warnings: readonly Diagnostic[];
      /** Names that it uses and that are not there yet: such a pipeline is not activated. */
      readonly unavailable: readonly string[];
    }
  /** Everything that is wrong with the file, in its order; warnings among it. */
  | { readonly kind: 'refused'; readonly diagnostics: readonly Diagnostic[] };

const VOCABULARY = {
  name: ['name', 'workflow'],
  description: ['description'],
  triggers: ['trigger', 'triggers'],
  steps: ['steps', 'nodes'],
  approvers: ['approvers'],
  approvalPolicy: ['approvalPolicy'],
  ...QUESTION_VOCABULARY,
} as const;

/**
 * The plan that a pipeline file describes (R3.1 to R3.4, in either vocabulary), or every fault of the file at once.
 * Never throws, whatever `source` holds.
 */
export function compilePipeline(source: string, { file, known = {} }: CompileOptions): Compilation {
  const lines = new LineCounter();
  const problems = new Problems(file, lines);
  const unavailable = new Set<string>();
  // A byte order mark is no part of the first line.
  const plan = readPlan(source.replace(/^\uFEFF/, ''), lines, problems, known, unavailable);
  const found = problems.sorted();
  if (!plan || problems.errors > 0) return { kind: 'refused', diagnostics: found };
  return { kind: 'compiled', plan, warnings: found, unavailable: [...unavailable].sort() };
}

function readPlan(
  source: string,
  lines: LineCounter,
  problems: Problems,
  known: KnownNames,
  unavailable: Set<string>,
): Plan | null {
  const root = readYaml(source, lines, problems);
  if (!root) return null;
  if (root.kind !== 'map') {
    if (root.kind === 'list' || !root.faulty)
      problems.error('bad-pipeline', root, `a pipeline is a mapping, not ${describe(root)}`, 'begin with `name: …`');
    return null;
  }
  const fields = readFields(root, 'pipeline', VOCABULARY, problems);
  const name = readName(fields, root, problems);
  const description = readText(fields.description, problems);
  const notThereYet: ReadContext['unavailable'] = (wanted, at, what, hint) => {
    unavailable.add(wanted);
    problems.warning(
      'not-there-yet',
      at,
      `the ${what} ${quote(wanted)} is not there yet: the pipeline can be checked, but not activated`,
      hint,
    );
  };
  const triggers = readTriggers(fields.triggers, {
    problems,
    unavailable: notThereYet,
    repositories: known.repositories,
  });
  const context: ReadContext = {
    problems,
    known,
    approval:
      fields.approvers || fields.approvalPolicy
        ? readApprovalPolicy(fields.approvers, fields.approvalPolicy, known, problems)
        : null,
    questions: readQuestions(fields, null, problems),
    unordered: fields.steps?.key === 'nodes',
    pipelineName: name,
    unavailable: notThereYet,
  };
  const steps = compileList(fields.steps, root, context);
  const plan: Plan = { name: name ?? '', description, triggers, steps };
  return steps.length > 0 && isSmallEnough(plan, root, problems) ? plan : null;
}

function readName({ name }: Fields<keyof typeof VOCABULARY>, root: YamlMapping, problems: Problems): string | null {
  if (!name && !root.entries.some(({ key }) => key === 'name' || key === 'workflow')) {
    problems.error('name-missing', root, 'the pipeline has no name', 'begin with `name: …`');
  }
  const text = readText(name, problems);
  if (!name || text === null || /^[^/\p{Cc}{}]{1,100}$/u.test(text)) return text;
  problems.error(
    'bad-name',
    name.value,
    `${quote(text)} is no name of a pipeline: one line of at most 100 characters, without slashes and braces`,
  );
  return null;
}

function compileList(field: Field | undefined, root: YamlMapping, context: ReadContext): Plan['steps'] {
  const { problems, unordered } = context;
  if (!field) {
    const empty = root.entries.some(({ key }) => key === 'steps' || key === 'nodes');
    if (!empty) problems.error('steps-missing', root, 'the pipeline has no steps', 'add `steps:` and a list below it');
    return [];
  }
  if (field.value.kind !== 'list' || field.value.items.length === 0) {
    const found = field.value.kind === 'list' ? 'an empty one' : describe(field.value);
    problems.error(
      'steps-missing',
      field.value,
      `${quote(field.key)} is a list of steps, not ${found}`,
      'such as `- name: …`',
    );
    return [];
  }
  const { items } = field.value;
  if (items.length > PLAN_LIMITS.steps) return tooMany(items.length, field, problems);
  const drafts = items.flatMap((item) => readStep(item, context) ?? []);
  const ordered = orderSteps(drafts, unordered, problems);
  if (ordered.steps.length > PLAN_LIMITS.steps) return tooMany(ordered.steps.length, field, problems);
  return compileSteps(ordered, context);
}

function tooMany(count: number, field: Field, problems: Problems): [] {
  problems.error(
    'too-many-steps',
    field.keyAt,
    `the pipeline has ${count} steps; at most ${PLAN_LIMITS.steps} are allowed`,
    'map a step over a list, or call other pipelines',
  );
  return [];
}

function isSmallEnough(plan: Plan, root: YamlMapping, problems: Problems): boolean {
  const bytes = jsonBytes(plan as unknown as Json);
  if (bytes <= PLAN_LIMITS.planBytes) return true;
  problems.error(
    'plan-too-large',
    root,
    `the compiled plan has ${bytes} bytes; at most ${PLAN_LIMITS.planBytes} are allowed`,
    'move long texts into the repository, or steps into other pipelines',
  );
  return false;
}
