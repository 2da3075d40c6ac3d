import { randomUUID } from 'node:crypto';
import { recordOverride } from '../../src/db/overrides.js';
import type { Override } from '../../src/domain/override.js';
import { processesWith } from '../sandbox/processes-of.js';
import { startEngine, type Engine, type StartedRun } from '../support/engine.js';
import { eventually } from '../support/eventually.js';

// A number of seconds that no other process of this host sleeps for.
const SECONDS = 86_400 + (process.pid % 397);
const sleeping = (): number[] => processesWith(`sleep\0${SECONDS}`);

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({
    agents: [
      {
        name: 'sleepy',
        script: `write('half.txt', 'half done'); spawnSync('sleep', ['${SECONDS}']); done();`,
      },
      { name: 'quick', moves: [{ action: 'code.implement', write: { 'quick.txt': 'x' } }] },
    ],
  });
});
afterAll(() => engine.stop());

const overrideIt = (run: StartedRun, override: Override, key?: string): Promise<string> =>
  engine.override(run, override, key === undefined ? {} : { key });

const asleep = (): Promise<true> => eventually(() => sleeping().length > 0 || null);
const rows = (run: StartedRun) =>
  engine.record.inTx((tx) =>
    tx.selectFrom('overrides').selectAll().where('run_id', '=', run.id).orderBy('created_at').execute(),
  );
const audited = (run: StartedRun) =>
  engine.record.inTx((tx) =>
    tx
      .selectFrom('audit')
      .select(['action', 'details'])
      .where('resource', '=', `run:${run.id}`)
      .orderBy('id')
      .execute(),
  );
const told = async (run: StartedRun) =>
  (await engine.record.events(run.id)).filter(({ type }) => type === 'override').map(({ briefing }) => briefing);

const LONG = `
name: long
steps:
  - { name: Work, agent: sleepy, action: code.implement }
  - { name: After, action: flow.noop }
`;

const QUICK = `
name: quick
steps:
  - { name: Work, agent: quick, action: code.implement }
`;

const isAccepted = async (run: StartedRun): Promise<boolean> =>
  ((await run.handle.fetchHistory()).events ?? []).some(
    ({ workflowExecutionUpdateAcceptedEventAttributes: accepted }) => accepted,
  );

describe('skipping', () => {
  it('a step that an agent is at ends the agent, publishes nothing, and the run goes on', async () => {
    const run = await engine.startRun(LONG, { issue: {} });
    await asleep();
    expect(await overrideIt(run, { kind: 'skip', step: 'work' })).toBe('accepted');
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
    expect(sleeping()).toEqual([]);
    expect(await engine.record.statuses(run.id)).toEqual({ work: 'skipped', after: 'succeeded' });
    expect(await engine.record.attempts(run.id)).toMatchObject([{ status: 'cancelled' }]);
    expect(await engine.forgeGit('for-each-ref', '--format=%(refname)', 'refs/heads')).toBe('refs/heads/main');
    expect(await rows(run)).toMatchObject([{ kind: 'skip', step: 'work', reason: 'it must be' }]);
    expect(await audited(run)).toMatchObject([{ action: 'override.skip', details: { step: 'work' } }]);
    expect(await told(run)).toEqual([`#${run.number} lee skipped Work: it must be`]);
  });

  it('a step that waits for people closes its approval', async () => {
    const run = await engine.startRun(`
name: asked
steps:
  - { name: Ask, type: human-gate, approvers: [human:team-lead] }
  - { name: After, action: flow.noop }
`);
    await engine.asked(run, 'ask');
    expect(await overrideIt(run, { kind: 'skip', step: 'ask' })).toBe('accepted');
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
    expect(await engine.record.approval(run.id, 'ask')).toMatchObject({ status: 'cancelled' });
    expect(await engine.record.statuses(run.id)).toEqual({ ask: 'skipped', after: 'succeeded' });
    const types = (await engine.record.events(run.id)).map(({ type }) => type);
    expect(types).not.toContain('step.cancelled');
  });

  it('a step whose approval is just being asked for opens none any more', async () => {
    let goOn = (): void => undefined;
    const skipped = new Promise<void>((resolve) => (goOn = resolve));
    let asking = false;
    let asked: Promise<unknown> | undefined;
    engine.hooks.requestApproval = (request, real) => {
      asking = true;
      const late = skipped.then(() => real(request));
      asked = late;
      return late;
    };
    const run = await engine.startRun(`
name: late
steps:
  - { name: Ask, type: human-gate, approvers: [human:team-lead] }
  - { name: After, action: flow.noop }
`);
    await eventually(() => asking);
    expect(await overrideIt(run, { kind: 'skip', step: 'ask' })).toBe('accepted');
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
    goOn();
    expect(await asked).toBeNull();
    engine.unhook();
    const opened = await engine.record.inTx((tx) =>
      tx.selectFrom('approvals').select('status').where('run_id', '=', run.id).execute(),
    );
    expect(opened).toEqual([]);
  });

  it('an approval does not let an agent act that asks first', async () => {
    await engine.addAgent({ name: 'careful', riskLevel: 'APPROVAL_REQUIRED' });
    const run = await engine.startRun(`
name: careful
steps:
  - { name: Ask, type: human-gate, approvers: [human:team-lead] }
  - { name: Act, agent: careful, action: code.implement }
`);
    await engine.asked(run, 'ask');
    expect(await overrideIt(run, { kind: 'skip', step: 'ask' })).toBe('accepted');
    expect(await engine.finished(run)).toMatchObject({ status: 'failed', error: { code: 'no-agent' } });
  });

  it('a step that has not begun lets those after it start without it', async () => {
    const run = await engine.startRun(`
name: later
steps:
  - { name: Work, agent: sleepy, action: code.implement }
  - { name: Ask, type: human-gate, approvers: [human:team-lead], dependsOn: [] , parallel: true }
  - { name: After, action: flow.noop }
`);
    await engine.asked(run, 'ask');
    await asleep();
    expect(await overrideIt(run, { kind: 'skip', step: 'after' })).toBe('accepted');
    expect(await overrideIt(run, { kind: 'skip', step: 'after' })).toBe('step-ended');
    expect(await overrideIt(run, { kind: 'skip', step: 'ask' })).toBe('accepted');
    expect(await overrideIt(run, { kind: 'skip', step: 'work' })).toBe('accepted');
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
    expect(await engine.record.statuses(run.id)).toEqual({ work: 'skipped', ask: 'skipped', after: 'skipped' });
    expect(await overrideIt(run, { kind: 'skip', step: 'work' })).toBe('run-ended');
    expect(await audited(run)).toHaveLength(3);
  });

  it('a mapped step ends its items, a called pipeline its run, a hand-off its phase', async () => {
    for (const step of [
      'agent: sleepy, action: code.implement, map: { over: [1, 2, 3], concurrency: 1 }',
      'pipeline: long',
      'action: tdd.handoff, params: { tester: sleepy, developer: sleepy }',
    ]) {
      const run = await engine.startRun(
        `
name: skips
steps:
  - { name: Deep, ${step} }
  - { name: After, action: flow.noop }
`,
        { children: [LONG] },
      );
      await asleep();
      expect(await overrideIt(run, { kind: 'skip', step: 'deep' })).toBe('accepted');
      expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
      expect(sleeping()).toEqual([]);
      expect(await engine.record.statuses(run.id)).toEqual({ deep: 'skipped', after: 'succeeded' });
      for (const { status } of await engine.record.children(run.id)) expect(status).toBe('cancelled');
      for (const { status } of await engine.record.attempts(run.id)) expect(status).toBe('cancelled');
    }
  });

  it('keeps what an agent was about to publish from the branch', async () => {
    engine.hooks.publishCommit = async (request, real) => {
      expect(await overrideIt(run, { kind: 'skip', step: 'work' })).toBe('accepted');
      return real(request);
    };
    const run: StartedRun = await engine.startRun(QUICK);
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
    engine.unhook();
    expect(await engine.forgeGit('for-each-ref', '--format=%(refname)', 'refs/heads')).toBe('refs/heads/main');
    expect(await engine.record.statuses(run.id)).toEqual({ work: 'skipped' });
  });

  it('loses against the end of the step itself, and then leaves no trace', async () => {
    let answer: Promise<string> | undefined;
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    engine.hooks.recordOverride = async (request, real) => {
      await ended;
      return real(request);
    };
    engine.hooks.finishStep = async (request, real) => {
      const output = await real(request);
      end();
      await answer;
      return output;
    };
    engine.hooks.runAttempt = async (request, real) => {
      answer = overrideIt(run, { kind: 'skip', step: 'work' });
      await eventually(() => isAccepted(run));
      return real(request);
    };
    const run: StartedRun = await engine.startRun(QUICK);
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
    engine.unhook();
    expect(await answer).toBe('step-ended');
    expect(await engine.record.statuses(run.id)).toEqual({ work: 'succeeded' });
    expect([await rows(run), await audited(run), await told(run)]).toEqual([[], [], []]);
  });
});

describe('completing', () => {
  it('a step that an agent is at gives those after it the output that somebody wrote', async () => {
    const run = await engine.startRun(`
name: completed
steps:
  - { name: Work, agent: sleepy, action: code.implement }
  - { name: After, action: flow.noop, params: { heard: "{{ nodes.work.output.word }}" } }
`);
    await asleep();
    expect(await overrideIt(run, { kind: 'complete', step: 'work', output: { word: 'hi', more: 1 } })).toBe('accepted');
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
    expect(sleeping()).toEqual([]);
    expect(await engine.record.step(run.id, 'work')).toMatchObject({
      status: 'succeeded',
      output: { word: 'hi', more: 1 },
    });
    expect(await engine.record.step(run.id, 'after')).toMatchObject({ input: { heard: 'hi' } });
  });

  it('a step that has not begun', async () => {
    const run = await engine.startRun(`
name: begun
steps:
  - { name: Ask, type: human-gate, approvers: [human:team-lead] }
  - { name: Work, agent: sleepy, action: code.implement }
  - { name: After, action: flow.noop, params: { heard: "{{ nodes.work.output.word }}" } }
`);
    await engine.asked(run, 'ask');
    expect(await overrideIt(run, { kind: 'complete', step: 'ask', output: {} })).toBe('not-for-approvals');
    expect(await overrideIt(run, { kind: 'complete', step: 'work', output: { word: 'x'.repeat(9000) } })).toBe(
      'output-too-large',
    );
    expect(await overrideIt(run, { kind: 'complete', step: 'work', output: { word: 'hi' } })).toBe('accepted');
    await engine.decide(run, 'ask', 'lee');
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
    expect(await engine.record.step(run.id, 'after')).toMatchObject({ input: { heard: 'hi' } });
    expect(await rows(run)).toHaveLength(1);
  });
});

describe('reassigning', () => {
  it('stops the agent that is at the step, and has the other do it', async () => {
    const run = await engine.startRun(LONG, { issue: {} });
    await asleep();
    expect(await overrideIt(run, { kind: 'reassign', step: 'work', agent: 'nobody' })).toBe('no-agent');
    expect(sleeping()).not.toEqual([]);
    expect(await overrideIt(run, { kind: 'reassign', step: 'work', agent: 'quick' })).toBe('accepted');
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
    expect(sleeping()).toEqual([]);
    expect(await engine.record.attempts(run.id)).toMatchObject([
      { attempt: 1, status: 'cancelled' },
      { attempt: 2, status: 'succeeded' },
    ]);
    expect(await engine.record.statuses(run.id)).toEqual({ work: 'succeeded', after: 'succeeded' });
    const { branch } = await engine.record.run(run.id);
    const files = await engine.forgeGit('ls-tree', '--name-only', branch!);
    expect(files).toContain('quick.txt');
    expect(files).not.toContain('half.txt');
    expect(await told(run)).toEqual([`#${run.number} lee reassigned Work to quick: it must be`]);
  });

  it('gives a mapped step to the other: what is at work, and what has not begun', async () => {
    const run = await engine.startRun(`
name: mapped
steps:
  - { name: Each, agent: sleepy, action: code.implement, map: { over: [1, 2], concurrency: 1 } }
`);
    await asleep();
    await engine.addAgent({ name: 'writer', script: `write(String(Math.random()), 'x'); done();` });
    expect(await overrideIt(run, { kind: 'reassign', step: 'each', agent: 'writer' })).toBe('accepted');
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
    expect(await engine.record.attempts(run.id)).toMatchObject([
      { item: 0, attempt: 1, status: 'cancelled' },
      { item: 0, attempt: 2, status: 'succeeded' },
      { item: 1, attempt: 1, status: 'succeeded' },
    ]);
  });

  it('a step that has not begun begins with the other', async () => {
    const run = await engine.startRun(`
name: unbegun
steps:
  - { name: Ask, type: human-gate, approvers: [human:team-lead] }
  - { name: Work, agent: sleepy, action: code.implement }
`);
    await engine.asked(run, 'ask');
    expect(await overrideIt(run, { kind: 'reassign', step: 'ask', agent: 'quick' })).toBe('no-agent-step');
    expect(await overrideIt(run, { kind: 'reassign', step: 'work', agent: 'quick' })).toBe('accepted');
    await engine.decide(run, 'ask', 'lee');
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
    expect(await engine.record.attempts(run.id)).toMatchObject([{ attempt: 1, status: 'succeeded' }]);
  });

  it('comes too late for work that is on the branch', async () => {
    engine.hooks.publishCommit = async (request, real) => {
      const published = await real(request);
      expect(await overrideIt(run, { kind: 'reassign', step: 'work', agent: 'sleepy' })).toBe('accepted');
      return published;
    };
    const run: StartedRun = await engine.startRun(QUICK);
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
    engine.unhook();
    expect(await engine.record.attempts(run.id)).toMatchObject([{ attempt: 1, status: 'succeeded' }]);
  });
});

describe('cancelling', () => {
  it('ends the run with who wanted it and why, and takes nothing more', async () => {
    const run = await engine.startRun(LONG, { issue: {} });
    await asleep();
    expect(await overrideIt(run, { kind: 'pause' })).toBe('accepted');
    expect(await overrideIt(run, { kind: 'cancel' })).toBe('accepted');
    expect(await overrideIt(run, { kind: 'cancel' })).toBe('run-ending');
    expect(await engine.finished(run)).toMatchObject({ status: 'cancelled' });
    expect(sleeping()).toEqual([]);
    const briefing = 'long cancelled by lee: it must be';
    expect(await engine.record.run(run.id)).toMatchObject({ status: 'cancelled', paused: false, briefing });
    expect(await overrideIt(run, { kind: 'cancel' })).toBe('run-ended');
    expect((await audited(run)).map(({ action }) => action)).toEqual(['override.pause', 'override.cancel']);
  });
});

describe('resetting', () => {
  const TWO = `
name: two
steps:
  - { name: First, agent: quick, action: code.implement }
  - { name: Ask, type: human-gate, approvers: [human:team-lead] }
  - { name: Last, action: flow.noop }
`;
  /** The run that goes on from where another was reset to. */
  const goesOn = async (run: StartedRun): Promise<StartedRun> => {
    const [reset] = await rows(run);
    return engine.attach(reset!.rerun_id!);
  };

  it('cancels the run, and begins another from the step, which names the override', async () => {
    const run = await engine.startRun(TWO, { issue: {} });
    await engine.asked(run, 'ask');
    expect(await overrideIt(run, { kind: 'reset', step: 'ask' })).toBe('accepted');
    expect(await engine.finished(run)).toMatchObject({ status: 'cancelled' });
    const [reset] = await rows(run);
    const rerun = await goesOn(run);
    expect(await engine.record.run(rerun.id)).toMatchObject({
      rerun_of: run.id,
      rerun_from: 'ask',
      trigger: { kind: 'rerun', override: reset!.id },
    });
    await engine.asked(rerun, 'ask');
    expect(await engine.record.statuses(rerun.id)).toEqual({ first: 'succeeded', ask: 'waiting', last: 'pending' });
    await engine.decide(rerun, 'ask', 'lee');
    expect(await engine.finished(rerun)).toMatchObject({ status: 'succeeded', error: null });
    expect(await told(run)).toEqual([`#${run.number} lee reset the run to Ask: it must be`]);
  });

  it('goes on once, also where the API died before it could say so, and another says it twice', async () => {
    const run = await engine.startRun(TWO, { issue: {} });
    await engine.asked(run, 'ask');
    const { organisationId } = engine.record;
    const order = {
      override: { kind: 'reset', step: 'first' } as const,
      by: { id: engine.person('lee').personId, handle: 'lee' },
      reason: 'x',
      key: randomUUID(),
      origin: null,
    };
    const of = { organisationId, projectId: engine.projectId, repositoryId: null, runId: run.id, number: run.number };
    await engine.record.inTx((tx) => recordOverride(tx, of, order, 'First', false));
    await Promise.all([engine.dispatchOverrides(), engine.dispatchOverrides()]);
    expect(await engine.finished(run)).toMatchObject({ status: 'cancelled' });
    await engine.record.inTx((tx) =>
      tx.updateTable('overrides').set({ delivered_at: null }).where('run_id', '=', run.id).execute(),
    );
    await Promise.all([engine.dispatchOverrides(), engine.dispatchOverrides()]);
    const reruns = await engine.record.inTx((tx) =>
      tx.selectFrom('runs').select('id').where('rerun_of', '=', run.id).execute(),
    );
    expect(reruns).toHaveLength(1);
    expect(await engine.record.run(run.id)).toMatchObject({ warnings: [] });
    const rerun = await goesOn(run);
    await engine.asked(rerun, 'ask');
    expect(await engine.override(rerun, { kind: 'cancel' })).toBe('accepted');
    await engine.finished(rerun);
  });

  it('is not for a run that another called', async () => {
    const run = await engine.startRun('name: calls\nsteps:\n  - { name: Call, pipeline: long }\n', {
      children: [LONG],
    });
    await asleep();
    const [child] = await engine.record.children(run.id);
    expect(await engine.override({ id: child!.id }, { kind: 'reset', step: 'work' })).toBe('run-called');
    expect(await engine.override({ id: child!.id }, { kind: 'skip', step: 'work' })).toBe('accepted');
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
  });

  it('tells the run where nothing can go on from it', async () => {
    engine.hooks.endRun = async (request, real) => {
      await engine.record.inTx((tx) => tx.updateTable('overrides').set({ step: 'gone' }).execute());
      return real(request);
    };
    const run = await engine.startRun(TWO, { issue: {} });
    await engine.asked(run, 'ask');
    expect(await overrideIt(run, { kind: 'reset', step: 'ask' })).toBe('accepted');
    expect(await engine.finished(run)).toMatchObject({ status: 'cancelled' });
    engine.unhook();
    const { warnings, status } = await engine.record.run(run.id);
    expect(status).toBe('cancelled');
    expect(warnings).toEqual([expect.stringContaining('no run goes on from there: The pipeline two has no step gone')]);
  });
});

describe('pausing', () => {
  it('lets what runs finish and starts nothing new until somebody resumes', async () => {
    const run = await engine.startRun(`
name: paused
steps:
  - { name: Ask, type: human-gate, approvers: [human:team-lead] }
  - { name: After, action: flow.noop }
`);
    await engine.asked(run, 'ask');
    expect(await overrideIt(run, { kind: 'resume' })).toBe('not-paused');
    expect(await overrideIt(run, { kind: 'pause' })).toBe('accepted');
    expect(await overrideIt(run, { kind: 'pause' })).toBe('paused-already');
    await engine.decide(run, 'ask', 'lee');
    await eventually(async () => (await engine.record.statuses(run.id))['ask'] === 'succeeded');
    expect(await engine.record.run(run.id)).toMatchObject({ paused: true, status: 'running' });
    expect(await engine.record.statuses(run.id)).toEqual({ ask: 'succeeded', after: 'pending' });
    expect(await overrideIt(run, { kind: 'resume' })).toBe('accepted');
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
    expect(await engine.record.run(run.id)).toMatchObject({ paused: false });
    expect(await told(run)).toEqual([
      `#${run.number} lee paused the run: it must be`,
      `#${run.number} lee resumed the run: it must be`,
    ]);
  });

  it('holds the items of a mapped step that have not begun', async () => {
    let begun = 0;
    engine.hooks.runAction = async (request, real) => {
      begun += 1;
      if (begun === 1) await overrideIt(run, { kind: 'pause' });
      return real(request);
    };
    const run: StartedRun = await engine.startRun(
      'name: held\nsteps:\n  - { name: Each, action: flow.noop, map: { over: [1, 2, 3], concurrency: 1 } }\n',
    );
    await eventually(async () =>
      (await engine.record.steps(run.id)).some(({ item, status }) => item === 0 && status === 'succeeded'),
    );
    await eventually(async () => (await engine.record.run(run.id)).paused);
    expect(begun).toBe(1);
    await overrideIt(run, { kind: 'resume' });
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
    engine.unhook();
    expect(begun).toBe(3);
  });

  it('ends with the run, when that is cancelled', async () => {
    const run = await engine.startRun(LONG, { issue: {} });
    await asleep();
    expect(await overrideIt(run, { kind: 'pause' })).toBe('accepted');
    expect(await overrideIt(run, { kind: 'skip', step: 'work' })).toBe('accepted');
    await eventually(() => sleeping().length === 0);
    await run.handle.cancel();
    expect(await engine.finished(run)).toMatchObject({ status: 'cancelled' });
    expect(await engine.record.run(run.id)).toMatchObject({ status: 'cancelled', paused: false });
    expect(await engine.record.statuses(run.id)).toEqual({ work: 'skipped', after: 'cancelled' });
  });
});

it('the same key counts once', async () => {
  const run = await engine.startRun(LONG);
  await asleep();
  const key = randomUUID();
  expect(await overrideIt(run, { kind: 'pause' }, key)).toBe('accepted');
  expect(await overrideIt(run, { kind: 'pause' }, key)).toBe('accepted');
  expect(await overrideIt(run, { kind: 'skip', step: 'work' })).toBe('accepted');
  expect(await overrideIt(run, { kind: 'resume' })).toBe('accepted');
  await engine.finished(run);
  expect((await rows(run)).map(({ kind }) => kind)).toEqual(['pause', 'skip', 'resume']);
});
