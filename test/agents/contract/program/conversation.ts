import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { doubling, LONG_MS, type Bench } from '../bench.js';
import type { Played } from './real-program.js';

/** Beyond that waiting is Baton's. */
const MOST_TRIES = 3;

function emptyHome({ room }: Bench): void {
  rmSync(room.home, { recursive: true });
  mkdirSync(room.home);
}

/** The proof that it resumes. */
export async function goesOnElsewhere(bench: Bench, { model, playing }: Played): Promise<void> {
  const begun = await bench.ask(playing([{ command: 'echo one > one.txt' }, { say: 'One.' }])());
  if (begun.outcome.kind !== 'answered') throw new Error(`it did not begin one: ${JSON.stringify(begun.outcome)}`);
  emptyHome(bench);
  const { session } = begun.outcome.answer;
  const turn = { say: 'One.' };
  const failure = { code: 'gate-failed', message: 'Two is missing.', gates: [], findings: [] };
  const turns = [turn, turn, { command: 'echo two > two.txt' }, { say: 'Two as well.' }];
  const { outcome } = await bench.ask(playing(turns, { request: { attempt: 2, session, told: true, failure } })());
  expect(outcome).toMatchObject({ kind: 'answered', answer: { summary: 'Two as well.', session } });
  expect(model.asked).toEqual([2, 3]);
  // Its tokens are those of this attempt, not of the whole conversation.
  expect(outcome.usage?.inputTokens).toBe(200);
  expect(model.bodies[0]).toContain('Two is missing.');
  expect(readFileSync(join(bench.room.workspace, 'two.txt'), 'utf8')).toBe('two\n');
}

/** What becomes of its conversation where something is in its way. */
export function conversationClauses(bench: Bench, { program, model, playing }: Played): void {
  const { resume } = program.abilities;

  it(
    'begins anew, told everything, where the files of its conversation are gone',
    async () => {
      const request = { session: 'b7b4ec67-51ab-4a29-a3ea-0d6d4a1e3d5c' };
      const { outcome } = await bench.ask(doubling(playing([{ say: '```json\n{}\n```' }], { request })()));
      expect(outcome).toMatchObject({ kind: 'answered' });
      expect(model.bodies[0]).toContain('You are a developer.');
    },
    LONG_MS,
  );

  it(
    'is held up where there is no quota left, and goes on when there is',
    async () => {
      const limit = { status: 429, message: 'You have exceeded your quota: usage limit reached' };
      // What other conversations left there says nothing of this one.
      emptyHome(bench);
      const begin = [{ command: 'echo begun > begun.txt' }, { command: 'true' }, limit];
      const held = await bench.ask(playing(begin)());
      expect(held.outcome).toMatchObject({
        kind: 'limited',
        provider: program.provider,
        session: resume ? (expect.any(String) as string) : null,
      });
      expect(model.asked.length).toBeLessThanOrEqual(2 + MOST_TRIES);
      const again = { command: 'echo again' };
      const request = { attempt: 2, session: held.outcome.session ?? null, told: true };
      const { outcome } = await bench.ask(playing([again, again, { say: 'Begun.' }], { request })());
      expect(outcome).toMatchObject({ kind: 'answered', answer: { summary: 'Begun.' } });
      // What it did before is not asked again: only of one that cannot go on.
      const all = [0, 1, 2];
      expect(model.asked).toEqual(resume ? all.slice(2) : all);
    },
    LONG_MS,
  );
}
