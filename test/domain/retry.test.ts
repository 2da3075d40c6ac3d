import fc from 'fast-check';
import { ACTION_RETRY, AGENT_RETRY, delayAfter, NO_RETRY } from '../../src/domain/retry.js';

describe('delayAfter', () => {
  it('waits longer after each attempt', () => {
    expect([1, 2, 3].map((attempt) => delayAfter(AGENT_RETRY, attempt))).toEqual([1000, 5000, null]);
    expect([1, 2, 3].map((attempt) => delayAfter(ACTION_RETRY, attempt))).toEqual([500, 1000, null]);
  });

  it('makes no further attempt after the only one', () => {
    expect(delayAfter(NO_RETRY, 1)).toBeNull();
  });

  it('waits at most as long as the policy allows, and never less than before', () => {
    const policy = fc.record({
      attempts: fc.integer({ min: 2, max: 20 }),
      initialDelayMs: fc.nat(10_000),
      factor: fc.integer({ min: 1, max: 10 }),
      maxDelayMs: fc.nat(100_000),
    });
    fc.assert(
      fc.property(policy, (retry) => {
        const delays = Array.from({ length: retry.attempts - 1 }, (_, index) => delayAfter(retry, index + 1)!);
        expect(delays).toEqual([...delays].sort((a, b) => a - b));
        expect(Math.max(...delays)).toBeLessThanOrEqual(retry.maxDelayMs);
      }),
    );
  });
});
