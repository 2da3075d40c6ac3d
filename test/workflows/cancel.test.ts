import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { processesWith } from '../sandbox/processes-of.js';
import { startEngine, type Engine, type StartedRun } from '../support/engine.js';
import { eventually } from '../support/eventually.js';

// A number of seconds that no other process of this host sleeps for.
const SECONDS = 86_000 + (process.pid % 397);
const SLEEP = `sleep ${SECONDS}`;
const sleeping = (): number[] => processesWith(`sleep\0${SECONDS}`);

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({
    agents: [
      {
        name: 'sleepy',
        script: `write('half.txt', 'half done'); spawnSync('sh', ['-c', '${SLEEP} & ${SLEEP}; wait']); done();`,
      },
    ],
    files: { 'README.md': 'a demo\n', '.baton/repository.yaml': `test: { command: "${SLEEP}" }\n` },
  });
});
afterAll(() => engine.stop());

const PIPELINE = `
name: long
steps:
  - { name: Work, agent: sleepy, action: code.implement }
  - { name: After, action: flow.noop }
`;

const asleep = (): Promise<true> => eventually(() => sleeping().length >= 2 || null);
const cancelled = async (run: StartedRun) => {
  await run.handle.cancel();
  return engine.finished(run);
};

describe('cancelling a run', () => {
  let run: StartedRun;
  beforeAll(async () => {
    run = await engine.startRun(PIPELINE, { issue: {} });
    await asleep();
    expect(await cancelled(run)).toMatchObject({ status: 'cancelled' });
  });

  it('ends every process of the agent', () => {
    expect(sleeping()).toEqual([]);
  });

  it('leaves neither worktree nor home nor row of it', async () => {
    const { hostDirectory } = engine.deps;
    expect(await readdir(join(hostDirectory, 'worktrees'))).toEqual([]);
    expect(await readdir(join(hostDirectory, 'homes'))).toEqual([]);
    expect(await engine.record.inTx((tx) => tx.selectFrom('worktrees').select('name').execute())).toEqual([]);
  });

  it('keeps what the agent had done so far as a commit of its own', async () => {
    const clone = join(engine.deps.hostDirectory, 'clones', `${engine.repository.id}.git`);
    expect(existsSync(clone)).toBe(true);
    const refs = await import('../../src/git/git.js').then(({ git }) =>
      git(['for-each-ref', '--format=%(refname)', 'refs/baton/rescued'], { gitDir: clone }),
    );
    expect(refs).toContain(`${run.id}-work`);
  });

  it('is recorded: the run, its steps, the attempt, the agent, the task', async () => {
    const { record } = engine;
    expect(await record.run(run.id)).toMatchObject({ status: 'cancelled', error: null });
    expect(await record.statuses(run.id)).toEqual({ work: 'cancelled', after: 'cancelled' });
    expect(await record.attempts(run.id)).toMatchObject([{ status: 'cancelled' }]);
    const { agents, tasks } = await record.inTx(async (tx) => ({
      agents: await tx.selectFrom('agents').select('status').execute(),
      tasks: await tx.selectFrom('tasks').select('status').execute(),
    }));
    expect(agents).toEqual([{ status: 'idle' }]);
    expect(tasks).toEqual([{ status: 'failed' }]);
    expect((await record.events(run.id)).at(-1)).toMatchObject({ type: 'task.transitioned' });
    expect((await record.events(run.id)).filter(({ type }) => type === 'workflow.cancelled')).toHaveLength(1);
  });
});

describe('cancelling', () => {
  it('a run whose gate is at work ends the gate', async () => {
    await engine.addAgent({ name: 'quick', moves: [{ action: 'code.implement', write: { 'new.txt': 'x' } }] });
    const run = await engine.startRun(`
name: gated
steps:
  - { name: Work, agent: quick, action: code.implement, gates: [tests] }
`);
    await eventually(() => sleeping().length >= 1 || null);
    expect(await cancelled(run)).toMatchObject({ status: 'cancelled' });
    expect(sleeping()).toEqual([]);
    expect(await engine.record.gates(run.id)).toEqual([]);
  });

  it('a run that waits for people closes the approval', async () => {
    const run = await engine.startRun(`
name: asked
steps:
  - { name: Ask, type: human-gate, approvers: [human:team-lead] }
  - { name: After, action: flow.noop }
`);
    await engine.asked(run, 'ask');
    expect(await cancelled(run)).toMatchObject({ status: 'cancelled' });
    expect(await engine.record.approval(run.id, 'ask')).toMatchObject({ status: 'cancelled' });
    expect(await engine.record.statuses(run.id)).toEqual({ ask: 'cancelled', after: 'cancelled' });
  });

  it('a run cancels the run that it called, to its last process', async () => {
    const run = await engine.startRun(
      `
name: calls
steps:
  - { name: Call, pipeline: long }
  - { name: After, action: flow.noop }
`,
      { children: [PIPELINE] },
    );
    await asleep();
    expect(await cancelled(run)).toMatchObject({ status: 'cancelled', error: null });
    expect(sleeping()).toEqual([]);
    expect(await engine.record.statuses(run.id)).toEqual({ call: 'cancelled', after: 'cancelled' });
    expect(await engine.record.children(run.id)).toMatchObject([{ status: 'cancelled' }]);
  });

  it('a mapped step cancels the items that run, and starts none of the others', async () => {
    const run = await engine.startRun(`
name: mapped
steps:
  - { name: Each, agent: sleepy, action: code.implement, map: { over: [1, 2, 3], concurrency: 1 } }
`);
    await asleep();
    expect(await cancelled(run)).toMatchObject({ status: 'cancelled' });
    expect(sleeping()).toEqual([]);
    expect(await engine.record.steps(run.id)).toMatchObject([
      { item: 0, status: 'cancelled' },
      { item: null, status: 'cancelled' },
    ]);
  });

  it('closes a run that it was about to call, of which there is only the row', async () => {
    engine.hooks.openChildRun = async (request, real) => {
      const opened = await real(request);
      await engine.temporal.workflow.getHandle(request.workflowId.replace(/\/call$/, '')).cancel();
      return opened;
    };
    const run = await engine.run('name: calls\nsteps:\n  - { name: Call, pipeline: little }\n', {
      children: ['name: little\nsteps:\n  - { name: One, action: flow.noop }\n'],
    });
    engine.unhook();
    expect(run.result).toMatchObject({ status: 'cancelled' });
    expect((await engine.record.children(run.id)).map(({ status }) => status)).toEqual(['cancelled']);
  });
});
