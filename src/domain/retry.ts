/** How often a failed attempt is made again, and how long is waited before each. */
export interface RetryPolicy {
  /** Attempts in all, the first included. */
  readonly attempts: number;
  readonly initialDelayMs: number;
  readonly factor: number;
  readonly maxDelayMs: number;
}

export const NO_RETRY: RetryPolicy = { attempts: 1, initialDelayMs: 0, factor: 1, maxDelayMs: 0 };

/** R5.2: a failed gate goes back to the agent at most 3 times in all, with back-off. */
export const AGENT_RETRY: RetryPolicy = { attempts: 3, initialDelayMs: 1_000, factor: 5, maxDelayMs: 60_000 };

/** Plain actions talk to git, a forge or a channel: worth a few quick repeats. */
export const ACTION_RETRY: RetryPolicy = { attempts: 3, initialDelayMs: 500, factor: 2, maxDelayMs: 10_000 };

/** Milliseconds to wait after `attempt` (1 is the first) has failed; null when there is no further attempt. */
export function delayAfter(policy: RetryPolicy, attempt: number): number | null {
  if (attempt >= policy.attempts) return null;
  return Math.min(policy.initialDelayMs * policy.factor ** (attempt - 1), policy.maxDelayMs);
}
