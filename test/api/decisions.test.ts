import { approvalStep, noop, plan } from './record.js';
import { serveApi, type ServedApi } from './served-api.js';
import { eventually } from '../support/eventually.js';
import { startWorker, type TestWorker } from './fake-activities.js';

let api: ServedApi;
let worker: TestWorker | null = null;

beforeAll(async () => {
  api = await serveApi();
  await api.record.addPipeline(
    plan('ship', [noop('first'), approvalStep('approval', ['team-lead', 'admin'], ['first'])]),
  );
  await api.record.addPipeline(
    plan('two', [
      {
        ...approvalStep('both', ['team-lead', 'admin']),
        policy: { kind: 'all', approvers: ['team-lead', 'admin'], atLeast: 1 },
      } as never,
    ]),
  );
  worker = await startWorker(api.record.db, api.taskQueue);
});
afterAll(async () => {
  await worker?.stop();
  await api.close();
});

/** A run that waits for people. */
async function openApproval(pipeline = 'ship') {
  const { body: run } = await api.post('/api/runs', { pipeline });
  const approval = await eventually(
    async () => (await api.get(`/api/approvals?status=open&run=${run.number}`)).body.items[0],
  );
  return { run, approval };
}
const decide = (
  id: string,
  decision: string,
  as: 'admin' | 'author' | 'reviewer' | 'reader',
  more: { key?: string; note?: string } = {},
) =>
  api.post(
    `/api/approvals/${id}/decision`,
    { decision, ...(more.note && { note: more.note }) },
    { as, ...(more.key && { headers: { 'idempotency-key': more.key } }) },
  );
const decisionsOf = (id: string) =>
  api.record.inTx((tx) =>
    tx.selectFrom('decisions').select(['person_id', 'verdict', 'note']).where('approval_id', '=', id).execute(),
  );

describe('an approval', () => {
  it('says what it asks for, who can give it, and whether that is you', async () => {
    const { approval, run } = await openApproval();
    expect(approval).toMatchObject({
      status: 'open',
      run: { number: run.number, pipeline: 'ship' },
      step: { id: 'approval', name: 'The approval' },
      purpose: 'step',
      requirements: [
        {
          rule: 'approval',
          why: 'the pipeline asks for it',
          kind: 'any',
          approvers: ['team-lead', 'admin'],
          atLeast: 1,
          by: [],
          missing: '1 of team-lead, admin',
          canSatisfy: expect.arrayContaining(['admin', 'reviewer']) as string[],
        },
      ],
      missing: '1 of team-lead, admin',
      refusal: null,
      change: null,
    });
    expect(approval.canDecide.map(({ handle }) => handle).sort()).toEqual(['admin', 'reviewer']);
    expect((await api.get(`/api/approvals/${approval.id}`, { as: 'author' })).body.refusal).toMatchObject({
      code: 'not-an-approver',
    });
    expect((await api.get(`/api/approvals/${approval.id}`, { as: 'reader' })).body.refusal).toMatchObject({
      code: 'role-too-low',
    });
  });

  it('is given by a person who holds the job role, with a note, and the run goes on', async () => {
    const { approval, run } = await openApproval();
    const answer = await decide(approval.id, 'approve', 'reviewer', { note: ' looks right ' });
    expect(answer.body).toEqual({ approval: approval.id, decision: 'approve', state: 'approved', missing: null });
    expect(await decisionsOf(approval.id)).toEqual([
      { person_id: api.record.people.reviewer.id, verdict: 'approve', note: 'looks right' },
    ]);
    await eventually(async () => (await api.get(`/api/runs/${run.number}`)).body.status === 'succeeded');
    expect((await api.get(`/api/approvals/${approval.id}`)).body).toMatchObject({
      status: 'approved',
      decisions: [{ by: 'reviewer', note: 'looks right' }],
    });
  });

  it('is refused: the run fails', async () => {
    const { approval, run } = await openApproval();
    expect((await decide(approval.id, 'reject', 'reviewer', { note: 'no' })).body.state).toBe('rejected');
    await eventually(async () => (await api.get(`/api/runs/${run.number}`)).body.status === 'failed');
  });

  it('stays open while others are missing', async () => {
    const { approval } = await openApproval('two');
    expect((await decide(approval.id, 'approve', 'reviewer')).body).toMatchObject({
      state: 'open',
      missing: 'all of admin',
    });
    expect((await decide(approval.id, 'approve', 'reviewer')).body).toMatchObject({
      status: 409,
      code: 'decided-already',
    });
    expect((await decide(approval.id, 'approve', 'admin')).body).toMatchObject({ state: 'approved' });
  });

  it('is not given by those whom it does not name, and the attempt is in the audit trail', async () => {
    const { approval } = await openApproval();
    const refused = await decide(approval.id, 'approve', 'author');
    expect(refused.body).toMatchObject({
      status: 403,
      code: 'not-an-approver',
      detail: expect.stringContaining('author is not among the approvers') as unknown,
    });
    const { items } = (await api.get(`/api/audit?resource=approval:${approval.id}`)).body;
    expect(items).toMatchObject([
      {
        action: 'approval.decide',
        outcome: 'denied',
        actor: { name: 'author' },
        details: { decision: 'approve', code: 'not-an-approver' },
      },
    ]);
  });

  it('cannot be decided when it is settled', async () => {
    const { approval } = await openApproval();
    await decide(approval.id, 'approve', 'reviewer');
    await eventually(async () => (await api.get(`/api/approvals/${approval.id}`)).body.status === 'approved');
    expect((await decide(approval.id, 'reject', 'admin')).body).toMatchObject({
      status: 409,
      code: 'approval-not-open',
    });
  });

  it('takes one of many decisions at once by the same person', async () => {
    const { approval } = await openApproval('two');
    const answers = await Promise.all(Array.from({ length: 6 }, () => decide(approval.id, 'approve', 'reviewer')));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ body }) => body.code === 'decided-already')).toHaveLength(5);
  });

  it('gives two people with the same Idempotency-Key a decision each', async () => {
    const { approval } = await openApproval('two');
    expect((await decide(approval.id, 'approve', 'reviewer', { key: 'k' })).body.state).toBe('open');
    expect((await decide(approval.id, 'approve', 'admin', { key: 'k' })).body.state).toBe('approved');
  });
});

describe('while no worker runs', () => {
  it('a decision is unknown, the same key repeats safely, and it counts once', async () => {
    const { approval, run } = await openApproval();
    await worker!.stop();
    worker = null;

    const sent = await decide(approval.id, 'approve', 'reviewer', { key: 'away-1' });
    expect(sent.body).toMatchObject({ status: 503, code: 'decision-unknown' });
    expect(sent.headers.get('retry-after')).toBe('1');
    const [entry] = (await api.get(`/api/audit?resource=approval:${approval.id}`)).body.items;
    expect(entry).toMatchObject({ outcome: 'unknown', details: { decision: 'approve', code: 'decision-unknown' } });
    // The same key for another decision would hide which of both counted.
    expect((await decide(approval.id, 'reject', 'reviewer', { key: 'away-1' })).body).toMatchObject({
      code: 'idempotency-key-reused',
    });

    worker = await startWorker(api.record.db, api.taskQueue);
    const answer = await eventually(async () => {
      const again = await decide(approval.id, 'approve', 'reviewer', { key: 'away-1' });
      return again.status === 200 && again;
    }, 40_000);
    expect(answer.body).toMatchObject({ decision: 'approve', state: 'approved' });
    await eventually(async () => (await api.get(`/api/runs/${run.number}`)).body.status === 'succeeded');
    expect(await decisionsOf(approval.id)).toHaveLength(1);
    expect((await decide(approval.id, 'approve', 'reviewer', { key: 'away-1' })).body).toEqual(answer.body);
  });

  it('a decision whose answer was lost with the API is told again, also when the run has ended', async () => {
    const { approval, run } = await openApproval();
    const first = await decide(approval.id, 'approve', 'reviewer', { key: 'lost-1' });
    await eventually(async () => (await api.get(`/api/runs/${run.number}`)).body.status === 'succeeded');
    await api.record.inTx((tx) =>
      tx
        .updateTable('idempotency_keys')
        .set({ status: null, body: null, claimed_until: null })
        .where('key', '=', 'lost-1')
        .execute(),
    );
    expect((await decide(approval.id, 'approve', 'reviewer', { key: 'lost-1' })).body).toEqual(first.body);
  });
});
