import type { AgentRef } from '../../domain/plan.js';
import { phaseWork, TDD_PHASES } from '../../domain/tdd.js';
import { quote } from './diagnostic.js';
import type { Named, Work } from './draft.js';
import { type Field, readBoolean } from './fields.js';
import { checkAgentAction, readAgent } from './read-agent.js';
import type { StepFields } from './read-step.js';
import type { ReadContext } from './read-work.js';

const KEYS = ['tester', 'developer', 'integration'] as const;

/** Whether a parameter says who works, and how; the others are for the agents. */
export const isHandoffKey = (key: string): boolean => (KEYS as readonly string[]).includes(key);

/** `tdd.handoff`: who tests and who develops, as the roles of these names where the step does not say. */
export function readHandoff(action: Named, fields: StepFields, context: ReadContext): Work {
  const { problems } = context;
  for (const field of [fields.agent, fields.gates, fields.map]) {
    if (field)
      problems.error(
        'misplaced-key',
        field.keyAt,
        `${quote(action.text)} has no ${quote(field.key)}`,
        'its phases have gates of their own; say `tester` and `developer` in its params',
      );
  }
  const { params } = fields;
  const entries = params?.value.kind === 'map' ? params.value.entries : [];
  const find = (key: (typeof KEYS)[number]): Field | undefined => entries.find((entry) => entry.key === key);
  const agent = (by: 'tester' | 'developer'): AgentRef | null => readPart(by, find(by), action, context);
  const [tester, developer] = [agent('tester'), agent('developer')];
  const integration = readBoolean(find('integration'), problems) ?? true;
  return tester && developer ? { kind: 'handoff', action, tester, developer, integration } : { kind: 'faulty' };
}

function readPart(
  by: 'tester' | 'developer',
  field: Field | undefined,
  action: Named,
  context: ReadContext,
): AgentRef | null {
  if (!field) return { kind: 'role', role: by };
  const agent = readAgent(field, null, context);
  if (agent?.kind === 'same') {
    context.problems.error('bad-value', field.value, `${quote(by)} is \`any\`, \`role:<role>\` or a name`);
    return null;
  }
  const does = new Set(TDD_PHASES.map(phaseWork).flatMap((phase) => (phase.by === by ? [phase.action] : [])));
  if (agent) for (const text of does) checkAgentAction(agent, { text, at: action.at }, context);
  return agent;
}
