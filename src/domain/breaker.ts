import { resumeAt } from './provider-limit.js';

/** Where work is stopped for a while: at a provider's key that takes no more, or an agent that fails again and again. */
export interface Breaker {
  /** `half-open`: one is let through, to see whether it goes again. */
  readonly state: 'closed' | 'open' | 'half-open';
  /** One after the other, since the last success. */
  readonly failures: number;
  /** Times that it was opened one after the other, without a success between. */
  readonly openings: number;
  /** When it was opened last; null: it is closed. */
  readonly openedAtMs: number | null;
  /** Until when nobody is let through; while half-open until when nobody else is. Null: it is closed. */
  readonly resetAtMs: number | null;
  /** Why it was opened; null: it is closed. */
  readonly reason: string | null;
}

export const CLOSED: Breaker = {
  state: 'closed',
  failures: 0,
  openings: 0,
  openedAtMs: null,
  resetAtMs: null,
  reason: null,
};

/** What came of work behind the breaker. */
export type BreakerFact =
  /** The provider takes no more: a rate limit, or a quota used up; until when, if it said so. */
  | { readonly kind: 'limited'; readonly resetAtMs: number | null; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'succeeded' }
  /** It stands before another now: an agent that was registered anew, to be started another way. */
  | { readonly kind: 'replaced' };

/** So many failures one after the other open it. */
export const OPENS_AFTER_FAILURES = 5;
/** Who was let through and is not heard of by then is not waited for: another is let through. */
export const PROBE_MS = 5 * 60_000;
/** Who waits for one that was let through looks again so soon: it may be heard of at any time. */
export const LOOK_AGAIN_MS = 60_000;

/** The breaker after what came of work behind it. */
export function afterFact(breaker: Breaker, fact: BreakerFact, nowMs: number): Breaker {
  switch (fact.kind) {
    case 'succeeded':
      if (breaker.state === 'closed' && breaker.failures === 0) return breaker;
      // What was begun before it opened says nothing of now.
      return isHolding(breaker, nowMs) && breaker.state === 'open' ? breaker : CLOSED;
    case 'replaced':
      return breaker.state === 'closed' && breaker.failures === 0 ? breaker : CLOSED;
    case 'limited':
      return isHolding(breaker, nowMs) && breaker.state === 'open'
        ? { ...breaker, resetAtMs: Math.max(breaker.resetAtMs!, fact.resetAtMs === null ? 0 : until(fact, 1, nowMs)) }
        : open(breaker, fact, nowMs);
    case 'failed': {
      const failures = breaker.failures + 1;
      if (breaker.state === 'open') return breaker;
      return breaker.state === 'half-open' || failures >= OPENS_AFTER_FAILURES
        ? open({ ...breaker, failures }, { ...fact, resetAtMs: null }, nowMs)
        : { ...breaker, failures };
    }
  }
}

/** Whether new work may begin, and the breaker after it was asked; where not, until when to wait, and why. */
export type Passage =
  | { readonly kind: 'go'; readonly breaker: Breaker }
  | { readonly kind: 'wait'; readonly breaker: Breaker; readonly untilMs: number; readonly reason: string };

/** Asks whether new work may begin. Past its time one is let through, and nobody else until that one is heard of. */
export function askPassage(breaker: Breaker, nowMs: number): Passage {
  if (breaker.state === 'closed') return { kind: 'go', breaker };
  if (isHolding(breaker, nowMs)) {
    const resetAtMs = breaker.resetAtMs!;
    const untilMs = breaker.state === 'open' ? resetAtMs : Math.min(resetAtMs, nowMs + LOOK_AGAIN_MS);
    return { kind: 'wait', breaker, untilMs, reason: breaker.reason! };
  }
  return { kind: 'go', breaker: { ...breaker, state: 'half-open', resetAtMs: nowMs + PROBE_MS } };
}

/** What of a change of the breaker is worth an event; null: nothing. */
export function turnOf(before: Breaker, after: Breaker): 'opened' | 'closed' | null {
  if (after.state === 'open' && after.openedAtMs !== before.openedAtMs) return 'opened';
  return before.state !== 'closed' && after.state === 'closed' ? 'closed' : null;
}

const isHolding = ({ resetAtMs }: Breaker, nowMs: number): boolean => resetAtMs !== null && nowMs < resetAtMs;

function open(breaker: Breaker, fact: { resetAtMs: number | null; reason: string }, nowMs: number): Breaker {
  const openings = breaker.openings + 1;
  return {
    state: 'open',
    failures: breaker.failures,
    openings,
    openedAtMs: nowMs,
    resetAtMs: until(fact, openings, nowMs),
    reason: fact.reason,
  };
}

const until = ({ resetAtMs }: { resetAtMs: number | null }, met: number, nowMs: number): number =>
  resumeAt({ resetAtMs, nowMs, met });
