import { join } from 'node:path';
import { agentPrograms } from '../../scripts/setup/agent-programs.mjs';
import type { JsonObject } from '../../src/domain/json.js';
import { startEngine, type Engine, type StartedRun } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { processesWith } from '../support/processes-with.js';
import { ModelServer } from './model/model-server.js';

const KEYS = {
  OPENAI_API_KEY: 'sk-test-of-requests-0123456789',
  ANTHROPIC_API_KEY: 'sk-ant-test-of-requests-0123456789',
};
const LONG_MS = 120_000;

const model = new ModelServer();
let engine: Engine;
beforeAll(async () => {
  await model.listen();
  const program = (adapter: 'claude' | 'codex', more: JsonObject) => ({
    adapter,
    entry: { program: join(agentPrograms, 'node_modules', '.bin', adapter), model: 'test-model', ...more },
  });
  const claude = { baseUrl: model.address, keys: ['ANTHROPIC_API_KEY'] };
  const codex = { baseUrl: `${model.address}/v1`, keys: ['OPENAI_API_KEY'] };
  engine = await startEngine({
    environment: KEYS,
    agents: [
      { name: 'careful', roles: ['developer'], program: program('claude', { ...claude, askFor: ['command'] }) },
      { name: 'editor', roles: ['developer'], program: program('claude', { ...claude, askFor: ['edit'] }) },
      { name: 'codex', roles: ['developer'], program: program('codex', codex) },
      { name: 'bold', roles: ['developer'], program: program('codex', { ...codex, askFor: ['command'] }) },
    ],
  });
});
afterAll(async () => {
  await engine.stop();
  model.close();
  expect(model.faults).toEqual([]);
});

const start = (agent: string): Promise<StartedRun> =>
  engine.startRun(`workflow: ask-${agent}
steps:
  - { name: Branch, action: git.createBranch, params: { branch: '${agent}/{{ run.number }}' } }
  - { name: Work, agent: ${agent}, action: code.implement, retry: 1 }
`);
const asked = (run: StartedRun, about: string) =>
  eventually(async () => {
    const question = await engine.record.openQuestion(run.id, 'work', null);
    return question?.text.includes(about) === true ? question : undefined;
  }, LONG_MS);
const statusOf = (agent: string) =>
  engine.record.inTx((tx) =>
    tx.selectFrom('agents').select('status').where('name', '=', agent).executeTakeFirstOrThrow(),
  );
const attempts = ({ id }: StartedRun) =>
  engine.record.inTx((tx) =>
    tx
      .selectFrom('attempts')
      .select(['status', 'session', 'cost_usd'])
      .where('run_id', '=', id)
      .orderBy('attempt')
      .execute(),
  );

describe('a program that asks before it acts', () => {
  it(
    'ends, and goes on in its conversation with what people said',
    async () => {
      model.play(
        { command: 'echo one > one.txt' },
        { command: 'echo two > two.txt' },
        { command: 'echo three > three.txt' },
        { say: 'Two of three.' },
      );
      const run = await start('careful');

      const first = await asked(run, 'echo one > one.txt');
      expect(first.text).toMatch(/^Claude Code asks whether it may run a command:\n\necho one > one\.txt$/);
      expect((await statusOf('careful')).status).toBe('waiting-for-input');
      expect(processesWith(engine.root)).toEqual([]);
      await engine.answer(first.id, 'maya', { option: 'Deny', reason: 'one is not wanted' });

      const second = await asked(run, 'echo two > two.txt');
      expect(model.bodies.at(-1)).toContain('maya: Deny, one is not wanted');
      await engine.answer(second.id, 'maya', { option: 'Allow all', reason: 'go on' });

      expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
      expect(await engine.forgeGit('ls-tree', '--name-only', `careful/${run.number}`)).toMatch(/three\.txt\ntwo\.txt$/);
      expect(await engine.forgeGit('ls-tree', '--name-only', `careful/${run.number}`)).not.toContain('one.txt');
      // No turn was asked for twice.
      expect(model.asked).toEqual([0, 1, 2, 3]);
      const made = await attempts(run);
      // Each tells its own, though the program tells the cost of the whole conversation.
      const [one, two, rest] = made.map(({ cost_usd: cost }) => Number(cost));
      expect([two, rest]).toEqual([one, one! * 2]);
      expect(made.map(({ status }) => status)).toEqual(['asked', 'asked', 'succeeded']);
      expect(new Set(made.map(({ session }) => session)).size).toBe(1);
    },
    LONG_MS,
  );

  it(
    'cannot change what holds it to that',
    async () => {
      model.play(
        { command: 'for f in /opt/guard/* /opt/guards/*; do echo x > $f || echo refused >> refused.txt; done' },
        { say: 'Tried.' },
      );
      const run = await start('editor');
      expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
      expect(await engine.forgeGit('show', `editor/${run.number}:refused.txt`)).toMatch(/^refused(\nrefused)+$/);
    },
    LONG_MS,
  );

  it(
    'is refused where it cannot ask',
    async () => {
      const run = await start('bold');
      expect(await engine.finished(run)).toMatchObject({ error: { code: 'approvals-unsupported' } });
    },
    LONG_MS,
  );
});

describe('a program that cannot go on without people', () => {
  it(
    'ends with its question, and goes on in its conversation with the answer',
    async () => {
      const options = [
        { name: 'Tabs', says: 'As the old files have it.' },
        { name: 'Spaces', says: 'As the new ones have it.' },
      ];
      const question = JSON.stringify({ type: 'question', text: 'Tabs or spaces?', options });
      model.play(
        { say: `I cannot tell.\n\`\`\`json\n${question}\n\`\`\`` },
        { command: 'echo spaces > style.txt' },
        { say: 'Spaces it is.' },
      );
      const run = await start('codex');
      const open = await asked(run, 'Tabs or spaces?');
      await engine.answer(open.id, 'maya', { option: 'Spaces', reason: 'house style' });
      expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
      expect(model.asked).toEqual([0, 1, 2]);
      expect(model.bodies.at(-1)).toContain('Tabs or spaces? — Spaces (maya)');
      expect(await engine.forgeGit('show', `codex/${run.number}:style.txt`)).toBe('spaces');
    },
    LONG_MS,
  );
});
