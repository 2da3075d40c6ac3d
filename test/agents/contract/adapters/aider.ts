import type { ModelTokens } from '../../../../src/domain/usage.js';
import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { aiderProgram } from '../../../../src/agents/adapters/aider.js';
import { doubling, type Bench } from '../bench.js';
import { sayingQuestion, type Asked, type Case, type Contract } from '../contract.js';
import { answered, asked, CACHE, KEY, left, play, printed, remove, type Play } from './played-aider.js';

const playing =
  (what: Play, { entry = {}, ...more }: Partial<Asked> = {}): Case =>
  () => ({ ...more, entry: { program: play(what), model: 'gpt-5', ...entry } });
const saying = (text: string, cost = 0): Play => ({
  prints: printed(text),
  logs: `${asked}${answered(text, cost)}${left}`,
});
const DONE = saying('Done.');
const BLOCK = '```json\n{"summary": "Doubled.", "output": {"doubled": 42}, "findings": []}\n```';
const MISFIT = 'The LLM did not conform to the edit format.\n\nOnly 3 reflections allowed, stopping.\n';

/** It says why its model refuses, tries for a minute where that may pass, and exits with 0. */
const refusal = (name: string, says: string): Play => ({
  prints: `\nlitellm.${name}: ${name}: OpenAIException - ${says}\n`,
  logs: asked,
});
const passing = (name: string, says: string): Play => {
  const { prints, logs } = refusal(name, says);
  return { prints: `${prints!}Retrying in 0.2 seconds...\n`, logs: logs!, then: 'sleep 600' };
};

const told = (inputTokens: number, outputTokens: number): ModelTokens[] => [
  { model: null, inputTokens, cacheReadTokens: null, cacheWriteTokens: null, outputTokens },
];

export const aiderContract: Contract = {
  secrets: { OPENAI_API_KEY: KEY, TEAM_KEY: KEY },
  close: remove,
  invalid: [
    [{ model: 3 }, '/model'],
    [{ shell: true }, '/'],
  ],
  doubles: playing(saying(BLOCK, 0.01)),
  answer: { summary: 'Doubled.' },
  usage: { inputTokens: 100, outputTokens: 20, costUsd: 0.01, models: told(100, 20) },
  keepsSession: false,
  endless: {
    case: playing({ then: 'echo begun; sleep 600' }),
    hasBegun: ({ log }) => log.includes('begun'),
  },
  fails: [
    [
      'is told that its key is wrong',
      playing(refusal('AuthenticationError', 'invalid key')),
      { code: 'agent-failed', retryable: false, says: 'invalid key' },
    ],
    ['has a broken model', playing(passing('InternalServerError', 'oops')), { code: 'agent-failed', retryable: true }],
    [
      'has edits that fit nowhere',
      playing({ prints: printed('a.py') + MISFIT, logs: `${asked}${answered('a.py', 0)}${left}` }),
      { code: 'agent-failed', retryable: true, says: 'did not conform to the edit format' },
    ],
    [
      'ends before its end',
      playing({ prints: printed('Done.'), logs: `${asked}${answered('Done.', 0)}`, then: 'kill -9 $$' }),
      { code: 'agent-exited', retryable: true },
    ],
    ['says nothing', playing({}), { code: expect.any(String) as string, retryable: true }],
    ['answers in another shape', playing(saying('All is well.')), { code: 'agent-output-invalid', retryable: true }],
    [
      'has no key',
      playing({}, { context: { secrets: {} } }),
      { code: 'key-missing', retryable: false, says: 'set OPENAI_API_KEY in the environment of the worker' },
    ],
    ['is not there', playing({}, { entry: { program: '/nowhere/at-all' } }), { code: 'program-missing' }],
  ],
  asks: playing(saying(sayingQuestion())),
  limited: {
    case: playing(passing('RateLimitError', 'Try again in 20s')),
    provider: () => 'openai',
    resetAtMs: expect.any(Number),
  },
  // What is of no known type stands in its logs between what it says to its model, and is passed over.
  tellsUnknown: null,
  runs: (script) => playing({ ...DONE, then: script })(),
  program: {
    claims: aiderProgram,
    proofs: {
      usage: async (bench) =>
        expect((await bench.answered()).outcome.usage).toMatchObject({ inputTokens: 100, outputTokens: 20 }),
      cost: async (bench) => expect((await bench.answered()).outcome.usage).toMatchObject({ costUsd: 0.01 }),
    },
  },
  alone: asAider,
};

function asAider(bench: Bench): void {
  const seen = (): string => readFileSync(join(bench.room.home, 'seen'), 'utf8');

  it('tells what it did and what it used, and keeps nothing of its own in the tree', async () => {
    const { outcome, events } = await bench.ask(
      playing({
        prints: `${printed('I need a.py.')}\na.py\n${printed('a.py\n{"an":"edit"}\nI said hello.')}\nApplied edit to a.py\n`,
        logs: `${asked}${answered('I need a.py.', 0.01)}${asked}${answered('a.py\n\nI said hello.', 0.03)}${left}`,
      })(),
    );
    expect(outcome).toEqual({
      kind: 'answered',
      answer: { summary: 'a.py\n\nI said hello.', output: {}, findings: [], session: null },
      usage: { inputTokens: 200, outputTokens: 40, costUsd: 0.03, models: told(200, 40) },
    });
    expect(events).toEqual([
      { type: 'message', text: 'I need a.py.' },
      { type: 'message', text: 'a.py\na.py\n{"an":"edit"}\nI said hello.' },
      { type: 'edit', path: 'a.py', result: { ok: true, text: 'applied' } },
      { type: 'usage', inputTokens: 200, outputTokens: 40, costUsd: 0.03, models: told(200, 40) },
    ]);
    expect(readFileSync(join(bench.room.home, 'prompt-seen'), 'utf8')).toContain('Say hello');
    expect(seen()).toBe('model gpt-5\n');
    expect(readdirSync(join(bench.room.workspace, CACHE))).toEqual([]);
  });

  it('counts each attempt by itself; a price that it does not know is unknown', async () => {
    const usage = { inputTokens: 100, outputTokens: 20, costUsd: null };
    expect((await bench.ask(playing(DONE)())).outcome).toMatchObject({ kind: 'answered', usage });
    expect((await bench.ask(playing(DONE)())).outcome).toMatchObject({ kind: 'answered', usage });
  });

  it('only asks its model where it only looks', async () => {
    await bench.ask(doubling(playing(saying(BLOCK))()));
    expect(seen()).toBe('--chat-mode ask\nmodel gpt-5\n');
  });

  it('asks the model at the address of the agent, for edits and not for whole files', async () => {
    const entry = { baseUrl: 'http://127.0.0.1:8080/v1', keys: ['TEAM_KEY'] };
    expect((await bench.ask(playing(DONE, { entry })())).outcome).toMatchObject({ kind: 'answered' });
    expect(seen()).toBe('--edit-format diff\nmodel openai/gpt-5\n');
  });

  it('tells the error that its model refuses with', async () => {
    const { events } = await bench.ask(playing(refusal('AuthenticationError', 'invalid key'))());
    expect(events).toEqual([
      { type: 'error', text: 'litellm.AuthenticationError: AuthenticationError: OpenAIException - invalid key' },
    ]);
  });

  it.each(['.aider.conf.yml', '.env'])('runs with %s of the repository only where it is trusted', async (name) => {
    const file = join(bench.room.workspace, name);
    // What it leads to may be there when it is read.
    symlinkSync('nowhere', file);
    expect((await bench.ask(playing(DONE)())).outcome).toMatchObject({
      ...{ code: 'trust-needed', retryable: false },
      message: expect.stringContaining(`the repository's own ${name}`) as string,
    });
    const trusted = playing(DONE, { entry: { trustRepository: true } });
    expect((await bench.ask(trusted())).outcome).toMatchObject({ kind: 'answered' });
    rmSync(file);
    expect(existsSync(file)).toBe(false);
  });
}
