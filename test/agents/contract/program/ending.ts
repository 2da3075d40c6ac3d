import { processesWith } from '../../../support/processes-with.js';
import { doubling, LONG_MS, type Bench } from '../bench.js';
import type { Played } from './real-program.js';

/** Beyond that waiting is Baton's. */
const MOST_TRIES = 3;

/** How it is ended, and how often it asks a model that does not answer. */
export function endingClauses(bench: Bench, { program, model, playing }: Played): void {
  const session: unknown = program.abilities.resume ? expect.any(String) : null;

  it(
    'is ended where it does the same again and again',
    async () => {
      const turns = [...Array.from({ length: 9 }, () => ({ command: 'echo again' })), { say: 'Done.' }];
      const { outcome, events } = await bench.ask(playing(turns)());
      expect(outcome).toMatchObject({
        kind: 'failed',
        code: 'agent-stuck',
        message: expect.stringMatching(
          /got nowhere and was ended: it did the same 4 times, and the same came of it\.(\n- command .*echo again.* → .*again){4}$/,
        ) as string,
        retryable: true,
        session,
      });
      expect(events.map(({ type }) => type)).not.toContain('message');
    },
    LONG_MS,
  );

  it(
    'is ended where nothing is heard of it',
    async () => {
      const { outcome } = await bench.ask(playing([{ stall: true }], { context: { silenceMs: 3_000 } })());
      expect(outcome).toMatchObject({
        kind: 'failed',
        code: 'agent-stuck',
        message: expect.stringContaining('nothing was heard of it for') as string,
        retryable: true,
      });
      expect(processesWith(bench.room.root)).toEqual([]);
    },
    LONG_MS,
  );

  it.each([
    ['is broken', { status: 500, message: 'something broke' }],
    [
      'limits its rate',
      { status: 429, headers: { 'retry-after': '1' }, message: 'Too many requests, rate limit reached' },
    ],
  ])(
    'leaves it to Baton to wait where its model %s',
    async (_what, turn) => {
      await bench.ask(doubling(playing([turn])()));
      expect(model.asked.length).toBeLessThanOrEqual(MOST_TRIES);
    },
    LONG_MS,
  );
}
