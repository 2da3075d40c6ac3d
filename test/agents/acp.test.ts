import { join } from 'node:path';
import { agentPrograms } from '../../scripts/setup/agent-programs.mjs';
import type { JsonObject } from '../../src/domain/json.js';
import { startEngine, type Engine, type StartedRun } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { processesWith } from '../support/processes-with.js';
import { ModelServer } from './model/model-server.js';

const KEY = 'sk-test-of-acp-0123456789';
/** Three lives of a program that takes its time to start. */
const LONG_MS = 300_000;

const model = new ModelServer();
let engine: Engine;
beforeAll(async () => {
  await model.listen();
  model.key = KEY;
  const program = (name: string, entry: JsonObject) => ({
    adapter: 'acp' as const,
    entry: { program: join(agentPrograms, 'node_modules', '.bin', name), command: name, ...entry },
  });
  const config = {
    autoupdate: false,
    share: 'disabled',
    permission: { bash: 'ask', edit: 'ask' },
    enabled_providers: ['loopback'],
    provider: {
      loopback: {
        npm: '@ai-sdk/openai-compatible',
        name: 'Loopback',
        options: { baseURL: `${model.address}/v1`, apiKey: '{env:OPENCODE_API_KEY}' },
        models: { 'test-model': {} },
      },
    },
    model: 'loopback/test-model',
    small_model: 'loopback/test-model',
  };
  const database = '.local/share/opencode/opencode.db';
  const opencode = (more: JsonObject) =>
    program('opencode', {
      args: ['acp', '--pure'],
      env: {
        OPENCODE_CONFIG_CONTENT: JSON.stringify(config),
        OPENCODE_DISABLE_AUTOUPDATE: '1',
        OPENCODE_DISABLE_MODELS_FETCH: '1',
        OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
        OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
      },
      keys: ['OPENCODE_API_KEY'],
      baseUrl: `${model.address}/v1`,
      sessionPaths: [database, `${database}-wal`, `${database}-shm`],
      ...more,
    });
  engine = await startEngine({
    environment: { OPENCODE_API_KEY: KEY },
    agents: [{ name: 'careful', roles: ['developer'], program: opencode({ askFor: ['command'] }) }],
  });
});
afterAll(async () => {
  await engine.stop();
  model.close();
  expect(model.faults).toEqual([]);
});

const asked = (run: StartedRun, about: string) =>
  eventually(async () => {
    const question = await engine.record.openQuestion(run.id, 'work', null);
    return question?.text.includes(about) === true ? question : undefined;
  }, LONG_MS);
const attempts = ({ id }: StartedRun) =>
  engine.record.inTx((tx) =>
    tx.selectFrom('attempts').selectAll().where('run_id', '=', id).orderBy('attempt').execute(),
  );

describe('a program that speaks the Agent Client Protocol', () => {
  it(
    'ends while people think about what it wants to do, is told of a no, and goes on with a yes',
    async () => {
      // A model that is told of a yes asks for the same again.
      const [no, yes] = [{ command: 'echo no > no.txt' }, { command: 'echo yes > yes.txt' }];
      model.play(no, yes, yes, { command: 'echo more > more.txt' }, { say: 'Without no.' });
      const run = await engine.startRun(`workflow: careful
steps:
  - { name: Branch, action: git.createBranch, params: { branch: 'careful' } }
  - { name: Work, agent: careful, action: code.implement, retry: 2 }
`);

      const first = await asked(run, 'echo no');
      expect(first.text).toMatch(/^opencode asks whether it may run a command:\n\necho no > no\.txt$/);
      expect(processesWith(engine.root)).toEqual([]);
      await engine.answer(first.id, 'maya', { option: 'Deny', reason: 'never' });

      const second = await asked(run, 'echo yes');
      expect(model.bodies[1]).toContain('echo no > no.txt — Deny (maya)');
      await engine.answer(second.id, 'maya', { option: 'Allow all', reason: 'go on' });

      expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
      expect(await engine.forgeGit('ls-tree', '--name-only', 'careful')).toMatch(/more\.txt\nyes\.txt$/);
      expect(model.asked).toEqual([0, 1, 2, 3, 4]);

      const made = await attempts(run);
      expect(made.map(({ status }) => status)).toEqual(['asked', 'asked', 'succeeded']);
      expect(new Set(made.map(({ session }) => session)).size).toBe(1);
      // OpenCode tells of its last call of the model only, and knows no price of this one.
      expect(made[2]).toMatchObject({ summary: 'Without no.', tokens_in: 100, tokens_out: 20, cost_usd: null });
      const events = (await engine.record.log(run.id, 'work', 'events.ndjson')).trim().split('\n');
      expect(events.slice(-6).map((line) => JSON.parse(line) as JsonObject)).toMatchObject([
        { type: 'command', command: 'echo yes > yes.txt', result: null },
        { type: 'command', command: 'echo yes > yes.txt', result: { ok: true } },
        { type: 'command', command: 'echo more > more.txt', result: null },
        { type: 'command', command: 'echo more > more.txt', result: { ok: true } },
        { type: 'message', text: 'Without no.' },
        { type: 'usage', inputTokens: 100, outputTokens: 20 },
      ]);
    },
    LONG_MS,
  );
});
