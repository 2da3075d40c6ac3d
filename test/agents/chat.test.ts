import { chat } from '../../src/agents/adapters/chat.js';
import type { AgentContext, AgentRequest } from '../../src/agents/harness.js';
import type { JsonObject } from '../../src/domain/json.js';
import { listeningContext, requestOf } from './agent-fixture.js';
import { ModelServer } from './model/model-server.js';

const KEY = 'sk-test-of-the-contract-0123456789';
const BLOCK = JSON.stringify({ summary: 'One thing.', output: { score: 9 }, findings: [] });

const model = new ModelServer();
beforeAll(() => model.listen());
afterAll(() => {
  model.close();
  expect(model.faults).toEqual([]);
});
beforeEach(() => {
  model.key = KEY;
  model.play({ say: `I looked.\n\`\`\`json\n${BLOCK}\n\`\`\`` });
});

interface Asked {
  readonly entry?: JsonObject;
  readonly request?: Partial<AgentRequest>;
  readonly context?: Partial<AgentContext>;
}

async function ask({ entry = {}, request = {}, context: more = {} }: Asked = {}) {
  const { context, events, log } = listeningContext({
    execute: () => Promise.reject(new Error('not for it')),
    isolation: 'off',
    policy: null as never,
    timeoutMs: 10_000,
    secrets: { MODEL_KEY: KEY },
    ...more,
  });
  const outcome = await chat.run(
    { baseUrl: `${model.address}/v1`, model: 'test-model', key: 'MODEL_KEY', ...entry },
    requestOf({ action: 'code.review', mode: 'analysis', instructions: 'You are a reviewer.', ...request }),
    context,
  );
  return { outcome, events, log };
}

it('answers, with what it used', async () => {
  const { outcome, events, log } = await ask();
  expect(outcome).toEqual({
    kind: 'answered',
    answer: { summary: 'One thing.', output: { score: 9 }, findings: [], session: null },
    usage: { inputTokens: 100, outputTokens: 20, costUsd: null },
  });
  expect(events.map(({ type }) => type)).toEqual(['message', 'usage']);
  expect(log).toEqual([`POST ${model.address}/v1/chat/completions, model test-model`]);
});

it('is told its role and its task', async () => {
  await ask();
  for (const told of ['You are a reviewer.', 'Say hello']) expect(model.bodies[0]).toContain(told);
});

it('changes nothing', async () => {
  const { outcome } = await ask({ request: { mode: 'change', action: 'code.fix' } });
  expect(outcome).toMatchObject({
    kind: 'failed',
    code: 'mode-refused',
    message: 'A chat model sees no files and changes none: give code.fix to an agent that edits the tree.',
    retryable: false,
  });
  expect(model.asked).toEqual([]);
});

it.each([
  ['its key is refused', { status: 401, message: 'invalid key' }, { code: 'agent-failed', retryable: false }],
  ['its model is broken', { status: 500, message: 'broken' }, { code: 'agent-failed', retryable: true }],
  ['its model talks nonsense', { nonsense: '<html>' }, { code: 'agent-output-invalid', retryable: true }],
  ['there is no block of JSON', { say: 'All is well.' }, { code: 'agent-output-invalid', retryable: true }],
])('has failed where %s', async (_what, turn, failure) => {
  model.play(turn);
  expect((await ask()).outcome).toMatchObject({ kind: 'failed', ...failure });
});

it('is held up where its provider limits its rate, until that says', async () => {
  model.play({
    status: 429,
    headers: { 'retry-after': 'Sun, 22 Nov 2099 10:00:00 GMT' },
    message: 'Too many requests',
  });
  expect((await ask()).outcome).toMatchObject({
    kind: 'limited',
    provider: new URL(model.address).host,
    resetAtMs: Date.UTC(2099, 10, 22, 10),
  });
  model.play({ status: 429, message: 'Too many requests' });
  expect((await ask({ entry: { provider: 'openai' } })).outcome).toMatchObject({ provider: 'openai', resetAtMs: null });
});

it('says which key is missing', async () => {
  expect((await ask({ context: { secrets: {} } })).outcome).toMatchObject({
    code: 'key-missing',
    message: 'The model needs its key: set MODEL_KEY in the environment of the worker.',
  });
});

it('ends within its time, and when it is cancelled', async () => {
  model.play({ stall: true });
  expect((await ask({ context: { timeoutMs: 200 } })).outcome).toMatchObject({ code: 'agent-timed-out' });
  const stopped = new AbortController();
  const asking = ask({ context: { signal: stopped.signal } });
  stopped.abort();
  expect((await asking).outcome).toMatchObject({ code: 'cancelled' });
});
