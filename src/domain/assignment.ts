import { can, holds, type Candidate } from './candidate.js';
import { explainNobody } from './nobody-free.js';
import type { AgentRef, Plan } from './plan.js';
import { mayDo, mayDoInAny } from './roles.js';

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
  return agent
    ? { kind: 'assigned', agent }
    : { kind: 'nobody', reason: explainNobody(ref, action, candidates, approved) };
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

const preferDirect = (ref: AgentRef, agents: readonly Candidate[]): readonly Candidate[] =>
  ref.kind === 'role'
    ? [...agents].sort((a, b) => Number(b.roles.includes(ref.role)) - Number(a.roles.includes(ref.role)))
    : agents;

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
