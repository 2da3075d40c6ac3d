import type { AskedPolicy } from '../../domain/approval.js';
import { MERGE } from '../../domain/catalogue.js';
import { CONTEXT_TOKENS } from '../../domain/context/budget.js';
import { PLAN_LIMITS } from '../../domain/plan.js';
import { readApprovalPolicy } from './approval-policy.js';
import { quote, type Problems } from './diagnostic.js';
import type { Draft, Named } from './draft.js';
import { readDuration } from './duration.js';
import {
  describe,
  type Field,
  type Fields,
  readBoolean,
  readFields,
  readInteger,
  readText,
  readTexts,
} from './fields.js';
import { readChecklist } from './read-checklist.js';
import { type ReadContext, readWork } from './read-work.js';
import { QUESTION_VOCABULARY, readQuestions } from './read-questions.js';
import { readRepositories } from './read-repositories.js';
import { readRetry } from './retry.js';
import { readSandbox } from './read-sandbox.js';
import type { YamlEntry, YamlNode } from './yaml-tree.js';

const VOCABULARY = {
  id: ['id'],
  name: ['name'],
  description: ['description'],
  type: ['type'],
  agent: ['agent'],
  action: ['action'],
  pipeline: ['pipeline'],
  params: ['params', 'inputs', 'with'],
  dependsOn: ['dependsOn'],
  parallel: ['parallel'],
  when: ['when', 'condition', 'if'],
  map: ['map', 'forEach'],
  repository: ['repository'],
  timeout: ['timeout'],
  retry: ['retry'],
  gates: ['gates'],
  approvalRequired: ['approvalRequired'],
  approvers: ['approvers'],
  approvalPolicy: ['approvalPolicy'],
  ...QUESTION_VOCABULARY,
  checklist: ['checklist'],
  sandbox: ['sandbox'],
  contextTokens: ['contextTokens'],
} as const;

export type StepFields = Fields<keyof typeof VOCABULARY>;

const MAX_NAME_LENGTH = 200;
/** At most 20 activities start in one workflow task (architecture decision 3). */
const MAX_CONCURRENCY = 20;
export const DEFAULT_CONCURRENCY = 4;

/** One step of the list, as the file has it; null where it is no mapping. */
export function readStep(node: YamlNode, context: ReadContext): Draft | null {
  const { problems } = context;
  if (node.kind !== 'map') {
    if (node.kind === 'list' || !node.faulty)
      problems.error('bad-step', node, `a step is a mapping, not ${describe(node)}`, 'such as `- name: Implement`');
    return null;
  }
  const fields = readFields(node, 'step', VOCABULARY, problems);
  const givenId = readId(fields.id, problems);
  const name = readName(fields.name, problems);
  if (!fields.id && !fields.name)
    problems.error('step-unnamed', node, 'this step has neither a name nor an id', 'begin it with `- name: …`');
  const policy = readPolicy(fields, context);
  const { condition, params: given } = readParams(fields.params, problems);
  if (fields.when && condition) {
    problems.error(
      'double-key',
      condition.keyAt,
      `${quote(condition.key)} says the same as ${quote(fields.when.key)}`,
      'keep one of them',
    );
  }
  const { work, approvalBefore, asksFirst } = readWork(fields, policy, context);
  refuseQuestions(fields, work, problems);
  const { repositories, params } = readRepositories(fields, work, given, problems, context.known);
  return {
    offset: node.offset,
    pointer: node.pointer,
    givenId,
    name,
    dependsOn: fields.dependsOn ? readDependencies(fields.dependsOn, problems) : null,
    parallel: readBoolean(fields.parallel, problems) ?? false,
    when: fields.when ?? condition,
    repository: fields.repository ?? null,
    map: readMap(fields.map, problems),
    repositories,
    timeoutMs: readDuration(fields.timeout, problems),
    retry: readRetry(fields.retry, problems),
    questions: readQuestions(fields, context.questions, problems),
    checklist: readChecklist(fields.checklist, work, problems),
    sandbox: readSandbox(fields.sandbox, work, problems),
    contextTokens: readContextTokens(fields.contextTokens, work, problems),
    params,
    work,
    approvalBefore,
    asksFirst,
  };
}

/** Only steps of agents ask, and merges. */
function refuseQuestions({ onFailure, answerWithin }: StepFields, work: Draft['work'], problems: Problems): void {
  if (work.kind === 'agent' || work.kind === 'handoff' || work.kind === 'faulty') return;
  if (work.kind === 'action' && work.action.text === MERGE) return;
  for (const field of [onFailure, answerWithin]) {
    if (field)
      problems.error(
        'misplaced-key',
        field.keyAt,
        `${quote(field.key)} is of steps that an agent does, and of ${MERGE}`,
        'put it on the pipeline, or on such a step',
      );
  }
}

function readContextTokens(field: Field | undefined, { kind }: Draft['work'], problems: Problems): number | null {
  if (field && kind !== 'agent' && kind !== 'handoff' && kind !== 'faulty') {
    problems.error('misplaced-key', field.keyAt, `${quote(field.key)} is of steps that an agent does`);
    return null;
  }
  return readInteger(field, CONTEXT_TOKENS.min, CONTEXT_TOKENS.max, problems);
}

function readId(field: Field | undefined, problems: Problems): Named | null {
  const text = readText(field, problems);
  if (!field || text === null) return null;
  if (/^[a-z0-9-]{1,60}$/.test(text)) return { text, at: field.value };
  const proper = text
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  const hint = proper === '' ? 'leave it out: it is made from the name' : `did you mean \`${proper}\`?`;
  problems.error('bad-id', field.value, `${quote(text)} is no id: 1 to 60 of a–z, 0–9 and hyphens`, hint);
  return null;
}

function readName(field: Field | undefined, problems: Problems): Named | null {
  const text = readText(field, problems);
  if (!field || text === null) return null;
  if (text.length > MAX_NAME_LENGTH || /\p{Cc}/u.test(text)) {
    problems.error('bad-name', field.value, `a name is one line of at most ${MAX_NAME_LENGTH} characters`);
    return null;
  }
  if (text.includes('{{'))
    problems.error(
      'template-not-here',
      field.value,
      'the name of a step is the same in every run',
      'put the `{{ … }}` into its params',
    );
  return { text, at: field.value };
}

function readPolicy(fields: StepFields, { approval, known, problems }: ReadContext): AskedPolicy | null {
  if (!fields.approvers && !fields.approvalPolicy) return approval;
  return readApprovalPolicy(fields.approvers, fields.approvalPolicy, known, problems);
}

function readDependencies(field: Field, problems: Problems): readonly Named[] {
  if (field.value.kind === 'map') {
    problems.error('bad-value', field.value, '`dependsOn` is the name of a step, or a list of names');
    return [];
  }
  return readTexts(field, problems);
}

/** The parameters, without a condition that stands among them (as the vocabulary of `inputs` has it). */
function readParams(
  field: Field | undefined,
  problems: Problems,
): { readonly condition: Field | null; readonly params: readonly YamlEntry[] } {
  if (!field) return { condition: null, params: [] };
  if (field.value.kind !== 'map') {
    problems.error('bad-value', field.value, `${quote(field.key)} is a mapping, not ${describe(field.value)}`);
    return { condition: null, params: [] };
  }
  const { entries } = field.value;
  return {
    condition: entries.find(({ key }) => key === 'condition') ?? null,
    params: entries.filter(({ key }) => key !== 'condition'),
  };
}

function readMap(field: Field | undefined, problems: Problems): Draft['map'] {
  if (!field) return null;
  if (field.value.kind !== 'map') return { over: checkOver(field.value, problems), concurrency: DEFAULT_CONCURRENCY };
  const fields = readFields(
    field.value,
    `\`${field.key}\``,
    { over: ['over', 'in'], concurrency: ['concurrency'] },
    problems,
  );
  const concurrency = readInteger(fields.concurrency, 1, MAX_CONCURRENCY, problems) ?? DEFAULT_CONCURRENCY;
  if (fields.over) return { over: checkOver(fields.over.value, problems), concurrency };
  problems.error(
    'map-over-missing',
    field.value,
    `${quote(field.key)} does not say over what`,
    'add `over: "{{ … }}"`',
  );
  return null;
}

function checkOver(over: YamlNode, problems: Problems): YamlNode {
  if (over.kind === 'list') {
    if (over.items.length > PLAN_LIMITS.mapItems) {
      problems.error(
        'map-too-long',
        over,
        `a step is mapped over at most ${PLAN_LIMITS.mapItems} items, these are ${over.items.length}`,
      );
    }
  } else if (over.kind === 'map' || typeof over.value !== 'string' || !/^\s*\{\{.*\}\}\s*$/s.test(over.value)) {
    problems.error(
      'bad-map',
      over,
      `a step is mapped over a list, not ${describe(over)}`,
      'write a list, or one expression: "{{ … }}"',
    );
  }
  return over;
}
