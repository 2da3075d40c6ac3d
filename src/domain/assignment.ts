import type { RiskLevel } from './catalogue.js';
import type { AgentRef, Plan } from './plan.js';
import { mayDo, mayDoInAny } from './roles.js';

/** What of an agent's row matters to who gets a step. */
export interface Candidate {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly capabilities: readonly string[];
  readonly riskLevel: RiskLevel;
  /** Why its permissions keep it out of the repository that it is about; left out: nothing does. */
  readonly barred?: string | null;
  readonly status: 'idle' | 'working' | 'waiting-for-input' | 'blocked' | 'errored' | 'paused' | 'offline';
}

export type Assignment =
  { readonly kind: 'assigned'; readonly agent: Candidate } | { readonly kind: 'nobody'; readonly reason: string };

/**
 * Who does a step: the named agent, the one that did an earlier step (`sameAs`), or the first by name that holds the
 * role or, for `any`, can do the action. Paused and offline agents get no new work. A role is held also through its
 * family: `reviewer` answers for `code-reviewer`. Where the agent of `same` is gone, another that can do the action takes
 * over, one that holds all its roles before the others. Nobody acts outside of a role (R1.9) or in a repository that it may not work in, and one that asks
 * first gets only a step that people have `approved`.
 */
export function assignAgent(
  ref: AgentRef,
  action: string,
  candidates: readonly Candidate[],
  sameAs: string | null,
  approved: boolean,
): Assignment {
  const free = candidates
    .filter(({ status }) => status !== 'paused' && status !== 'offline')
    .filter(({ riskLevel }) => approved || riskLevel === 'AUTO')
    .filter(({ roles }) => mayDoInAny(roles, action))
    .filter(({ barred }) => !barred)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const fitting = free.filter((agent) => fits(ref, action, agent, sameAs));
  const standIns = ref.kind === 'same' && fitting.length === 0 ? standInsFor(sameAs, action, candidates, free) : [];
  const [agent] = preferDirect(ref, [...fitting, ...standIns]);
  return agent ? { kind: 'assigned', agent } : { kind: 'nobody', reason: explain(ref, action, candidates, approved) };
}

/** Who can do the action, those before the others that hold every role of the one who is gone. */
function standInsFor(
  gone: string | null,
  action: string,
  candidates: readonly Candidate[],
  free: readonly Candidate[],
): readonly Candidate[] {
  const roles = candidates.find(({ id }) => id === gone)?.roles ?? [];
  const isAlike = (agent: Candidate) => roles.every((role) => holds(agent, role));
  const able = free.filter((agent) => can(agent, action));
  return [...able].sort((a, b) => Number(isAlike(b)) - Number(isAlike(a)));
}

function fits(ref: AgentRef, action: string, agent: Candidate, sameAs: string | null): boolean {
  switch (ref.kind) {
    case 'named':
      return agent.name === ref.name;
    case 'same':
      return agent.id === sameAs;
    case 'role':
      return holds(agent, ref.role) && mayDo(ref.role, action) && can(agent, action);
    case 'any':
      return can(agent, action);
  }
}

const can = (agent: Candidate, action: string): boolean =>
  agent.capabilities.length === 0 || agent.capabilities.includes(action);

const holds = (agent: Candidate, role: string): boolean =>
  agent.roles.includes(role) || agent.roles.some((held) => role.endsWith(`-${held}`));

const preferDirect = (ref: AgentRef, agents: readonly Candidate[]): readonly Candidate[] =>
  ref.kind === 'role'
    ? [...agents].sort((a, b) => Number(b.roles.includes(ref.role)) - Number(a.roles.includes(ref.role)))
    : agents;

/** What keeps an agent from the action, beside its status. */
const bars = ({ roles, riskLevel, barred }: Candidate, action: string, approved: boolean): readonly string[] => [
  ...(mayDoInAny(roles, action) ? [] : [`${action} is outside of its role`]),
  ...(approved || riskLevel === 'AUTO' ? [] : ['acts only where an approval comes directly before the step']),
  ...(barred ? [barred] : []),
];

function explain(ref: AgentRef, action: string, candidates: readonly Candidate[], approved: boolean): string {
  const known = candidates
    .map(
      (agent) =>
        `${agent.name} (${[agent.roles.join(', '), agent.status, ...bars(agent, action, approved)].join('; ')})`,
    )
    .join('; ');
  const wanted = {
    named: () => `the agent ${(ref as { name: string }).name}`,
    same: () => `the same agent as before, or another that can ${action}`,
    role: () => `an agent with the role ${(ref as { role: string }).role} that can ${action}`,
    any: () => `an agent that can ${action}`,
  }[ref.kind]();
  return `no agent is free to act: the step asks for ${wanted}; the project has ${known === '' ? 'no agents' : known}`;
}

/**
 * Whether people have said yes directly before a step: such an approval is skipped only with the step itself. One of
 * `overridden` was not given.
 */
export function isApproved(plan: Plan, id: string, overridden: ReadonlySet<string>): boolean {
  const step = plan.steps.find((other) => other.id === id);
  return plan.steps.some(
    (other) =>
      other.kind === 'approval' &&
      !overridden.has(other.id) &&
      (other.when === null || other.when === step?.when) &&
      step?.dependsOn.includes(other.id) === true,
  );
}
