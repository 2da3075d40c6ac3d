import { sql } from 'kysely';
import { startEngine, type Engine, type StartedRun } from '../support/engine.js';

let engine: Engine;
beforeAll(async () => {
  const write = [{ action: 'code.implement', write: { 'new.txt': 'new\n' } }];
  engine = await startEngine({
    people: { ann: ['dba'], bob: ['dba'], kim: ['architect'] },
    agents: [
      { name: 'devon', moves: write },
      { name: 'anns', owner: 'ann', moves: write },
      { name: 'kims', owner: 'kim', moves: write },
    ],
  });
});
afterAll(() => engine.stop());

const asking = (approval: string, before = ''): string => `
name: asks
steps:${before}
  - { name: Ask, type: human-gate, ${approval} }
  - { name: After, action: flow.noop }
`;
const work = (agent: string): string => `\n  - { name: Work, agent: ${agent}, action: code.implement }`;

async function ask(approval: string, before?: string): Promise<StartedRun> {
  const run = await engine.startRun(asking(approval, before));
  await engine.asked(run, 'ask');
  return run;
}
const refusal = (code: string) => ({ cause: expect.objectContaining({ type: code }) as unknown });

describe('an approval', () => {
  it('lets the run go on when any one of the approvers approves', async () => {
    const run = await ask('approvers: [human:dba, human:team-lead]');
    expect(await engine.record.run(run.id)).toMatchObject({ status: 'waiting' });
    expect(await engine.decide(run, 'ask', 'bob')).toEqual({ kind: 'approved', by: ['bob'] });
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
    expect(await engine.record.step(run.id, 'after')).toMatchObject({ status: 'succeeded' });
    expect(await engine.record.approval(run.id, 'ask')).toMatchObject({ status: 'approved', sole_member: false });
  });

  it('of all asks each of them', async () => {
    const run = await ask('approvalPolicy: { all: [human:dba, human:lee] }');
    expect(await engine.decide(run, 'ask', 'ann')).toEqual({ kind: 'open', missing: 'all of lee' });
    expect(await engine.decide(run, 'ask', 'lee')).toEqual({ kind: 'approved', by: ['ann', 'lee'] });
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
  });

  it('that nobody else can see decided waits for as many people as it says', async () => {
    const run = await ask('approvalPolicy: { any: [human:dba, human:lee], atLeast: 2 }');
    expect(await engine.decide(run, 'ask', 'lee')).toMatchObject({ kind: 'open' });
    expect(await engine.decide(run, 'ask', 'bob')).toEqual({ kind: 'approved', by: ['lee', 'bob'] });
    await engine.finished(run);
  });

  it('is refused to who is no approver, and stays open', async () => {
    const run = await ask('approvers: [human:dba]');
    await expect(engine.decide(run, 'ask', 'maya')).rejects.toMatchObject(refusal('not-an-approver'));
    await expect(engine.decide(run, 'after', 'ann')).rejects.toMatchObject(refusal('approval-not-open'));
    expect(await engine.record.openApproval(run.id, 'ask')).toBeDefined();
    await engine.decide(run, 'ask', 'ann');
    await engine.finished(run);
    const decisions = await engine.record.inTx((tx) =>
      tx
        .selectFrom('decisions as d')
        .innerJoin('approvals as a', 'a.id', 'd.approval_id')
        .select('d.verdict')
        .where('a.run_id', '=', run.id)
        .execute(),
    );
    expect(decisions).toHaveLength(1);
  });

  it('is decided once by each person', async () => {
    const run = await ask('approvalPolicy: { all: [human:ann, human:lee] }');
    await engine.decide(run, 'ask', 'ann');
    await expect(engine.decide(run, 'ask', 'ann', 'reject')).rejects.toMatchObject(refusal('decided-already'));
    await engine.decide(run, 'ask', 'lee');
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
  });

  it('decided by two at once has one outcome, which both are told', async () => {
    const run = await ask('approvers: [human:dba]');
    const answers = await Promise.allSettled([
      engine.decide(run, 'ask', 'ann', 'approve'),
      engine.decide(run, 'ask', 'bob', 'reject'),
    ]);
    const { status } = await engine.finished(run);
    const told = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value.kind] : []));
    expect(told).toEqual([status === 'succeeded' ? 'approved' : 'rejected']);
    expect(answers.find((answer) => answer.status === 'rejected')).toMatchObject({
      reason: refusal('approval-not-open'),
    });
    const events = (await engine.record.events(run.id)).map(({ type }) => type);
    expect(events.filter((type) => type === 'approval.decided')).toHaveLength(1);
    expect(events.indexOf('approval.decided')).toBeLessThan(events.indexOf('approval.settled'));
  });

  it('decided by all at once counts every one of them', async () => {
    const run = await ask('approvalPolicy: { all: [human:ann, human:bob, human:lee] }');
    const states = await Promise.all(['ann', 'bob', 'lee'].map((handle) => engine.decide(run, 'ask', handle)));
    expect(states.map(({ kind }) => kind).sort()).toEqual(['approved', 'open', 'open']);
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
  });

  it('rejected ends the run, with the note as its reason', async () => {
    const run = await ask('approvers: [human:dba]');
    expect(await engine.decide(run, 'ask', 'ann', 'reject', 'not on a Friday')).toEqual({
      kind: 'rejected',
      by: 'ann',
      note: 'not on a Friday',
    });
    const message = 'ann rejected Ask: not on a Friday';
    expect(await engine.finished(run)).toMatchObject({ status: 'failed', error: { code: 'rejected', message } });
    expect(await engine.record.run(run.id)).toMatchObject({
      status: 'failed',
      error: { code: 'rejected', message, details: { step: 'ask' } },
    });
    expect(await engine.record.statuses(run.id)).toEqual({ ask: 'failed', after: 'skipped' });
    expect(await engine.record.approval(run.id, 'ask')).toMatchObject({ status: 'rejected' });
  });

  it('is refused to the owner of an agent that made the change, where others can give it', async () => {
    const run = await ask('approvers: [human:dba]', work('anns'));
    await expect(engine.decide(run, 'ask', 'ann')).rejects.toMatchObject(refusal('own-change'));
    expect(await engine.decide(run, 'ask', 'bob')).toMatchObject({ kind: 'approved' });
    await engine.finished(run);
  });

  it('is given by the owner where nobody else could, marked as that of a sole member', async () => {
    const run = await ask('approvers: [human:architect]', work('kims'));
    expect(await engine.decide(run, 'ask', 'kim')).toMatchObject({ kind: 'approved' });
    await engine.finished(run);
    expect(await engine.record.approval(run.id, 'ask')).toMatchObject({ sole_member: true });
    const [entry] = await engine.record.inTx((tx) =>
      tx
        .selectFrom('audit')
        .select(['action', 'details'])
        .where('action', '=', 'approval.approve')
        .orderBy('id', 'desc')
        .limit(1)
        .execute(),
    );
    expect(entry).toMatchObject({ details: { soleMember: true } });
  });

  it('that nobody could give is an error when it is asked for', async () => {
    const { id, result } = await engine.run(asking('approvers: [human:astronaut]'));
    expect(result).toMatchObject({ status: 'failed', error: { code: 'approval-impossible' } });
    expect(result.error?.message).toMatch(/Ask: nobody in this project can give this approval: .*astronaut/);
    expect(await engine.record.statuses(id)).toEqual({ ask: 'failed', after: 'skipped' });
  });

  it('as the first step starts the run in the record too', async () => {
    const run = await ask('approvers: [human:dba]');
    expect((await engine.record.run(run.id)).started_at).not.toBeNull();
    await engine.decide(run, 'ask', 'ann');
    await engine.finished(run);
    const types = (await engine.record.events(run.id)).map(({ type }) => type);
    expect(types).toEqual([
      'workflow.started',
      'approval.requested',
      'workflow.waiting',
      'approval.decided',
      'step.completed',
      'approval.settled',
      'workflow.resumed',
      'step.started',
      'step.completed',
      'workflow.completed',
    ]);
  });

  it('leaves an audit chain that verifies', async () => {
    const rows = await engine.db
      .selectFrom('audit')
      .select(['hash', 'previous_hash', sql<Buffer>`baton_audit_hash(audit)`.as('right')])
      .where('organisation_id', '=', engine.record.organisationId)
      .orderBy('id')
      .execute();
    expect(rows.length).toBeGreaterThan(10);
    rows.forEach(({ hash, right, previous_hash }, index) => {
      expect(hash.equals(right)).toBe(true);
      expect(previous_hash?.toString('hex') ?? null).toBe(rows[index - 1]?.hash.toString('hex') ?? null);
    });
  });
});
