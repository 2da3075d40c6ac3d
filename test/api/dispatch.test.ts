import { Client, Connection } from '@temporalio/client';
import { dispatchRuns } from '../../src/api/dispatch.js';
import { noop, plan } from './record.js';
import { eventually } from '../support/eventually.js';
import { serveApi, type ServedApi } from './served-api.js';

let api: ServedApi;

beforeAll(async () => {
  api = await serveApi({ dispatcher: { wake: () => undefined } });
});
afterAll(() => api.close());

const isDispatched = (id: string) =>
  api.record.inTx(
    async (tx) =>
      (await tx.selectFrom('runs').select('dispatched_at').where('id', '=', id).executeTakeFirstOrThrow())
        .dispatched_at !== null,
  );
const run = (name: string) => api.record.createRun({ plan: plan(name, [noop('one')]), dispatched: false });

describe('dispatchRuns', () => {
  it('starts what a crash has left between the row and the workflow', async () => {
    const { id, number } = await run('left');
    await dispatchRuns(api.deps);
    expect(await isDispatched(id)).toBe(true);
    const { body } = await api.get(`/api/runs/${number}`);
    expect((await api.temporal.workflow.getHandle(body.workflowId).describe()).status.name).toBe('RUNNING');
  });

  it('starts it once, however many try, and also where the crash came after the start', async () => {
    const { id, number } = await run('raced');
    await Promise.all(Array.from({ length: 5 }, () => dispatchRuns(api.deps)));
    const { body } = await api.get(`/api/runs/${number}`);
    const { runId } = await api.temporal.workflow.getHandle(body.workflowId).describe();
    await api.record.inTx((tx) => tx.updateTable('runs').set({ dispatched_at: null }).where('id', '=', id).execute());
    await dispatchRuns(api.deps);
    expect(await isDispatched(id)).toBe(true);
    expect((await api.temporal.workflow.getHandle(body.workflowId).describe()).runId).toBe(runId);
  });

  it('fails a run whose workflow id is another database’s, instead of taking that run for its own', async () => {
    const { id, number } = await run('taken');
    const { body } = await api.get(`/api/runs/${number}`);
    await api.temporal.workflow.start('run', { workflowId: body.workflowId, taskQueue: api.taskQueue, args: [] });
    await dispatchRuns(api.deps);
    expect((await api.get(`/api/runs/${id}`)).body).toMatchObject({
      status: 'failed',
      error: { code: 'workflow-id-taken' },
    });
  });

  it('fails a run that cannot be started, with its reason, and starts the others', async () => {
    const calls = { ...noop('call'), kind: 'pipeline' as const, pipeline: 'nowhere' };
    const broken = await api.record.createRun({ plan: plan('broken', [calls]), dispatched: false });
    const unreadable = await run('unreadable');
    await api.record.inTx((tx) =>
      tx.updateTable('runs').set({ pipeline_version: 99 }).where('id', '=', unreadable.id).execute(),
    );
    const fine = await run('fine');
    await dispatchRuns(api.deps);
    expect(await isDispatched(fine.id)).toBe(true);
    const { items } = (await api.get('/api/runs?status=failed&limit=2')).body;
    expect(items).toMatchObject([
      { number: unreadable.number, error: { code: 'start-failed' } },
      {
        number: broken.number,
        error: { code: 'pipeline-not-active' },
        briefing: expect.stringContaining('could not be started') as unknown,
      },
    ]);
    // Another suite's open transaction holds the stream back for a moment.
    for (const type of ['workflow.failed', 'step.skipped'])
      await eventually(async () => {
        const { body } = await api.get(`/api/events?type=${type}`, { headers: { accept: 'application/json' } });
        const runs = body.items.map(({ run: of }) => of);
        return runs.includes(broken.id) && runs.includes(unreadable.id);
      });
  });

  it('leaves runs where they are while Temporal is away, and starts them later', async () => {
    const { id } = await run('waiting');
    const connection = Connection.lazy({ address: '127.0.0.1:1' });
    await expect(dispatchRuns({ ...api.deps, temporal: new Client({ connection }) })).rejects.toThrow();
    await connection.close();
    expect(await isDispatched(id)).toBe(false);
    await dispatchRuns(api.deps);
    expect(await isDispatched(id)).toBe(true);
  }, 30_000);
});
