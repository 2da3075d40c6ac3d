import { insertApproval } from '../../src/db/approvals.js';
import { closeOpenEnds } from '../../src/db/close-run.js';
import { openEscalation } from '../../src/db/escalations.js';
import { insertQuestion, questionSubject, settleAgent } from '../../src/db/questions.js';
import { asks } from '../support/requirement.js';
import { approvalStep, createRecord, noop, plan, type TestRecord } from '../api/record.js';

let record: TestRecord;
beforeAll(async () => {
  record = await createRecord();
});
afterAll(() => record.close());

const facts = (runId: string) =>
  record.inTx((tx) =>
    tx
      .selectFrom('events')
      .select(['key', 'type', 'briefing', 'payload', 'actor'])
      .where('run_id', '=', runId)
      .orderBy('id')
      .execute(),
  );

describe('what a run leaves open', () => {
  it('is ended with an event for each step, item and approval, in the order of the plan, once', async () => {
    const steps = [noop('done'), noop('each', ['done']), approvalStep('ask', ['team-lead'], ['each'])];
    const { id, number } = await record.createRun({ plan: plan('open', steps) });
    const actor = { kind: 'person', id: record.people.admin.id, name: 'admin' } as const;
    await record.inTx(async (tx) => {
      const own = { organisation_id: record.organisationId, run_id: id };
      await tx
        .updateTable('steps')
        .set({ status: 'succeeded' })
        .where('run_id', '=', id)
        .where('step', '=', 'done')
        .execute();
      const item = { ...own, step: 'each', position: 1, name: 'each', kind: 'action' };
      await tx
        .insertInto('steps')
        .values([
          { ...item, item: 0, status: 'failed' },
          { ...item, item: 1, status: 'running' },
        ])
        .execute();
      await insertApproval(tx, {
        organisationId: record.organisationId,
        runId: id,
        step: 'ask',
        purpose: 'step',
        risk: null,
        requirements: [asks(['team-lead'])],
        excluded: [],
        soleMember: false,
        change: null,
        expiresAt: new Date(Date.now() + 60_000),
      });
    });
    await record.inTx((tx) => closeOpenEnds(tx, id, 'cancelled', actor));
    await record.inTx((tx) => closeOpenEnds(tx, id, 'skipped'));

    const events = await facts(id);
    expect(events.map(({ key, type, briefing, payload }) => [key, type, briefing, payload])).toEqual([
      [
        `${id}/each/1/cancelled`,
        'step.cancelled',
        `#${number} each (2): cancelled`,
        { step: 'each', item: 1, status: 'cancelled' },
      ],
      [`${id}/each/cancelled`, 'step.cancelled', `#${number} each: cancelled`, { step: 'each', status: 'cancelled' }],
      [
        `${id}/ask/approval.settled`,
        'approval.settled',
        `#${number} The ask: cancelled`,
        { step: 'ask', outcome: 'cancelled' },
      ],
      [`${id}/ask/cancelled`, 'step.cancelled', `#${number} The ask: cancelled`, { step: 'ask', status: 'cancelled' }],
    ]);
    expect(events.every(({ actor: by }) => by.id === actor.id)).toBe(true);
    const left = await record.inTx((tx) =>
      tx
        .selectFrom('steps')
        .select(['step', 'item', 'status'])
        .where('run_id', '=', id)
        .orderBy('position')
        .orderBy('item')
        .execute(),
    );
    expect(left.map(({ step, item, status }) => `${step}/${item ?? ''} ${status}`)).toEqual([
      'done/ succeeded',
      'each/0 failed',
      'each/1 cancelled',
      'each/ cancelled',
      'ask/ cancelled',
    ]);
  });

  it('asks nobody any more, and nobody is told of it', async () => {
    const { id } = await record.createRun({ plan: plan('asks', [noop('work')]) });
    const { organisationId } = record;
    const questionId = '00000000-0000-4000-8000-000000000001';
    const statuses = () =>
      record.inTx(async (tx) => [
        ...(await tx.selectFrom('questions').select('status').where('id', '=', questionId).execute()),
        ...(await tx.selectFrom('escalations').select('status').where('run_id', '=', id).execute()),
        ...(await tx.selectFrom('agents').select('status').where('name', '=', 'devon').execute()),
      ]);
    await record.inTx(async (tx) => {
      const agent = await tx
        .insertInto('agents')
        .values({
          organisation_id: organisationId,
          project_id: record.projectId,
          name: 'devon',
          type: 'custom',
          kind: 'SCRIPT',
          adapter: 'command',
          roles: [],
          entry: '{}',
          risk_level: 'AUTO',
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      await insertQuestion(tx, {
        id: questionId,
        organisationId,
        runId: id,
        step: 'work',
        item: null,
        attempt: 1,
        agentId: agent.id,
        askedBy: 'agent',
        workflowId: 'nowhere',
        answerers: ['admin'],
        expiresAt: new Date(Date.now() + 60_000),
        text: 'Well?',
        options: [],
        recommended: null,
        freeText: true,
      });
      await openEscalation(tx, {
        organisationId,
        projectId: record.projectId,
        cause: 'agent-blocked',
        subject: questionSubject(questionId),
        title: 'devon',
        since: new Date(),
        runId: id,
        facts: {},
      });
      await settleAgent(tx, agent.id);
    });
    expect(await statuses()).toEqual([{ status: 'open' }, { status: 'open' }, { status: 'waiting-for-input' }]);
    await record.inTx((tx) => closeOpenEnds(tx, id, 'cancelled'));
    expect(await statuses()).toEqual([{ status: 'cancelled' }, { status: 'cleared' }, { status: 'idle' }]);
    expect((await facts(id)).map(({ key }) => key)).toEqual([
      `${id}/work/question/${questionId}/cancelled`,
      `${id}/work/cancelled`,
    ]);
  });
});
