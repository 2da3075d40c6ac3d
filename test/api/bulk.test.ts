import { randomUUID } from 'node:crypto';
import { eventually } from '../support/eventually.js';
import { startWorker, type TestWorker } from './fake-activities.js';
import { approvalStep, noop, plan } from './record.js';
import { serveApi, type Answered, type Body, type ServedApi } from './served-api.js';

let api: ServedApi;
let worker: TestWorker;
let runs: Body[];
beforeAll(async () => {
  api = await serveApi();
  await api.record.addPipeline(plan('ship', [noop('first'), approvalStep('ask', ['team-lead', 'admin'], ['first'])]));
  await api.record.addPipeline(plan('other', [approvalStep('ask', ['team-lead'])]));
  worker = await startWorker(api.record.db, api.taskQueue);
  runs = [];
  for (const pipeline of ['ship', 'ship', 'other']) {
    const { body } = await api.post('/api/runs', { pipeline });
    runs.push(body);
    await eventually(async () => (await api.get(`/api/approvals?status=open&run=${body.number}`)).body.items[0]);
  }
});
afterAll(async () => {
  await worker.stop();
  await api.close();
});

interface Touched {
  readonly id: string;
  readonly number: number;
  readonly from: string | null;
  readonly outcome: string;
  readonly rerun: number | null;
  readonly refusal: { readonly code: string } | null;
}
const touched = ({ body }: Answered) => body.runs as unknown as readonly Touched[];
const preview = async (query: string) => touched(await api.get(`/api/bulk?${query}`, { as: 'reader' }));
const act = (action: string, of: readonly string[], as: 'admin' | 'reviewer' = 'admin', key: string = randomUUID()) =>
  api.post(
    '/api/bulk',
    { action, runs: of, reason: 'the release is off' },
    { as, headers: { 'idempotency-key': key } },
  );
const ships = () => runs.slice(0, 2).map(({ id }) => id);
const audited = async (action: string) => (await api.get(`/api/audit?action=${action}`)).body.items;

describe('an act on many runs', () => {
  it('shows what it will touch, touches what it is told and nothing else, and keeps each with its reason', async () => {
    const shown = await preview('action=pause&pipeline=ship');
    expect(shown.map(({ id, refusal }) => [id, refusal])).toEqual(
      ships()
        .toReversed()
        .map((id) => [id, null]),
    );
    const done = await act('pause', ships(), 'reviewer');
    expect(touched(done)).toEqual(ships().map((id) => ({ id, outcome: 'done', rerun: null, refusal: null })));
    const paused = async () =>
      (await api.get('/api/runs')).body.items.map((run) => [
        run.number,
        (run as unknown as { paused: boolean }).paused,
      ]);
    expect(Object.fromEntries(await paused())).toMatchObject({
      [runs[0]!.number]: true,
      [runs[1]!.number]: true,
      [runs[2]!.number]: false,
    });
    expect(await audited('override.pause')).toMatchObject([
      { details: { reason: 'the release is off' } },
      { details: { reason: 'the release is off' } },
    ]);
    expect((await preview('action=pause&pipeline=ship')).map(({ refusal }) => refusal?.code)).toEqual([
      'paused-already',
      'paused-already',
    ]);
  });

  it('counts once by its key, and what one run refuses does not hold up the others', async () => {
    const key = randomUUID();
    const [first] = ships();
    expect((await act('resume', [first!], 'admin', key)).status).toBe(200);
    expect((await act('resume', [first!], 'admin', key)).status).toBe(200);
    expect(await audited('override.resume')).toHaveLength(1);
    const outcomes = touched(await act('resume', [...ships(), randomUUID()]));
    expect(outcomes.map(({ outcome, refusal }) => [outcome, refusal?.code])).toEqual([
      ['refused', 'not-paused'],
      ['done', undefined],
      ['refused', 'run-not-found'],
    ]);
  });

  it('cancels, and reruns what was cancelled from where it was, for those who may', async () => {
    expect(touched(await act('cancel', ships(), 'reviewer')).map(({ refusal }) => refusal?.code)).toEqual([
      'role-too-low',
      'role-too-low',
    ]);
    expect(touched(await act('cancel', ships())).map(({ outcome }) => outcome)).toEqual(['done', 'done']);
    await eventually(async () => (await api.get('/api/runs?pipeline=ship&status=cancelled')).body.items.length === 2);
    expect((await preview('action=rerun&pipeline=ship')).map(({ from, refusal }) => [from, refusal])).toEqual([
      ['first', null],
      ['first', null],
    ]);
    const key = randomUUID();
    const again = touched(await act('rerun', ships(), 'admin', key));
    expect(again.map(({ outcome }) => outcome)).toEqual(['done', 'done']);
    expect(touched(await act('rerun', ships(), 'admin', key))).toEqual(again);
    expect((await api.get('/api/runs?pipeline=ship')).body.items).toHaveLength(4);
    expect(touched(await act('rerun', [runs[2]!.id])).map(({ refusal }) => refusal?.code)).toEqual(['run-still-open']);
    expect(await audited('run.rerun')).toMatchObject([{ details: { from: 'first' } }, { details: { from: 'first' } }]);
  });

  it.each([
    ['/api/bulk?pipeline=ship', undefined],
    ['/api/bulk?action=explode', undefined],
    ['/api/bulk', { action: 'pause', runs: [], reason: 'x' }],
    ['/api/bulk', { action: 'pause', runs: ['1'], reason: 'x' }],
    ['/api/bulk', { action: 'pause', runs: [randomUUID()] }],
  ])('is refused where it does not say what, which or why: %s %j', async (path, body) => {
    expect((body ? await api.post(path, body) : await api.get(path)).status).toBe(400);
  });

  it('is unknown while no worker answers; the same key does what is left', async () => {
    await worker.stop();
    const { id } = runs[2]!;
    const key = randomUUID();
    expect(await act('pause', [id], 'admin', key)).toMatchObject({ status: 503, body: { code: 'decision-unknown' } });
    worker = await startWorker(api.record.db, api.taskQueue);
    expect(touched(await act('pause', [id], 'admin', key))).toMatchObject([{ id, outcome: 'done' }]);
    expect((await audited('override.pause')).filter(({ outcome }) => outcome === 'success')).toHaveLength(3);
  });
});
