// Not a test of the suite: `node scripts/record-histories.mjs` runs it to record the histories anew.
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clearEscalation, openEscalation } from '../../src/db/escalations.js';
import { createNotice } from '../../src/db/notices.js';
import { reconcileSchedules, scheduleId } from '../../src/api/schedules.js';
import { createTrial, trialRef, trialView } from '../../src/db/trials.js';
import { startEngine, type Engine, type StartedRun } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { encodeHistory, HISTORIES } from './histories.js';

let engine: Engine;
beforeAll(async () => {
  mkdirSync(HISTORIES, { recursive: true });
  for (const name of readdirSync(HISTORIES)) rmSync(join(HISTORIES, name));
  engine = await startEngine({
    files: { 'README.md': 'a demo\n', '.baton/repository.yaml': 'test: { command: "test ! -f broken" }\n' },
    agents: [
      {
        name: 'devon',
        roles: ['developer'],
        script: `write(request.params.file ?? 'new.txt', 'x'); if (request.attempt === 1 && request.action === 'code.implement') write('broken', ''); else rmSync('broken', { force: true }); done();`,
      },
      {
        name: 'tara',
        roles: ['tester'],
        script: `if (request.params.word === undefined) process.exit(3); write('test.txt', request.params.word); done();`,
      },
      { name: 'riva', roles: ['code-reviewer'], script: 'done();' },
      {
        name: 'tess',
        script: `if (request.params.phase === 'red') write('test/new.sh', 'test -f feature'); done({ findings: request.params.phase === 'verify' && !existsSync('README') ? [{ rule: 'r', severity: 'high', message: 'no README' }] : [] });`,
      },
      { name: 'dex', script: `write('feature', 'x'); if (request.params.sentBack) write('README', 'x'); done();` },
      {
        name: 'stuck',
        script: `if (/look again/.test(request.failure?.message)) rmSync('broken'); else write('broken', ''); write('stuck.txt', ''); done();`,
      },
      {
        name: 'stubborn',
        script: `if (request.answers.length > 0) rmSync('broken', { force: true }); else write('broken', ''); write('stubborn.txt', ''); done();`,
      },
      { name: 'orion', roles: ['orchestrator'], script: `done({ summary: 'look again' });` },
      {
        name: 'asker',
        roles: ['asker'],
        script: `const ask = { type: 'question', text: 'Which?', options: [{ name: 'A', says: 'This.' }, { name: 'B', says: 'That.' }] };
          if (request.answers.length === 0) say(ask); else { write('asked.txt', request.answers[0].option); done(); }`,
      },
      { name: 'sleepy', script: `say({ type: 'log', message: 'asleep' }); spawnSync('sleep', ['600']);` },
    ],
  });
});
afterAll(() => engine.stop());

const feature = (tests: string): string => `
name: feature
steps:
  - { name: Branch, action: git.createBranch, params: { branch: "feature/{{ issue.number }}" } }
  - { name: Implement, agent: role:developer, action: code.implement, gates: [tests], retry: { attempts: 3, delay: 10ms } }
  - { name: Write tests, agent: tara, action: code.writeTests, gates: [tests], retry: 1${tests} }
  - { name: Review, agent: role:code-reviewer, action: review.code }
  - { name: Skipped, action: flow.noop, parallel: true, when: "issue.number < 0" }
  - { name: Propose, action: github.createPR, params: { title: "feat: {{ issue.title }}" } }
  - { name: Ask, type: human-gate, approvalPolicy: { any: [human:team-lead, human:maya], atLeast: 2 } }
  - { name: Merge, action: github.merge }
`;

async function record(scenario: string, { workflowId }: Pick<StartedRun, 'workflowId'>): Promise<void> {
  const open = [workflowId];
  for (let number = 0; number < open.length; number += 1) {
    const history = await engine.temporal.workflow.getHandle(open[number]!).fetchHistory();
    const events = history.events ?? [];
    const type = events[0]!.workflowExecutionStartedEventAttributes!.workflowType!.name!;
    for (const { childWorkflowExecutionStartedEventAttributes: child } of events)
      if (child) open.push(child.workflowExecution!.workflowId!);
    const recorded = { workflowId: open[number], history: encodeHistory(history) };
    writeFileSync(join(HISTORIES, `${scenario}.${number}.${type}.json`), `${JSON.stringify(recorded)}\n`);
  }
}

async function approve(run: StartedRun): Promise<void> {
  await engine.asked(run, 'ask');
  await engine.decide(run, 'ask', 'maya');
  await engine.decide(run, 'ask', 'lee');
}

it('a feature to its merge, one attempt sent back by its gate', async () => {
  const run = await engine.startRun(feature(', params: { word: hi }'), { issue: {} });
  await approve(run);
  expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
  expect(await engine.record.attempts(run.id, 'implement')).toHaveLength(2);
  await record('feature', run);
});

it('a rerun of one that failed, to its merge', async () => {
  const first = await engine.run(
    feature(', timeout: 5m')
      .replace('name: feature', 'name: feature-again')
      .replace('feature/', 'again/')
      .replace(
        'role:developer, action: code.implement',
        'role:developer, action: code.implement, params: { file: again.txt }',
      ),
    { issue: {} },
  );
  expect(first.result).toMatchObject({ status: 'failed' });
  const run = await engine.rerun(first.id, 'write-tests', { word: 'again' });
  await approve(run);
  expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
  await record('failed', first);
  await record('rerun', run);
});

it('a cancelled run, its agent at work', async () => {
  const run = await engine.startRun(`
name: cancelled
steps:
  - { name: Sleep, agent: sleepy, action: code.implement }
  - { name: Ask, type: human-gate, approvers: [human:lee], parallel: true }
  - { name: After, action: flow.noop }
`);
  await engine.asked(run, 'ask');
  await eventually(async () => (await engine.record.log(run.id, 'sleep', 'agent.log')).includes('asleep'));
  await run.handle.cancel();
  expect(await engine.finished(run)).toMatchObject({ status: 'cancelled' });
  await record('cancelled', run);
});

it('a run that people step into: paused, resumed, steps at work skipped, completed, given to another', async () => {
  const run = await engine.startRun(`
name: overridden
steps:
  - { name: Sleep, agent: sleepy, action: code.implement }
  - { name: Given, agent: sleepy, action: code.refactor, params: { file: given.txt }, parallel: true }
  - { name: Ask, type: human-gate, approvers: [human:lee], parallel: true }
  - { name: After, action: flow.noop }
`);
  await engine.asked(run, 'ask');
  await eventually(async () => (await engine.record.log(run.id, 'sleep', 'agent.log')).includes('asleep'));
  const { personId: id, handle } = engine.person('lee');
  for (const override of [
    { kind: 'pause' },
    { kind: 'skip', step: 'ask' },
    { kind: 'skip', step: 'sleep' },
    { kind: 'reassign', step: 'given', agent: 'devon' },
    { kind: 'complete', step: 'after', output: {} },
    { kind: 'resume' },
  ]) {
    const order = { override, by: { id, handle }, reason: 'x', key: randomUUID(), origin: null };
    await run.handle.executeUpdate('override', { args: [order] });
  }
  expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
  await record('overridden', run);
});

it('a mapped step and a child pipeline, some of it failing', async () => {
  const run = await engine.run(
    `
name: fan
steps:
  - { name: Each, agent: devon, action: code.refactor, map: { over: [a.txt, b.txt, c.txt], concurrency: 2 }, params: { file: "{{ item }}" } }
  - { name: Call, pipeline: little, params: { word: "{{ context.word }}" }, map: { over: [1, 2], concurrency: 1 } }
  - { name: Fail, pipeline: little, dependsOn: [Call] }
`,
    {
      context: { word: 'x' },
      children: [
        'name: little\nsteps:\n  - { name: One, action: flow.noop, params: { heard: "{{ context.word }}" } }\n',
      ],
    },
  );
  expect(run.result).toMatchObject({ status: 'failed', error: { code: 'child-failed', step: 'fail' } });
  await record('fan', run);
});

it('what makes the run of a time of a schedule', async () => {
  await engine.savePipeline('name: timed\ntrigger: schedule.daily(2am)\nsteps: [{ name: One, action: flow.noop }]\n');
  const { db, temporal, taskQueue, deps } = engine;
  await reconcileSchedules({ db, temporal, taskQueue, log: deps.log });
  const { id } = await engine.record.inTx((tx) =>
    tx.selectFrom('pipelines').select('id').where('name', '=', 'timed').executeTakeFirstOrThrow(),
  );
  const schedule = temporal.schedule.getHandle(scheduleId(id, 0));
  await schedule.trigger();
  const started = await eventually(async () => (await schedule.describe()).info.recentActions[0]);
  const { workflowId } = started.action.workflow;
  await temporal.workflow.getHandle(workflowId).result();
  await schedule.delete();
  await record('scheduled', { workflowId });
});

it('test-driven work, sent back once', async () => {
  await engine.addRepository('driven', {
    'test/old.sh': 'true\n',
    '.baton/repository.yaml': 'test: { command: "for each in test/*.sh; do sh $each || exit 1; done" }\n',
  });
  const run = await engine.run(
    `
name: driven
steps:
  - { name: Drive, action: tdd.handoff, params: { tester: tess, developer: dex, integration: false } }
`,
    { repository: 'driven' },
  );
  expect(run.result).toMatchObject({ status: 'succeeded', error: null });
  await record('driven', run);
});

it('a step that the orchestrator looks at', async () => {
  const run = await engine.run(`
name: advised
steps:
  - { name: Work, agent: stuck, action: code.implement, gates: [tests], retry: { attempts: 2, delay: 10ms } }
`);
  expect(run.result).toMatchObject({ status: 'succeeded', error: null });
  await record('advised', run);
});

it('a step that people let go on when the orchestrator could not help', async () => {
  const run = await engine.startRun(`
name: helped
onFailure: ask
steps:
  - { name: Work, agent: stubborn, action: code.implement, gates: [tests], retry: { attempts: 2, delay: 10ms } }
`);
  const { id } = await engine.question(run, 'work');
  await engine.answer(id, 'lee', { option: 'Try again', text: 'x' });
  expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
  await record('helped', run);
});

it('a hand-off whose developer is another from then on', async () => {
  const run = await engine.startRun(
    `
name: handed
steps:
  - { name: Drive, action: tdd.handoff, params: { tester: tess, developer: sleepy, integration: false } }
`,
    { repository: 'driven' },
  );
  await eventually(async () => (await engine.record.log(run.id, 'drive', 'agent.log')).includes('asleep'));
  expect(await engine.override(run, { kind: 'reassign', step: 'drive', agent: 'dex' })).toBe('accepted');
  expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
  await record('handed', run);
});

it('a step that asks, and one that nobody answers', async () => {
  const asks = (name: string) =>
    engine.startRun(`
name: ${name}
steps:
  - { name: Work, agent: asker, action: code.implement }
`);
  const run = await asks('asked');
  const { id } = await engine.question(run, 'work');
  await engine.answer(id, 'maya', { option: 'A', reason: 'x' });
  expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
  await record('asked', run);
  const unanswered = await asks('unanswered');
  await engine.question(unanswered, 'work');
  await unanswered.handle.cancel();
  expect(await engine.finished(unanswered)).toMatchObject({ status: 'cancelled' });
  await record('unanswered', unanswered);
});

it('what takes old audit entries out', async () => {
  const workflowId = 'audit-retention';
  await engine.temporal.workflow.execute('expireAudit', { workflowId, taskQueue: engine.taskQueue, args: [365] });
  await record('audit', { workflowId });
});

it('a notice that cannot be delivered', async () => {
  const { organisationId } = engine.record;
  const id = await engine.record.inTx((tx) =>
    createNotice(tx, {
      organisationId,
      key: 'one',
      channel: '#nowhere',
      event: 'test',
      runId: null,
      urgent: false,
      title: 'one',
      text: '',
      data: {},
    }),
  );
  await engine.dispatchNotices();
  const workflowId = `notice/${id}`;
  expect(await engine.temporal.workflow.getHandle(workflowId).result()).toBe('failed');
  await record('notice', { workflowId });
});

it('an escalation whose cause ends after its first level', async () => {
  const { organisationId } = engine.record;
  const inTx = engine.record.inTx.bind(engine.record);
  await inTx((tx) =>
    openEscalation(tx, {
      organisationId,
      projectId: null,
      cause: 'agent-blocked',
      subject: 'question:1',
      title: 'A question',
      since: new Date(Date.now() - 20 * 60_000),
      runId: null,
      facts: {},
    }),
  );
  await engine.dispatchEscalations();
  const { id } = await eventually(async () => {
    const row = await inTx((tx) =>
      tx
        .selectFrom('escalations')
        .select(['id', 'levels'])
        .where('cause', '=', 'agent-blocked')
        .executeTakeFirstOrThrow(),
    );
    return row.levels.length > 0 && row;
  });
  await inTx((tx) => clearEscalation(tx, 'agent-blocked', 'question:1'));
  await engine.dispatchEscalations();
  const workflowId = `escalation/${id}`;
  expect(await engine.temporal.workflow.getHandle(workflowId).result()).toBe('cleared');
  await record('escalation', { workflowId });
});

it.each([
  ['trial', 'test: { command: "true" }'],
  ['untried', 'test: { comand: "true" }'],
])('a %s of a configuration', async (scenario, config) => {
  const inTx = engine.record.inTx.bind(engine.record);
  const commit = await engine.forgeGit('rev-parse', 'main');
  const { personId } = engine.person('lee');
  const id = await inTx((tx) =>
    createTrial(tx, { repository: engine.repository, requestedBy: personId, config, commit }),
  );
  const ref = await inTx((tx) => trialRef(tx, id));
  const workflowId = `trial-${id}`;
  await engine.temporal.workflow.execute('trial', { workflowId, taskQueue: engine.taskQueue, args: [ref] });
  const { status } = await inTx((tx) => trialView(tx, id));
  expect(status).toBe(scenario === 'trial' ? 'done' : 'failed');
  await record(scenario, { workflowId });
});
