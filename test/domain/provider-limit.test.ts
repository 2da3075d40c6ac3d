import { limitFailure, resumeAt } from '../../src/domain/provider-limit.js';

const MINUTE_MS = 60_000;
const nowMs = 1_000_000;

describe('work that met a provider’s limit', () => {
  it('goes on when the provider said', () => {
    expect(resumeAt({ resetAtMs: nowMs + 5_000, nowMs, met: 3 })).toBe(nowMs + 5_000);
  });

  it.each([
    [1, 1],
    [2, 2],
    [4, 8],
    [7, 60],
    [60, 60],
  ])('waits after %i limits in a row that named no time for %i min', (met, minutes) => {
    expect(resumeAt({ resetAtMs: null, nowMs, met }) - nowMs).toBe(minutes * MINUTE_MS);
  });

  it('goes on now where that time is past, and looks again after a week where it is far off', () => {
    expect(resumeAt({ resetAtMs: 1, nowMs, met: 1 })).toBe(nowMs);
    expect(resumeAt({ resetAtMs: nowMs * 1e6, nowMs, met: 1 })).toBe(nowMs + 7 * 24 * 60 * MINUTE_MS);
  });

  it('says whom it waited for when it gives up', () => {
    expect(limitFailure({ provider: 'anthropic' })).toMatchObject({
      code: 'provider-limited',
      message: expect.stringContaining('anthropic') as string,
    });
  });
});
