import type { AskedPolicy } from '../../domain/approval.js';
import { findAction, type KnownAction } from '../../domain/catalogue.js';
import type { QuestionSettings } from '../../domain/question.js';
import { type At, quote, type Problems } from './diagnostic.js';
import type { Draft, Named, Work } from './draft.js';
import { type Field, readBoolean, readText } from './fields.js';
import { readGates } from './gates.js';
import { BUILT_IN_PIPELINES, type KnownNames, SHIPPED_PIPELINES } from './known-names.js';
import { asksFirst, checkAgentAction, readAgent } from './read-agent.js';
import { readHandoff } from './read-handoff.js';
import type { StepFields } from './read-step.js';

/** What reading a step needs to know of the file and the project. */
export interface ReadContext {
  readonly problems: Problems;
  readonly known: KnownNames;
  /** The policy of the pipeline as a whole; null where it has none. */
  readonly approval: AskedPolicy | null;
  /** How steps of the pipeline ask people; null where it does not say. */
  readonly questions: QuestionSettings | null;
  /** Whether only `dependsOn` orders. */
  readonly unordered: boolean;
  readonly pipelineName: string | null;
  /** A name that the file uses and that is not there yet. */
  readonly unavailable: (name: string, at: At, what: string, hint?: string) => void;
}

type StepWork = Pick<Draft, 'work' | 'approvalBefore' | 'asksFirst'>;

const TYPES = ['human-gate', 'approval'];
const FAULTY: Work = { kind: 'faulty' };
const UNASKED = { approvalBefore: null, asksFirst: null } as const;

/** What the step does, and whether people are asked before it. */
export function readWork(fields: StepFields, policy: AskedPolicy | null, context: ReadContext): StepWork {
  const { problems } = context;
  const asked = readBoolean(fields.approvalRequired, problems) ?? false;
  const named = fields.approvers ?? fields.approvalPolicy;
  const type = readText(fields.type, problems);
  const does = fields.action ?? fields.pipeline ?? fields.agent;
  if (type !== null && !TYPES.includes(type)) {
    const hint = problems.didYouMean(type, TYPES) ?? 'leave it out, or write `type: human-gate`';
    problems.error('unknown-type', fields.type!.value, `there is no type of step ${quote(type)}`, hint);
    return { work: FAULTY, ...UNASKED };
  }
  // The policies say who where `approvalRequired` is all that is said. A policy with a fault is reported where it stands.
  const byPolicies = (action: string | null): AskedPolicy | null =>
    policy ?? (named ? null : { kind: 'policies', action });
  if (type !== null) return { work: readApproval(fields, policy, problems), ...UNASKED };
  if (asked && !does) return { work: readApproval(fields, byPolicies(null), problems), ...UNASKED };

  const work = fields.pipeline ? readPipeline(fields.pipeline, fields, context) : readAction(fields, context);
  if (asked) {
    const action = work.kind === 'agent' ? work.action.text : null;
    return { work, approvalBefore: byPolicies(action), asksFirst: null };
  }
  if (work.kind === 'agent' && asksFirst(work.agent, context))
    return { work, approvalBefore: null, asksFirst: { policy, at: work.agentAt } };
  if (named && does) {
    problems.error(
      'approvers-unused',
      named.keyAt,
      `${quote(named.key)} asks nobody here`,
      'add `approvalRequired: true`, or make it a step with `type: human-gate`',
    );
  }
  return { work, ...UNASKED };
}

function readApproval(fields: StepFields, policy: AskedPolicy | null, problems: Problems): Work {
  for (const field of [fields.agent, fields.action, fields.pipeline, fields.gates, fields.map, fields.retry]) {
    if (field)
      problems.error(
        'misplaced-key',
        field.keyAt,
        `an approval has no ${quote(field.key)}`,
        'make it a step of its own',
      );
  }
  if (policy) return { kind: 'approval', policy };
  // A policy that names somebody wrongly is reported where it stands.
  if (fields.type && !fields.approvers && !fields.approvalPolicy)
    problems.error(
      'no-approvers',
      fields.type.keyAt,
      'an approval is asked for, and nobody is named who could give it',
      'add `approvers: [human:team-lead]` to the step or the pipeline',
    );
  return FAULTY;
}

function readPipeline(
  field: Field,
  fields: StepFields,
  { problems, known, pipelineName, unavailable }: ReadContext,
): Work {
  for (const misplaced of [fields.agent, fields.action, fields.gates, fields.retry]) {
    if (misplaced)
      problems.error(
        'misplaced-key',
        misplaced.keyAt,
        `a step that calls a pipeline has no ${quote(misplaced.key)}`,
        'the steps of that pipeline have their own',
      );
  }
  const name = readText(field, problems);
  if (name === null) return FAULTY;
  if (name === pipelineName) {
    problems.error('pipeline-calls-itself', field.value, `the pipeline ${quote(name)} calls itself`);
    return FAULTY;
  }
  const present = known.pipelines ?? SHIPPED_PIPELINES;
  if (!present.includes(name)) {
    const names = [...new Set([...present, ...BUILT_IN_PIPELINES])];
    const hint = problems.didYouMean(name, names);
    if (BUILT_IN_PIPELINES.includes(name)) unavailable(name, field.value, 'pipeline');
    else if (known.pipelines)
      problems.error('unknown-pipeline', field.value, `there is no pipeline ${quote(name)}`, hint);
    else
      problems.warning(
        'pipeline-unchecked',
        field.value,
        `whether there is a pipeline ${quote(name)} is only known on the server`,
        hint,
      );
  }
  return { kind: 'pipeline', pipeline: name };
}

function readAction(fields: StepFields, context: ReadContext): Work {
  const { problems, unavailable } = context;
  const text = readText(fields.action, problems);
  const action: Named | null = text === null ? null : { text, at: fields.action!.value };
  const known = text === null ? undefined : findAction(text);
  if (!fields.action) reportIdle(fields, problems);
  if (known && !known.available) unavailable(known.name, fields.action!.value, 'action');
  if (known?.by === 'handoff') return readHandoff(action!, fields, context);
  if (known?.by === 'baton') return readOwnAction(known, action!, fields, context);

  const gates = readGates(fields.gates, problems);
  const agent = readAgent(fields.agent, action, context);
  // What a wrong name could do is not known, but any agent does the actions of a role.
  const wrongRole =
    !agent && fields.agent?.value.kind === 'scalar' && String(fields.agent.value.value).startsWith('role');
  if (action && (agent || wrongRole)) checkAgentAction(agent ?? { kind: 'any' }, action, context);
  return agent && action ? { kind: 'agent', agent, agentAt: fields.agent!.value, action, gates } : FAULTY;
}

function readOwnAction(known: KnownAction, action: Named, fields: StepFields, context: ReadContext): Work {
  const { problems } = context;
  if (fields.gates)
    problems.error(
      'misplaced-key',
      fields.gates.keyAt,
      `Baton does ${quote(known.name)} itself: gates check what agents do`,
    );
  // Nothing waits for this agent, so it may be one that the project does not have.
  const agent = fields.agent ? readAgent(fields.agent, action, { ...context, unavailable: () => undefined }) : null;
  if (agent && agent.kind !== 'any' && !isAnswerable(known.name)) {
    problems.warning(
      'agent-unused',
      fields.agent!.keyAt,
      `Baton does ${quote(known.name)} itself, without an agent`,
      'leave `agent` out',
    );
  }
  return { kind: 'action', action };
}

/** Actions that designs give to who answers for them, such as `role:auditor`. */
const isAnswerable = (action: string): boolean => /^(?:audit|report|notify|github)\./.test(action);

function reportIdle(fields: StepFields, problems: Problems): void {
  const first = fields.name ?? fields.id ?? Object.values(fields)[0];
  if (!first) return;
  const hint =
    fields.approvers || fields.approvalPolicy
      ? 'add `type: human-gate`'
      : 'add `action: …`, `pipeline: …` or `type: human-gate`';
  problems.error('action-missing', first.keyAt, 'this step does nothing', hint);
}
