import type { JsonObject } from './json.js';
import { PRIORITIES, type Priority } from './task.js';

/** What grows worse with time, and has a path (R6.4). */
export const ESCALATION_CAUSES = ['agent-blocked', 'pr-stale', 'conflict-unresolved'] as const;
export type EscalationCause = (typeof ESCALATION_CAUSES)[number];

/** What is done when a level is reached. */
export type EscalationAction =
  /** `channel` is a channel's name; `@author` stands for `@<handle>` of whoever the cause names as author. */
  | { readonly kind: 'notify'; readonly channel: string; readonly urgent: boolean }
  | { readonly kind: 'pause-agents' }
  | { readonly kind: 'close' }
  | { readonly kind: 'raise-priority' };

export interface EscalationLevel {
  /** Milliseconds from the start of the path. */
  readonly atMs: number;
  readonly actions: readonly EscalationAction[];
}

/** A path starts when its cause has lasted `afterMs`, and its levels count from there. */
export interface EscalationPath {
  readonly cause: EscalationCause;
  readonly afterMs: number;
  readonly levels: readonly EscalationLevel[];
}

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

/** An escalation as its workflow knows it. */
export interface EscalationRef {
  readonly organisationId: string;
  readonly escalationId: string;
  /** Since when its cause lasts, in milliseconds since the epoch. */
  readonly sinceMs: number;
}

/** What the workflow of an escalation calls. */
export interface EscalationActivities {
  /** Its path; null where its cause is gone already. */
  beginEscalation(ref: EscalationRef): Promise<EscalationPath | null>;
  /** Does what a level says, once; false where the cause is gone: then nothing is done. */
  escalate(
    request: EscalationRef & {
      readonly level: number;
      readonly atMs: number;
      readonly actions: readonly EscalationAction[];
    },
  ): Promise<boolean>;
  /** The path is at its end, its cause is not. */
  endEscalation(ref: EscalationRef): Promise<void>;
}

export const escalationWorkflowId = (escalationId: string): string => `escalation/${escalationId}`;

/** The name of the channel that is meant, for people and agents of this cause. */
export const channelFor = (channel: string, { author }: EscalationFacts): string =>
  channel === '@author' && author !== undefined ? `@${author}` : channel;

/** One step more urgent. */
export const raised = (priority: Priority): Priority => PRIORITIES[Math.max(PRIORITIES.indexOf(priority) - 1, 0)]!;

const UNITS = [
  ['d', 24 * 60],
  ['h', 60],
  ['min', 1],
] as const;

/** How long something has lasted, for people: `15 min`, `1 h 15 min`, `3 d`. */
export function durationText(ms: number): string {
  let minutes = Math.floor(ms / 60_000);
  const parts: string[] = [];
  for (const [unit, length] of UNITS) {
    const count = Math.floor(minutes / length);
    if (count > 0) parts.push(`${count} ${unit}`);
    minutes -= count * length;
  }
  return parts.length === 0 ? '0 min' : parts.join(' ');
}

/** When each level of a path is due, in milliseconds since the epoch. */
export const dueTimes = ({ afterMs, levels }: EscalationPath, sinceMs: number): readonly number[] =>
  levels.map(({ atMs }) => sinceMs + afterMs + atMs);
