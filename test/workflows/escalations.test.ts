import { saveChannel } from '../../src/db/channels.js';
import { clearEscalation, openEscalation } from '../../src/db/escalations.js';
import type { EscalationCause, EscalationFacts } from '../../src/domain/escalation.js';
import { parseEscalationPath } from '../../src/schema/escalation.js';
import { httpFake } from '../support/http-fake.js';
import { startEngine, type Engine } from '../support/engine.js';
import { eventually } from '../support/eventually.js';

const HOUR_MS = 3600_000;
const DAY_MS = 24 * HOUR_MS;

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({
    environment: { BATON_CHANNEL_PAGER: 'a'.repeat(32) },
    agents: [{ name: 'devon', roles: ['developer'], script: `write(request.params.file, 'x'); done();` }],
  });
});
afterEach(() => engine.unhook());
afterAll(() => engine.stop());

const inTx: Engine['record']['inTx'] = (work) => engine.record.inTx(work);
const escalationOf = (subject: string) =>
  inTx((tx) => tx.selectFrom('escalations').selectAll().where('subject', '=', subject).executeTakeFirstOrThrow());
const open = (
  cause: EscalationCause,
  subject: string,
  agoMs: number,
  facts: EscalationFacts = {},
  runId: string | null = null,
) =>
  inTx((tx) =>
    openEscalation(tx, {
      organisationId: engine.record.organisationId,
      projectId: engine.projectId,
      cause,
      subject,
      title: `The ${subject}`,
      since: new Date(Date.now() - agoMs),
      runId,
      facts,
    }),
  );
const workflowOf = async (subject: string) =>
  engine.temporal.workflow.getHandle(`escalation/${(await escalationOf(subject)).id}`);
/** How the escalation's workflow ended, its timers being over already. */
const walked = async (subject: string): Promise<unknown> => {
  await engine.dispatchEscalations();
  return (await workflowOf(subject)).result();
};
const noticesOf = async (subject: string) => {
  const { id } = await escalationOf(subject);
  const keys = `escalation/${id}/%`;
  return inTx((tx) =>
    tx
      .selectFrom('notices')
      .select(['channel', 'title', 'urgent', 'status', 'error'])
      .where('key', 'like', keys)
      .orderBy('key')
      .execute(),
  );
};
const statusOf = async (name: string) =>
  (await inTx((tx) => tx.selectFrom('agents').select('status').where('name', '=', name).executeTakeFirstOrThrow()))
    .status;
const setStatus = (name: string, status: 'idle' | 'paused') =>
  inTx((tx) => tx.updateTable('agents').set({ status }).where('name', '=', name).execute());
const audited = async (action: string) =>
  inTx((tx) => tx.selectFrom('audit').select(['resource', 'details']).where('action', '=', action).execute());

const propose = (name: string) => `
name: ${name}
steps:
  - { name: Branch, action: git.createBranch, params: { branch: ${name} } }
  - { name: Work, agent: devon, action: code.implement, params: { file: ${name}.txt } }
  - { name: Propose, action: github.createPR, params: { title: 'feat: ${name}' } }
  - { name: Ask, type: human-gate, approvers: [human:lee] }
  - { name: Merge, action: github.merge }
`;
const pullRequestOf = (runId: string) =>
  inTx((tx) => tx.selectFrom('pull_requests').selectAll().where('run_id', '=', runId).executeTakeFirstOrThrow());

describe('a blocked agent', () => {
  it('is told of level by level, one message each, however often a level is tried', async () => {
    engine.hooks.escalate = async (request, real) => {
      await real(request);
      return real(request);
    };
    await open('agent-blocked', 'question:1', 2 * HOUR_MS, { reason: 'Nobody answers.' });
    expect(await walked('question:1')).toBe('ended');
    expect(await noticesOf('question:1')).toMatchObject([
      { channel: '#agent-ops', title: 'The question:1 has been blocked for 15 min', urgent: false },
      { channel: 'pager-on-call', title: 'The question:1 has been blocked for 45 min', urgent: true },
      { channel: 'pager-engineering-lead', title: 'The question:1 has been blocked for 1 h 15 min', urgent: true },
    ]);
    expect(await escalationOf('question:1')).toMatchObject({
      status: 'ended',
      levels: [
        { level: 0, did: ['told #agent-ops'] },
        { level: 1, did: ['told pager-on-call'] },
        { level: 2, did: ['told pager-engineering-lead'] },
      ],
    });
    const events = await inTx((tx) =>
      tx.selectFrom('events').select('briefing').where('type', '=', 'escalation.raised').execute(),
    );
    expect(events).toHaveLength(3);
    // Nobody made these channels: the messages are dead letters, which people see.
    await engine.dispatchNotices();
    const [first] = await eventually(async () => {
      const all = await noticesOf('question:1');
      return all.every(({ status }) => status === 'failed') && all;
    });
    expect(first!.error).toMatchObject({ code: 'channel-not-found' });
  });

  it('has one open escalation; that ends when its cause does, and then another may begin', async () => {
    await open('agent-blocked', 'question:2', 0);
    await open('agent-blocked', 'question:2', HOUR_MS);
    await engine.dispatchEscalations();
    const handle = await workflowOf('question:2');
    expect((await handle.describe()).status.name).toBe('RUNNING');
    await inTx((tx) => clearEscalation(tx, 'agent-blocked', 'question:2'));
    await engine.dispatchEscalations();
    expect(await handle.result()).toBe('cleared');
    expect(await escalationOf('question:2')).toMatchObject({ status: 'cleared', levels: [] });
    expect(await noticesOf('question:2')).toEqual([]);
    await open('agent-blocked', 'question:2', 0);
    await inTx((tx) => clearEscalation(tx, 'agent-blocked', 'question:2'));
  });

  it('is nobody’s trouble where the cause is gone before the path began, nor after a crash on the way', async () => {
    await open('agent-blocked', 'question:3', 2 * HOUR_MS);
    await inTx((tx) => clearEscalation(tx, 'agent-blocked', 'question:3'));
    await engine.dispatchEscalations();
    await expect((await workflowOf('question:3')).describe()).rejects.toMatchObject({ name: 'WorkflowNotFoundError' });
    // A start that was under way when the cause went.
    const { id } = await escalationOf('question:3');
    const ref = { organisationId: engine.record.organisationId, escalationId: id, sinceMs: 0 };
    const late = { workflowId: `escalation/${id}`, taskQueue: engine.taskQueue, args: [ref] as [object] };
    expect(await engine.temporal.workflow.execute('escalation', late)).toBe('cleared');
    expect(await noticesOf('question:3')).toEqual([]);
  });
});

describe('who was paged', () => {
  it('is told when it is over; what was not sent yet is not sent', async () => {
    const accepted = { status: 202, body: { status: 'success', message: 'Event processed', dedup_key: 'x' } };
    const pager = await httpFake(({ method, path }) =>
      method === 'POST' && path === '/v2/enqueue' ? accepted : { status: 404 },
    );
    const channel = { kind: 'pager' as const, secretEnv: 'BATON_CHANNEL_PAGER', quietHours: null };
    await inTx(async (tx) => {
      for (const [name, severity] of [
        ['pager-on-call', 'critical'],
        ['pager-engineering-lead', 'error'],
      ] as const)
        await saveChannel(tx, engine.record.organisationId, {
          ...channel,
          name,
          settings: { apiUrl: pager.url, severity },
        });
    });
    await open('agent-blocked', 'question:4', 2 * HOUR_MS);
    await walked('question:4');
    const paged = async () => (await noticesOf('question:4')).filter(({ channel: to }) => to.startsWith('pager'));
    // One of both goes out before it is over.
    await inTx((tx) =>
      tx
        .updateTable('notices')
        .set({ dispatched_at: new Date() })
        .where('channel', '=', 'pager-engineering-lead')
        .where('status', '=', 'pending')
        .execute(),
    );
    await engine.dispatchNotices();
    await eventually(async () => (await paged())[0]!.status === 'sent');
    // The path was at its end: with its cause it is over all the same.
    await inTx((tx) => clearEscalation(tx, 'agent-blocked', 'question:4'));
    expect(await escalationOf('question:4')).toMatchObject({ status: 'cleared' });
    expect((await paged()).map(({ status, error }) => [status, error?.code])).toEqual([
      ['sent', undefined],
      ['failed', 'cause-gone'],
    ]);
    await engine.dispatchNotices();
    const sent = await eventually(
      () => pager.heard.length === 3 && pager.heard.map(({ body }) => JSON.parse(body) as Sent),
    );
    const [trigger, ...over] = sent as [Sent, ...Sent[]];
    expect(trigger.event_action).toBe('trigger');
    expect(over.map(({ event_action: action }) => action)).toEqual(['resolve', 'resolve']);
    expect(over.map(({ dedup_key: key }) => key)).toContain(trigger.dedup_key);
    await pager.close();
  });
});

interface Sent {
  readonly event_action: string;
  readonly dedup_key: string;
}

describe('a pull request that nobody decides', () => {
  it('is told of to its author and the lead, and closed; what is closed is not merged', async () => {
    const run = await engine.startRun(propose('stale'));
    await engine.asked(run, 'ask');
    const { id, number } = await pullRequestOf(run.id);
    const subject = `pull-request:${id}`;
    expect(await escalationOf(subject)).toMatchObject({ cause: 'pr-stale', status: 'open', run_id: run.id });
    await inTx((tx) =>
      tx
        .updateTable('escalations')
        .set({ since: new Date(Date.now() - 9 * DAY_MS) })
        .where('subject', '=', subject)
        .execute(),
    );
    await walked(subject);
    expect(await noticesOf(subject)).toMatchObject([
      { channel: '@maya', title: `Pull request #${number} feat: stale has waited for a decision for 1 d` },
      { channel: 'mail-lead', title: `Pull request #${number} feat: stale has waited for a decision for 3 d` },
    ]);
    expect(await pullRequestOf(run.id)).toMatchObject({ state: 'closed' });
    expect(await escalationOf(subject)).toMatchObject({ status: 'cleared' });
    expect(await audited('pull-request.close')).toEqual([
      { resource: `pull-request:demo#${number}`, details: { why: 'nobody decided it for 8 d' } },
    ]);
    await engine.decide(run, 'ask', 'lee');
    expect(await engine.finished(run)).toMatchObject({ status: 'failed', error: { code: 'pull-request-closed' } });
  });

  it('is over when it is rejected', async () => {
    const run = await engine.startRun(propose('rejected'));
    await engine.asked(run, 'ask');
    const subject = `pull-request:${(await pullRequestOf(run.id)).id}`;
    await engine.decide(run, 'ask', 'lee', 'reject', 'no');
    expect(await engine.finished(run)).toMatchObject({ status: 'failed' });
    expect(await escalationOf(subject)).toMatchObject({ status: 'cleared', levels: [] });
  });

  it('is over when it is merged', async () => {
    const run = await engine.startRun(propose('decided'));
    await engine.asked(run, 'ask');
    const subject = `pull-request:${(await pullRequestOf(run.id)).id}`;
    await engine.dispatchEscalations();
    await engine.decide(run, 'ask', 'lee');
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
    await engine.dispatchEscalations();
    expect(await (await workflowOf(subject)).result()).toBe('cleared');
    expect(await noticesOf(subject)).toEqual([]);
  });
});

describe('a conflict that nobody resolves', () => {
  it('pauses both agents: they get no new step', async () => {
    await engine.addAgent({ name: 'iris', roles: ['developer'], script: 'done();' });
    const agents = await inTx((tx) =>
      tx.selectFrom('agents').select('id').where('name', 'in', ['devon', 'iris']).execute(),
    );
    await open('conflict-unresolved', 'conflict:1', 2 * HOUR_MS, {
      agents: agents.map(({ id }) => id),
      reason: 'a.txt',
    });
    expect(await walked('conflict:1')).toBe('ended');
    expect((await escalationOf('conflict:1')).levels.map(({ did }) => did)).toEqual([
      ['told #agent-ops'],
      ['paused devon and iris'],
      ['told pager-tech-lead'],
    ]);
    expect((await audited('agent.pause')).map(({ resource }) => resource)).toEqual(['agent:devon', 'agent:iris']);
    const run = await engine.run(propose('paused'));
    expect(run.result).toMatchObject({ status: 'failed', error: { code: 'no-agent' } });
    await setStatus('devon', 'idle');
  });

  it('leaves an agent at its work, and paused after it', async () => {
    engine.hooks.runAttempt = async (request, real) => {
      await setStatus('devon', 'paused');
      return real(request);
    };
    const run = await engine.startRun(propose('at-work'));
    await engine.asked(run, 'ask');
    expect(await statusOf('devon')).toBe('paused');
    await run.handle.cancel();
    await engine.finished(run);
    await setStatus('devon', 'idle');
  });
});

describe('a path that raises priorities', () => {
  it('raises run and task by one, once', async () => {
    const path = parseEscalationPath(
      'cause: agent-blocked\nafter: 0m\nlevels: [{ at: 0m, actions: [raise-priority] }]',
      'x',
    );
    engine.hooks.beginEscalation = () => Promise.resolve(path);
    engine.hooks.escalate = async (request, real) => {
      await real(request);
      return real(request);
    };
    const run = await engine.run('name: first\nsteps:\n  - { name: One, action: flow.noop }\n', { issue: {} });
    const { task_id: taskId } = await engine.record.run(run.id);
    await open('agent-blocked', 'raise', HOUR_MS, { taskId: taskId! }, run.id);
    expect(await walked('raise')).toBe('ended');
    const task = await inTx((tx) =>
      tx.selectFrom('tasks').select('priority').where('id', '=', taskId!).executeTakeFirstOrThrow(),
    );
    expect([(await engine.record.run(run.id)).priority, task.priority]).toEqual(['P1', 'P1']);
    expect((await escalationOf('raise')).levels[0]!.did).toEqual(['raised the run to P1 and raised the task to P1']);
  });
});
