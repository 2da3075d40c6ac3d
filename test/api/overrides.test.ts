import type { OrganisationRole } from '../../src/db/schema.js';
import { eventually } from '../support/eventually.js';
import { startWorker, type TestWorker } from './fake-activities.js';
import { approvalStep, noop, plan } from './record.js';
import { serveApi, type Body, type ServedApi } from './served-api.js';

let api: ServedApi;
let worker: TestWorker | null = null;

beforeAll(async () => {
  api = await serveApi();
  await api.record.addPipeline(plan('ship', [approvalStep('ask', ['team-lead']), noop('last', ['ask'])]));
  worker = await startWorker(api.record.db, api.taskQueue);
});
afterAll(async () => {
  await worker?.stop();
  await api.close();
});

/** A run that waits for people. */
async function waitingRun(): Promise<Body> {
  const { body: run } = await api.post('/api/runs', { pipeline: 'ship' });
  await eventually(async () => (await api.get(`/api/approvals?status=open&run=${run.number}`)).body.items[0]);
  return run;
}
const step = (run: Body, body: object, as: OrganisationRole = 'admin', key?: string) =>
  api.post(`/api/runs/${run.number}/overrides`, body, { as, ...(key && { headers: { 'idempotency-key': key } }) });
const overrides = async (run: Body) =>
  (await api.get(`/api/runs/${run.number}/overrides`, { as: 'reader' })).body.items;
const audited = async (run: Body) => (await api.get(`/api/audit?resource=run:${run.id}`)).body.items;
const status = async (run: Body) => (await api.get(`/api/runs/${run.number}`)).body.status;

describe('POST /api/runs/:id/overrides', () => {
  it('steps in, says what it did, and keeps who, why and from where', async () => {
    const run = await waitingRun();
    const made = await step(run, { kind: 'skip', step: 'ask', reason: 'Lee is away' });
    expect(made).toMatchObject({
      status: 201,
      body: { kind: 'skip', step: { id: 'ask', name: 'The ask' }, reason: 'Lee is away', by: 'admin' },
    });
    await eventually(async () => (await status(run)) === 'succeeded');
    expect(await overrides(run)).toEqual([made.body]);
    expect(await audited(run)).toMatchObject([
      {
        action: 'override.skip',
        outcome: 'success',
        actor: { name: 'admin' },
        address: expect.stringContaining('127.0.0.1') as unknown,
        details: { run: run.number, step: 'ask', reason: 'Lee is away' },
      },
      { action: 'run.create' },
    ]);
    const path = `/api/runs/${run.id}/events?type=override`;
    // Another suite's open transaction holds the stream back for a moment.
    const told = await eventually(async () => {
      const { items } = (await api.get(path, { headers: { accept: 'application/json' } })).body;
      return items.length > 0 && items;
    });
    expect(told).toMatchObject([{ briefing: `#${run.number} admin skipped The ask: Lee is away` }]);
  });

  it.each([
    ['reader', { kind: 'pause' }],
    ['reviewer', { kind: 'skip', step: 'last' }],
    ['author', { kind: 'skip', step: 'ask' }],
  ] as const)('refuses a %s who wants %j, and keeps that', async (as, body) => {
    const run = await waitingRun();
    const refused = await step(run, { ...body, reason: 'please' }, as);
    expect(refused.body).toMatchObject({ status: 403, code: 'role-too-low' });
    expect(await overrides(run)).toEqual([]);
    const { items } = (await api.get('/api/audit?action=run.override')).body;
    expect(items[0]).toMatchObject({ outcome: 'denied', actor: { name: as } });
  });

  it('pauses and resumes for a reviewer; the run says so', async () => {
    const run = await waitingRun();
    expect((await step(run, { kind: 'pause', reason: 'wait' }, 'reviewer')).status).toBe(201);
    expect((await api.get(`/api/runs/${run.number}`)).body).toMatchObject({
      paused: true,
      briefing: 'paused · reviewer paused the run: wait',
    });
    expect((await step(run, { kind: 'pause', reason: 'wait' })).body).toMatchObject({ code: 'paused-already' });
    expect((await step(run, { kind: 'resume', reason: 'go' }, 'reviewer')).status).toBe(201);
    expect((await api.get(`/api/runs/${run.number}`)).body).toMatchObject({ paused: false });
  });

  it('needs a reason, and a step that is there', async () => {
    const run = await waitingRun();
    expect((await step(run, { kind: 'pause' })).body).toMatchObject({ code: 'invalid-request' });
    expect((await step(run, { kind: 'skip', step: 'lst', reason: 'x' })).body).toMatchObject({
      status: 404,
      code: 'step-not-found',
    });
  });

  it('refuses a run that has ended, and one that waits for what blocks its task', async () => {
    const { number } = await api.record.createRun();
    await api.record.inTx((tx) =>
      tx.updateTable('runs').set({ held: true, dispatched_at: null }).where('number', '=', number).execute(),
    );
    const run = { number } as Body;
    expect((await step(run, { kind: 'pause', reason: 'x' })).body).toMatchObject({ code: 'run-not-started' });
    await api.record.inTx((tx) =>
      tx.updateTable('runs').set({ status: 'failed' }).where('number', '=', number).execute(),
    );
    expect((await step(run, { kind: 'pause', reason: 'x' })).body).toMatchObject({ status: 409, code: 'run-ended' });
  });

  it('is told again where the answer was lost with the API', async () => {
    const run = await waitingRun();
    const first = await step(run, { kind: 'skip', step: 'ask', reason: 'x' }, 'admin', 'lost-1');
    await eventually(async () => (await status(run)) === 'succeeded');
    await api.record.inTx((tx) =>
      tx
        .updateTable('idempotency_keys')
        .set({ status: null, body: null, claimed_until: null })
        .where('key', '=', 'lost-1')
        .execute(),
    );
    expect((await step(run, { kind: 'skip', step: 'ask', reason: 'x' }, 'admin', 'lost-1')).body).toEqual(first.body);
    expect(await overrides(run)).toHaveLength(1);
  });
});

it('while no worker runs an override is unknown, the same key repeats safely, and it counts once', async () => {
  const run = await waitingRun();
  await worker!.stop();
  worker = null;
  const skip = () => step(run, { kind: 'skip', step: 'ask', reason: 'x' }, 'admin', 'away-1');
  expect((await skip()).body).toMatchObject({ status: 503, code: 'decision-unknown' });
  worker = await startWorker(api.record.db, api.taskQueue);
  const answer = await eventually(async () => {
    const again = await skip();
    return again.status === 201 && again;
  }, 40_000);
  expect(answer.body).toMatchObject({ kind: 'skip' });
  await eventually(async () => (await status(run)) === 'succeeded');
  expect((await audited(run)).filter(({ outcome }) => outcome === 'success')).toHaveLength(2);
});
