import { doubling, type Bench } from '../bench.js';
import { ModelServer, type Turn } from '../../model/model-server.js';
import { sayingQuestion, type Asked, type Case, type Contract } from '../contract.js';

const KEY = 'sk-test-of-the-contract-0123456789';
const BLOCK = JSON.stringify({ summary: 'Doubled.', output: { doubled: 42 }, findings: [] });
const ANSWER: Turn = { say: `I looked.\n\`\`\`json\n${BLOCK}\n\`\`\`` };

const model = new ModelServer();
const entry = (): Asked['entry'] => ({ baseUrl: `${model.address}/v1`, model: 'test-model', key: 'MODEL_KEY' });
const playing =
  (turn: Turn, more: Partial<Asked> = {}): Case =>
  () => {
    model.key = KEY;
    model.play(turn);
    return { ...more, entry: { ...entry(), ...more.entry } };
  };

export const chatContract: Contract = {
  secrets: { MODEL_KEY: KEY },
  open: () => model.listen(),
  close: () => {
    model.close();
    expect(model.faults).toEqual([]);
  },
  invalid: [
    [{}, '/baseUrl'],
    [{ baseUrl: 'models.example.com', model: 'm' }, '/baseUrl'],
    [{ baseUrl: 'https://models.example.com/v1', model: '' }, '/model'],
    [{ baseUrl: 'https://models.example.com/v1', model: 'm', key: 'PATH' }, '/key'],
  ],
  doubles: playing(ANSWER),
  answer: { summary: 'Doubled.' },
  usage: {
    ...{ inputTokens: 100, outputTokens: 20, costUsd: null },
    models: [{ model: null, inputTokens: 100, cacheReadTokens: 40, cacheWriteTokens: null, outputTokens: 20 }],
  },
  keepsSession: false,
  endless: { case: playing({ stall: true }), hasBegun: () => model.asked.length > 0 },
  fails: [
    [
      'is told that its key is wrong',
      playing({ status: 401, message: 'no' }),
      { code: 'agent-failed', retryable: false },
    ],
    ['has a broken model', playing({ status: 500, message: 'broken' }), { code: 'agent-failed', retryable: true }],
    [
      'has a model that talks nonsense',
      playing({ nonsense: '<html>' }),
      { code: 'agent-output-invalid', retryable: true, says: '<html>' },
    ],
    ['is told no JSON', playing({ say: 'All is well.' }), { code: 'agent-output-invalid', retryable: true }],
    [
      'has no key',
      playing(ANSWER, { context: { secrets: {} } }),
      {
        code: 'key-missing',
        retryable: false,
        says: 'The model needs its key: set MODEL_KEY in the environment of the worker.',
      },
    ],
    [
      'has to change something',
      playing(ANSWER, { request: { mode: 'change', action: 'code.fix' } }),
      { code: 'mode-refused', retryable: false, says: 'give code.fix to an agent that edits the tree' },
    ],
  ],
  asks: playing({ say: sayingQuestion() }),
  limited: {
    case: playing({
      status: 429,
      headers: { 'retry-after': 'Sun, 22 Nov 2099 10:00:00 GMT' },
      message: 'Too many requests',
    }),
    provider: () => new URL(model.address).host,
    resetAtMs: Date.UTC(2099, 10, 22, 10),
  },
  tellsUnknown: null,
  runs: null,
  alone: asksAModel,
};

function asksAModel(bench: Bench): void {
  it('is told its role and its task, and tells what it was said', async () => {
    const asked = playing(ANSWER, { request: { issue: { number: 1, title: 'Say hello', body: '' } } })();
    const { events, log } = await bench.ask(doubling(asked));
    for (const told of ['You are a developer.', 'Say hello']) expect(model.bodies[0]).toContain(told);
    expect(events.map(({ type }) => type)).toEqual(['message', 'usage']);
    expect(log).toEqual([`POST ${model.address}/v1/chat/completions, model test-model`]);
  });

  it('is known by the provider that its entry names, and nobody said until when', async () => {
    const limit = playing({ status: 429, message: 'Too many requests' }, { entry: { provider: 'openai' } });
    const { outcome } = await bench.ask(doubling(limit()));
    expect(outcome).toMatchObject({ kind: 'limited', provider: 'openai', resetAtMs: null });
  });

  it('asks nobody where it would have to change something', async () => {
    await bench.ask(doubling(playing(ANSWER, { request: { mode: 'change' } })()));
    expect(model.asked).toEqual([]);
  });
}
