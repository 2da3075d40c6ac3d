import type { JsonObject } from './json.js';

/** What grows worse with time, and has a path (R6.4). */
export const ESCALATION_CAUSES = ['agent-blocked', 'pr-stale', 'conflict-unresolved'] as const;
export type EscalationCause = (typeof ESCALATION_CAUSES)[number];

/** What the actions of a path need to know of a cause. */
export interface EscalationFacts {
  /** Handle of the person whose it is. */
  readonly author?: string;
  /** Ids of the agents that it holds up. */
  readonly agents?: readonly string[];
  readonly pullRequestId?: string;
  readonly taskId?: string;
  /** Why, for people. */
  readonly reason?: string;
}

/** A level that was reached: what is shown of an escalation. */
export interface ReachedLevel extends JsonObject {
  /** 0-based. */
  readonly level: number;
  readonly at: string;
  readonly did: readonly string[];
}
