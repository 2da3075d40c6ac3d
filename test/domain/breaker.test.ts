import fc from 'fast-check';
import {
  afterFact,
  askPassage,
  CLOSED,
  OPENS_AFTER_FAILURES,
  LOOK_AGAIN_MS,
  PROBE_MS,
  turnOf,
  type Breaker,
  type BreakerFact,
} from '../../src/domain/breaker.js';

const MINUTE_MS = 60_000;
const NOW = 1_000_000;
const limited = (resetAtMs: number | null = null): BreakerFact => ({ kind: 'limited', resetAtMs, reason: '429' });
const FAILED: BreakerFact = { kind: 'failed', reason: 'it crashed' };
const SUCCEEDED: BreakerFact = { kind: 'succeeded' };
const after = (facts: readonly BreakerFact[], from: Breaker = CLOSED, nowMs = NOW): Breaker =>
  facts.reduce((breaker, fact) => afterFact(breaker, fact, nowMs), from);
const fails = (count: number): BreakerFact[] => Array.from({ length: count }, () => FAILED);
const halfOpen = (from: Breaker): Breaker => askPassage(from, from.resetAtMs!).breaker;

describe('a breaker', () => {
  it('lets everybody through while it is closed', () => {
    expect(askPassage(CLOSED, NOW)).toEqual({ kind: 'go', breaker: CLOSED });
    expect(after([SUCCEEDED])).toBe(CLOSED);
    expect(after([FAILED, SUCCEEDED])).toBe(CLOSED);
  });

  it('is opened by a limit until the provider takes work again, and says why', () => {
    const open = after([limited(NOW + 90_000)]);
    expect(open).toEqual({
      state: 'open',
      failures: 0,
      openings: 1,
      openedAtMs: NOW,
      resetAtMs: NOW + 90_000,
      reason: '429',
    });
    expect(askPassage(open, NOW + 89_999)).toEqual({
      kind: 'wait',
      breaker: open,
      untilMs: NOW + 90_000,
      reason: '429',
    });
  });

  it('is opened for longer each time where the provider does not say until when', () => {
    let breaker = after([limited()]);
    const waits = [1, 2, 3].map(() => {
      const minutes = (breaker.resetAtMs! - breaker.openedAtMs!) / MINUTE_MS;
      breaker = afterFact(halfOpen(breaker), limited(), breaker.resetAtMs!);
      return minutes;
    });
    expect(waits).toEqual([1, 2, 4]);
  });

  it('is closed, with nothing counted, where another is in its place', () => {
    const open = after(fails(OPENS_AFTER_FAILURES));
    const replaced = after([{ kind: 'replaced' }], open);
    expect(replaced).toBe(CLOSED);
    expect(turnOf(open, replaced)).toBe('closed');
    expect(after([{ kind: 'replaced' }], after(fails(1)))).toBe(CLOSED);
    expect(after([{ kind: 'replaced' }])).toBe(CLOSED);
  });

  it('is opened by failures one after the other, and not by as many with a success between', () => {
    expect(after(fails(OPENS_AFTER_FAILURES - 1)).state).toBe('closed');
    expect(after(fails(OPENS_AFTER_FAILURES))).toMatchObject({
      state: 'open',
      reason: 'it crashed',
      resetAtMs: NOW + MINUTE_MS,
    });
    const rest = fails(OPENS_AFTER_FAILURES - 1);
    expect(after([...rest, SUCCEEDED, ...rest])).toMatchObject({ state: 'closed', failures: rest.length });
  });

  it('is told more by work that was begun before it opened: a later time counts, all else does not', () => {
    const open = after([limited(NOW + 10_000)]);
    expect(after([SUCCEEDED, FAILED, limited(), limited(NOW + 5_000)], open, NOW + 1)).toEqual(open);
    expect(after([limited(NOW + 20_000)], open, NOW + 1)).toEqual({ ...open, resetAtMs: NOW + 20_000 });
  });

  it('lets one through past its time, and nobody else until that one is heard of, or lost', () => {
    const open = after([limited(NOW + 10_000)]);
    const at = NOW + 10_000;
    const first = askPassage(open, at);
    expect(first).toMatchObject({ kind: 'go', breaker: { state: 'half-open', openedAtMs: NOW } });
    expect(askPassage(first.breaker, at + 1)).toMatchObject({ kind: 'wait', untilMs: at + 1 + LOOK_AGAIN_MS });
    expect(askPassage(first.breaker, at + PROBE_MS - 1)).toMatchObject({ kind: 'wait', untilMs: at + PROBE_MS });
    expect(askPassage(first.breaker, at + PROBE_MS).kind).toBe('go');
  });

  it('is closed by a success of that one, and opened again by its failure or limit', () => {
    const half = halfOpen(after([limited(NOW + 10_000)]));
    const at = NOW + 10_001;
    expect(after([SUCCEEDED], half, at)).toBe(CLOSED);
    expect(after([FAILED], half, at)).toMatchObject({ state: 'open', openings: 2, resetAtMs: at + 2 * MINUTE_MS });
    expect(after([limited(at + 7)], half, at)).toMatchObject({ state: 'open', openings: 2, resetAtMs: at + 7 });
  });

  it('is closed by a success past its time, also where nobody asked', () => {
    expect(after([SUCCEEDED], after([limited(NOW + 10)]), NOW + 10)).toBe(CLOSED);
    expect(after([FAILED], after([limited(NOW + 10)]), NOW + 10).state).toBe('open');
  });
});

describe('turnOf', () => {
  it('is what people are told: each opening, and the closing', () => {
    const open = after([limited(NOW + 10)]);
    const half = halfOpen(open);
    expect(turnOf(CLOSED, open)).toBe('opened');
    expect(turnOf(open, after([limited(NOW + 20)], open, NOW + 1))).toBeNull();
    expect(turnOf(open, half)).toBeNull();
    expect(turnOf(half, after([FAILED], half, NOW + 11))).toBe('opened');
    expect(turnOf(half, CLOSED)).toBe('closed');
    expect(turnOf(CLOSED, after([FAILED]))).toBeNull();
  });
});

describe('whatever comes of work, in whatever order', () => {
  const fact = fc.oneof(
    fc.constant(FAILED),
    fc.constant(SUCCEEDED),
    fc.option(fc.integer({ min: -10, max: 1e6 })).map((ms) => limited(ms === null ? null : NOW + ms)),
  );
  const deed = fc.oneof(fact, fc.constant('ask' as const));

  it('an open breaker lets nobody through before its time, and one at most between two answers or losses', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(deed, fc.integer({ min: 0, max: 400_000 })), { maxLength: 60 }), (deeds) => {
        let breaker = CLOSED;
        let nowMs = NOW;
        for (const [what, passedMs] of deeds) {
          nowMs += passedMs;
          const before = breaker;
          if (what !== 'ask') {
            breaker = afterFact(breaker, what, nowMs);
          } else {
            const passage = askPassage(breaker, nowMs);
            ({ breaker } = passage);
            if (before.state !== 'closed') expect(passage.kind === 'go').toBe(nowMs >= before.resetAtMs!);
            if (passage.kind === 'go' && before.state !== 'closed')
              expect(askPassage(breaker, nowMs).kind).toBe('wait');
          }
          expect(breaker.state === 'closed').toBe(breaker.resetAtMs === null);
          expect(breaker.state === 'closed' ? breaker.failures < OPENS_AFTER_FAILURES : breaker.openings > 0).toBe(
            true,
          );
        }
      }),
    );
  });
});
