import { reconcileSchedules, scheduleId } from '../../src/api/schedules.js';
import { eventually } from '../support/eventually.js';
import { startEngine, type Engine } from '../support/engine.js';
import { dispatchRuns } from '../../src/api/dispatch.js';
import { createApiMetrics } from '../../src/telemetry/metrics.js';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({
    agents: [
      { name: 'devon', script: `write('new.txt', 'x'); done();` },
      { name: 'riva', script: `readFileSync('new.txt'); done();` },
    ],
  });
});
afterAll(() => engine.stop());

const runsOf = (pipeline: string) =>
  engine.record.inTx((tx) =>
    tx
      .selectFrom('runs as r')
      .innerJoin('pipelines as p', 'p.id', 'r.pipeline_id')
      .selectAll('r')
      .where('p.name', '=', pipeline)
      .orderBy('r.number')
      .execute(),
  );

const dispatch = () =>
  dispatchRuns({
    db: engine.db,
    temporal: engine.temporal,
    taskQueue: engine.taskQueue,
    log: engine.deps.log,
    metrics: createApiMetrics(),
  });

const PROPOSING = `
name: proposing
steps:
  - { name: Branch, action: git.createBranch, params: { branch: "proposal/{{ issue.number }}" } }
  - { name: Implement, agent: devon, action: code.implement, gates: [tests] }
  - { name: Propose, action: github.createPR, params: { title: "feat: {{ issue.title }}" } }
`;

describe('the pull request of a run', () => {
  it('starts the pipelines that react to it, on its branch; one whose own run opened it is not started again', async () => {
    await engine.savePipeline(`
name: reviewing
trigger: { event: repo.pr.opened, filters: { base: main, files: '**.txt' } }
steps:
  - { name: Review, agent: riva, action: review.code, params: { of: "{{ context.pullRequest.number }}", in: "{{ run.branch }}", all: "{{ repositories.map(each, each.name) }}" } }
  - { name: Propose again, action: github.createPR, params: { title: again } }
`);
    const reacting = PROPOSING.replace('steps:', 'trigger: { event: repo.pr.opened }\nsteps:');
    const { id, number, result } = await engine.run(reacting, { issue: {} });
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    expect((await runsOf('proposing')).map((run) => run.id)).toEqual([id]);

    const [started] = await runsOf('reviewing');
    await dispatch();
    await engine.temporal.workflow.getHandle(started!.workflow_id).result();
    const branch = (await engine.record.run(id)).branch;
    expect(await engine.record.step(started!.id, 'review')).toMatchObject({
      status: 'succeeded',
      input: { in: branch, all: ['demo'] },
    });
    expect(await engine.record.run(started!.id)).toMatchObject({
      status: 'succeeded',
      trigger: { kind: 'event', type: 'repo.pr.opened', causes: [(await engine.record.run(id)).pipeline_id] },
    });
    expect(started!.input).toMatchObject({ context: { pullRequest: { run: number } } });
    // Its own step found the pull request of the branch, open.
    expect((await runsOf('reviewing')).length).toBe(1);
  });
});

describe('a time of a schedule', () => {
  it('becomes a run that maps over the repositories of the project', async () => {
    await engine.savePipeline(`
name: everywhere
trigger: schedule.daily(2am)
steps:
  - { name: Each, action: flow.noop, map: { over: "{{ repositories }}", concurrency: 2 }, params: { in: "{{ item.name }}" } }
`);
    const { db, temporal, taskQueue, deps } = engine;
    await reconcileSchedules({ db, temporal, taskQueue, log: deps.log });
    const { id } = await engine.record.inTx((tx) =>
      tx.selectFrom('pipelines').select('id').where('name', '=', 'everywhere').executeTakeFirstOrThrow(),
    );
    const schedule = temporal.schedule.getHandle(scheduleId(id, 0));
    try {
      await schedule.trigger();
      const [run] = await eventually(async () => {
        const runs = await runsOf('everywhere');
        return runs.length > 0 && runs;
      });
      await dispatch();
      await temporal.workflow.getHandle(run!.workflow_id).result();
      expect(await engine.record.step(run!.id, 'each', 0)).toMatchObject({ input: { in: 'demo' } });
    } finally {
      await schedule.delete();
    }
  });
});
