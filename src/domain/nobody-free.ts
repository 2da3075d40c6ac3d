import { can, holds, type Candidate } from './candidate.js';
import type { AgentRef } from './plan.js';
import { familyOf, mayDo, mayDoInAny } from './roles.js';
import { suggest } from './suggest.js';

/** Why something cannot be done, and the change that would help; neither ends with a full stop. */
export interface Reason {
  readonly why: string;
  readonly fix: string;
}

/** Agents that are named in one message. */
const MAX_AGENTS = 5;

/** The command that gives a project an agent for a role; `PROGRAM` stands for a program such as `claude`. */
export const addAgentCommand = (role: string): string =>
  `baton agents add PROGRAM --name PROGRAM-${role} --role ${role}`;
export const ADD_TEAM_COMMAND = 'baton agents add PROGRAM --team';

/**
 * Explains why no agent gets a step. The message begins with the reason and ends with the change that would help, without a
 * full stop.
 */
export function explainNobody(
  ref: AgentRef,
  action: string,
  candidates: readonly Candidate[],
  approved: boolean,
): string {
  const { why, fix } = findReason(ref, action, candidates, approved);
  return `${why}, so no agent is free: the step asks for ${tellRef(ref, action)}. ${fix}`;
}

export function findReason(ref: AgentRef, action: string, candidates: readonly Candidate[], approved: boolean): Reason {
  if (candidates.length === 0)
    return { why: 'the project has no agents', fix: `Register a team with \`${ADD_TEAM_COMMAND}\`` };
  if (ref.kind === 'role' && !mayDo(ref.role, action))
    return {
      why: `the role ${ref.role} may not do ${action}`,
      fix: 'Name a role in the pipeline that may do it',
    };
  const wanted = candidates.filter((agent) => isWanted(ref, action, agent));
  if (wanted.length === 0) return reasonForAbsence(ref, action, candidates);
  const obstacles = wanted.map((agent) => obstacleOf(agent, action, approved));
  const told = wanted.slice(0, MAX_AGENTS).map(({ name }, index) => `${name} ${obstacles[index]!.why}`);
  const more = wanted.length > MAX_AGENTS ? ` and ${wanted.length - MAX_AGENTS} more cannot do it` : '';
  return {
    why: `${told.join(', ')}${more}`,
    fix: [...new Set(obstacles.slice(0, MAX_AGENTS).map(({ fix }) => fix))].join('. '),
  };
}

function isWanted(ref: AgentRef, action: string, agent: Candidate): boolean {
  if (ref.kind === 'named') return agent.name === ref.name;
  return ref.kind === 'role' ? holds(agent, ref.role) : mayDoInAny(agent.roles, action) && can(agent, action);
}

function reasonForAbsence(ref: AgentRef, action: string, candidates: readonly Candidate[]): Reason {
  if (ref.kind === 'role') {
    const near = nearRole(ref.role, action, candidates);
    const instead = near === null ? '' : `Write \`role:${near.role}\`, which ${near.agent} holds. Or `;
    return {
      why: `no agent holds the role ${ref.role}`,
      fix: `${instead}${near === null ? 'R' : 'r'}egister one with \`${addAgentCommand(ref.role)}\`, or a whole team with \`${ADD_TEAM_COMMAND}\``,
    };
  }
  if (ref.kind !== 'named')
    return {
      why: `no agent of the project can do ${action}`,
      fix: `Register a team with \`${ADD_TEAM_COMMAND}\``,
    };
  const { name } = ref;
  return { why: `the project has no agent ${name}`, fix: `Register it, or name another in the pipeline` };
}

/** A role of an agent that the pipeline may have meant: of the same family, or spelled alike. */
function nearRole(
  wanted: string,
  action: string,
  candidates: readonly Candidate[],
): { readonly role: string; readonly agent: string } | null {
  const held = candidates
    .flatMap(({ name, roles }) => roles.map((role) => ({ role, agent: name })))
    .filter(({ role }) => mayDo(role, action));
  const family = familyOf(wanted);
  const related = held.find(({ role }) => family !== null && familyOf(role) === family);
  const alike = suggest(
    wanted,
    held.map(({ role }) => role),
  );
  return related ?? held.find(({ role }) => role === alike) ?? null;
}

/** What keeps an agent from the step; the first of several. */
function obstacleOf(agent: Candidate, action: string, approved: boolean): Reason {
  const { name, roles, status, riskLevel, barred } = agent;
  if (!mayDoInAny(roles, action))
    return {
      why: `may not do ${action} in its role ${roles.join(', ')}`,
      fix: `Give the step to an agent with a role that may do ${action}`,
    };
  if (!can(agent, action))
    return {
      why: `does not list ${action} among its capabilities`,
      fix: `Add ${action} to the capabilities of ${name}`,
    };
  if (barred) return { why: `is kept out: ${barred}`, fix: `Change the permissions of ${name}` };
  if (!approved && riskLevel !== 'AUTO')
    return {
      why: 'acts only where an approval comes directly before the step',
      fix: 'Put an approval before the step: `approvalRequired: true`',
    };
  if (status === 'paused') return { why: 'is paused', fix: `Resume it with \`baton agents resume ${name}\`` };
  return { why: `is ${status}`, fix: `Rerun the step when ${name} is back` };
}

function tellRef(ref: AgentRef, action: string): string {
  switch (ref.kind) {
    case 'named':
      return `the agent ${ref.name}`;
    case 'same':
      return `the same agent as before, or another that can ${action}`;
    case 'role':
      return `an agent with the role ${ref.role} that can ${action}`;
    case 'any':
      return `an agent that can ${action}`;
  }
}
