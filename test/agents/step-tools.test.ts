import { join } from 'node:path';
import { agentPrograms } from '../../scripts/setup/agent-programs.mjs';
import type { ApiDeps } from '../../src/api/deps.js';
import { createApiMetrics } from '../../src/telemetry/metrics.js';
import { startEngine, type Engine, type StartedRun } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { listenForApp, type ServedApp } from '../support/serve-app.js';
import { ModelServer } from './model/model-server.js';

const KEYS = { OPENAI_API_KEY: 'sk-test-of-tools-0123456789', ANTHROPIC_API_KEY: 'sk-ant-test-of-tools-0123456789' };
const LONG_MS = 120_000;

const model = new ModelServer();
let app: ServedApp;
let engine: Engine;
beforeAll(async () => {
  await model.listen();
  app = await listenForApp();
  const program = (adapter: 'claude' | 'codex', baseUrl: string, key: string) => ({
    adapter,
    entry: {
      program: join(agentPrograms, 'node_modules', '.bin', adapter),
      model: 'test-model',
      ...{ baseUrl, keys: [key] },
    },
  });
  engine = await startEngine({
    apiUrl: app.url,
    environment: KEYS,
    agents: [
      {
        name: 'claude',
        roles: ['developer', 'reviewer'],
        program: program('claude', model.address, 'ANTHROPIC_API_KEY'),
      },
      {
        name: 'codex',
        roles: ['developer', 'reviewer'],
        program: program('codex', `${model.address}/v1`, 'OPENAI_API_KEY'),
      },
    ],
  });
  const { db, forge, temporal, taskQueue, deps } = engine;
  const api = { db, forge, temporal, taskQueue, log: deps.log, metrics: createApiMetrics(), baseUrl: null };
  // What is asked of here is the tools alone, which stand on no more.
  app.serve({ ...api, webDirectory: null, stopping: new AbortController().signal, checkAnswers: true } as ApiDeps);
});
afterAll(async () => {
  await engine.stop();
  await app.close();
  model.close();
  expect(model.faults).toEqual([]);
});

const pipeline = (
  agent: string,
  action: string,
): string => `workflow: tools-${agent}-${action.replace('.', '-').toLowerCase()}
steps:
  - { name: Branch, action: git.createBranch, params: { branch: 'tools/{{ run.number }}' } }
  - { name: Work, agent: ${agent}, action: ${action}, checklist: [Say hello] }
`;
const log = ({ id }: StartedRun): Promise<string> => engine.record.log(id, 'work', 'agent.log');

describe.each(['claude', 'codex'])('%s, in the sandbox', (agent) => {
  it(
    'keeps its checklist and submits, by Baton’s tools',
    async () => {
      model.play(
        { tool: 'add_steps', input: { items: ['Look around'] } },
        { command: 'echo hello > hello.txt' },
        { tool: 'complete_step', input: { item: 'Say hello', note: 'in hello.txt' } },
        { tool: 'submit', input: { summary: 'Hello is said.' } },
        { say: 'I am through.' },
      );
      const run = await engine.run(pipeline(agent, 'code.implement'));
      expect({ ...run.result, log: await log(run) }).toMatchObject({ status: 'succeeded' });
      const [attempt] = await engine.record.attempts(run.id, 'work');
      expect(attempt).toMatchObject({ status: 'succeeded', summary: 'Hello is said.' });
      const { branch } = await engine.record.run(run.id);
      expect(await engine.forgeGit('show', `${branch!}:hello.txt`)).toBe('hello');
      expect(await engine.forgeGit('log', '-1', '--format=%b', branch!)).toContain('Hello is said.');
      const events = await engine.record.events(run.id);
      expect(events.map(({ briefing }) => briefing)).toContain(`#${run.number} Work: [1/2] Say hello (in hello.txt)`);
    },
    LONG_MS,
  );

  it(
    'asks people, ends, and goes on in the same conversation with their answer',
    async () => {
      const options = [
        { name: 'Yes', says: 'Loudly.' },
        { name: 'No', says: 'Not at all.' },
      ];
      const checklist = { tool: 'complete_step', input: { item: 'Say hello' } };
      model.play(
        { command: 'echo begun > begun.txt' },
        { tool: 'ask', input: { text: 'Shall I shout?', options } },
        { say: 'I have asked.' },
        { command: 'echo HELLO > hello.txt' },
        checklist,
        { say: 'Shouted.' },
      );
      const run = await engine.startRun(pipeline(agent, 'code.implement'));
      const question = await engine.question(run, 'work');
      expect(question).toMatchObject({ text: 'Shall I shout?', asked_by: 'agent' });
      await engine.answer(question.id, 'maya', { option: 'Yes', reason: 'they are far away' });
      const result = await engine.finished(run);
      expect({ ...result, log: await log(run) }).toMatchObject({ status: 'succeeded' });
      expect(model.asked).toEqual([0, 1, 2, 3, 4, 5]);
      expect(model.bodies[3]).toContain('Shall I shout? — Yes');
      const { branch } = await engine.record.run(run.id);
      expect(await engine.forgeGit('show', `${branch!}:begun.txt`)).toBe('begun');
      expect(await engine.forgeGit('show', `${branch!}:hello.txt`)).toBe('HELLO');
    },
    LONG_MS,
  );

  it(
    'is ended when it has submitted and does not end by itself',
    async () => {
      model.play(
        { command: 'echo hello > hello.txt' },
        { tool: 'complete_step', input: { item: 'Say hello' } },
        { tool: 'submit', input: { summary: 'Hello is said.' } },
        { stall: true },
      );
      const run = await engine.run(pipeline(agent, 'code.implement'));
      expect({ ...run.result, log: await log(run) }).toMatchObject({ status: 'succeeded' });
      const [attempt] = await engine.record.attempts(run.id, 'work');
      expect(attempt).toMatchObject({ status: 'succeeded', summary: 'Hello is said.' });
    },
    LONG_MS,
  );

  it(
    'is shown the files that may matter, which the attempt keeps for the briefing',
    async () => {
      model.play(
        { tool: 'get_briefing', input: {} },
        { tool: 'submit', input: { summary: 'Looked.' } },
        { say: 'Done.' },
      );
      const issue = { title: 'Tell of the demo', body: 'README.md says too little of the demo.' };
      const { id } = await engine.run(pipeline(agent, 'review.code'), { issue });
      expect(model.bodies[0]).toContain('Files that may matter');
      expect(model.bodies[0]).toContain('## README.md');
      expect(model.bodies[1]).toMatch(/From line|snippets/);
      const kept = JSON.parse(await engine.record.log(id, 'work', 'context.json')) as { files: unknown[] };
      expect(kept.files).toContainEqual({
        path: 'README.md',
        why: expect.arrayContaining(['it is named']) as string[],
        snippets: [{ from: 1, text: 'a demo\n' }],
      });
    },
    LONG_MS,
  );

  it(
    'has its tree kept with what it marks as done, while it works',
    async () => {
      model.play(
        { command: 'echo hello > hello.txt' },
        { tool: 'complete_step', input: { item: 'Say hello' } },
        { stall: true },
      );
      const run = await engine.startRun(pipeline(agent, 'code.implement'));
      const kept = (): Promise<boolean> =>
        engine.record.inTx(async (tx) => {
          const rows = await tx.selectFrom('checklist_items').selectAll().where('run_id', '=', run.id).execute();
          return rows.some((row) => row.status === 'done' && row.kept);
        });
      await eventually(kept, LONG_MS);
      expect(await engine.forgeGit('show', `refs/baton/wip/${run.id}/work/step/1:hello.txt`)).toBe('hello');
      await run.handle.cancel();
      expect(await engine.finished(run)).toMatchObject({ status: 'cancelled' });
    },
    LONG_MS,
  );

  it(
    'submits what it found where it only looks, and reaches nothing of the API but its tools',
    async () => {
      const finding = { rule: 'naming', severity: 'low', message: 'A name says nothing.', file: 'README.md', line: 1 };
      const ask = (path: string): string =>
        `curl -s -o /dev/null -w '%{http_code} ' --noproxy '*' --max-time 3 http://127.0.0.1:3128${path}; `;
      const direct = `curl -s -o /dev/null -w '%{http_code}' --noproxy '*' --max-time 3 ${app.url}/livez`;
      model.play(
        { command: `env | grep -c baton_step_; ${ask('/api/runs')}${ask('/livez')}${ask('/mcp/')}${direct}; true` },
        { tool: 'complete_step', input: { item: 'Say hello', status: 'done' } },
        { tool: 'submit', input: { summary: 'One thing.', output: { score: 9 }, findings: [finding] } },
        { say: 'That is all.' },
      );
      const run = await engine.run(pipeline(agent, 'review.code'));
      expect({ ...run.result, log: await log(run) }).toMatchObject({ status: 'succeeded' });
      expect((await engine.record.step(run.id, 'work')).output).toMatchObject({
        ...{ summary: 'One thing.', score: 9, findings: [finding] },
      });
      expect(model.bodies[1]).toMatch(/0\\n403 403 403 000/);
      const tokens = await engine.record.inTx((tx) => tx.selectFrom('step_tokens').selectAll().execute());
      expect(tokens).toEqual([]);
    },
    LONG_MS,
  );
});
