import type { RiskLevel } from './catalogue.js';

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

/** Whether an agent can do an action: one that lists no capability can do any. */
export const can = (agent: Pick<Candidate, 'capabilities'>, action: string): boolean =>
  agent.capabilities.length === 0 || agent.capabilities.includes(action);

/** Whether an agent holds a role, itself or through its family: `reviewer` answers for `code-reviewer`. */
export const holds = (agent: Pick<Candidate, 'roles'>, role: string): boolean =>
  agent.roles.includes(role) || agent.roles.some((held) => role.endsWith(`-${held}`));
