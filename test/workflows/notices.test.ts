import { saveChannel } from '../../src/db/channels.js';
import { createNotice, resendNotice } from '../../src/db/notices.js';
import { startEngine, type Engine } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { SLACK_TOKEN, slackFake, type SlackFake } from '../support/slack-fake.js';

let slack: SlackFake;
let engine: Engine;

beforeAll(async () => {
  slack = await slackFake();
  engine = await startEngine({
    environment: { BATON_CHANNEL_SLACK: SLACK_TOKEN, BATON_CHANNEL_WRONG: 'xoxb-not-this-one' },
  });
  const settings = { apiUrl: `${slack.url}/api` };
  const channel = { kind: 'slack' as const, settings, secretEnv: 'BATON_CHANNEL_SLACK', quietHours: null };
  await engine.record.inTx(async (tx) => {
    const save = (name: string, secretEnv = channel.secretEnv) =>
      saveChannel(tx, engine.record.organisationId, { ...channel, name, secretEnv });
    await save('#security');
    await save('#wrong', 'BATON_CHANNEL_WRONG');
    await save('#unset', 'BATON_CHANNEL_UNSET');
  });
});
afterEach(() => {
  slack.answer(slack.accept);
  engine.unhook();
});
afterAll(async () => {
  await engine.stop();
  await slack.close();
});

const notices = () => engine.record.inTx((tx) => tx.selectFrom('notices').selectAll().orderBy('created_at').execute());
const noticeOf = async (id: string) => (await notices()).find((notice) => notice.id === id)!;

/** The notice once it is sent or given up. */
const settled = async (id: string) => {
  await engine.dispatchNotices();
  return eventually(async () => {
    const notice = await noticeOf(id);
    return notice.status === 'pending' ? null : notice;
  });
};

const write = (channel: string, key: string) =>
  engine.record.inTx((tx) =>
    createNotice(tx, {
      organisationId: engine.record.organisationId,
      key,
      channel,
      event: 'test',
      runId: null,
      urgent: false,
      title: key,
      text: '',
      data: {},
    }),
  );
const textsOf = (key: string) => slack.posted.filter(({ text }) => text === `*${key}*`);

const tell = (name: string, channel: string, more = '') => `
name: ${name}
steps:
  - name: Tell
    action: notify.slack
    params: { channel: '${channel}', title: 'Audit of {{ repository.name }}', message: 'It is done.'${more} }
  - { name: After, action: flow.noop, params: { notice: '{{ nodes.tell.output.notice }}', channel: '{{ nodes.tell.output.channel }}' } }
`;

describe('notify.slack', () => {
  it('brings a message to its channel, once, and gives the notice', async () => {
    const run = await engine.run(tell('told', '#security'));
    expect(run.result).toMatchObject({ status: 'succeeded', error: null });
    const { input } = await engine.record.step(run.id, 'after');
    const { notice, channel } = input as { notice: string; channel: string };
    expect(channel).toBe('#security');
    expect(await settled(notice)).toMatchObject({
      status: 'sent',
      attempts: 1,
      error: null,
      run_id: run.id,
      remote_id: expect.stringMatching(/^17/) as string,
    });
    const posted = slack.posted.filter(({ metadata }) => metadata.event_payload['id'] === notice);
    expect(posted).toMatchObject([{ channel: '#security', text: '*Audit of demo*\nIt is done.' }]);
  });

  it('does not wait for its channel, nor fail with it', async () => {
    slack.answer(() => ({ status: 403, body: 'no' }));
    const run = await engine.run(tell('unheard', '#security'));
    expect(run.result).toMatchObject({ status: 'succeeded', error: null });
    const notice = (await notices()).find(({ run_id }) => run_id === run.id)!;
    expect(await settled(notice.id)).toMatchObject({ status: 'failed', error: { code: 'channel-refused' } });
    expect(await engine.record.run(run.id)).toMatchObject({ status: 'succeeded' });
    const events = await engine.record.inTx((tx) =>
      tx.selectFrom('events').select(['type', 'briefing']).where('run_id', '=', run.id).execute(),
    );
    expect(events).toContainEqual({
      type: 'notice.failed',
      briefing: 'Audit of demo did not reach #security: The channel answered 403: no.',
    });
  });

  it('does not fail where there is no such channel: its notice is a dead letter, with what may have been meant', async () => {
    const run = await engine.run(tell('mistyped', '#securty'));
    expect(run.result).toMatchObject({ status: 'succeeded', error: null });
    const notice = (await notices()).find(({ run_id }) => run_id === run.id)!;
    expect(await settled(notice.id)).toMatchObject({
      status: 'failed',
      error: {
        code: 'channel-not-found',
        message: expect.stringContaining('There is no channel #securty. Did you mean #security?') as string,
      },
    });
  });

  it('goes to no mailbox', async () => {
    const mail = { host: '127.0.0.1', port: 25, encryption: 'none', from: 'a@example.org', to: ['b@example.org'] };
    await engine.record.inTx((tx) =>
      saveChannel(tx, engine.record.organisationId, {
        name: 'team-mail',
        kind: 'mail',
        settings: mail,
        secretEnv: null,
        quietHours: null,
      }),
    );
    const run = await engine.run(tell('mailed', 'team-mail'));
    expect(run.result).toMatchObject({ status: 'failed', error: { code: 'channel-kind' } });
  });
});

describe('a notice', () => {
  it('is one for its key', async () => {
    const [first, second] = [await write('#security', 'one cause'), await write('#security', 'one cause')];
    expect(second).toBe(first);
    await settled(first);
    expect(textsOf('one cause')).toHaveLength(1);
  });

  it('is tried again where the channel is busy, when the channel says', async () => {
    let asked = 0;
    slack.answer((heard) =>
      ++asked === 1 ? { status: 429, headers: { 'retry-after': '0' }, body: { ok: false } } : slack.accept(heard),
    );
    const id = await write('#security', 'busy');
    expect(await settled(id)).toMatchObject({ status: 'sent', attempts: 2, error: null });
  });

  it('is sent again with the same mark where the worker dies before it can say so, and not where it could', async () => {
    let lost = 2;
    engine.hooks.sendNotice = async (ref, real) => {
      await real(ref);
      lost -= 1;
      if (lost === 1)
        await engine.record.inTx((tx) =>
          tx.updateTable('notices').set({ status: 'pending' }).where('id', '=', ref.noticeId).execute(),
        );
      if (lost >= 0) throw new Error('Connection terminated');
    };
    const id = await write('#security', 'cut off');
    await engine.dispatchNotices();
    await engine.temporal.workflow.getHandle(`notice/${id}`).result();
    const marks = textsOf('cut off').map(({ metadata }) => metadata.event_payload['id']);
    expect(marks).toEqual([id, id]);
  });

  it('is not lost where a crash comes between its row and its workflow, nor started twice', async () => {
    const id = await write('#security', 'left');
    await Promise.all([engine.dispatchNotices(), engine.dispatchNotices()]);
    await engine.record.inTx((tx) =>
      tx.updateTable('notices').set({ dispatched_at: null }).where('id', '=', id).execute(),
    );
    expect(await settled(id)).toMatchObject({ status: 'sent' });
    await engine.temporal.workflow.getHandle(`notice/${id}`).result();
    expect(textsOf('left')).toHaveLength(1);
  });

  it('that failed is sent again when its channel is mended, and only then', async () => {
    slack.answer(() => ({ status: 404 }));
    const id = await write('#security', 'later');
    expect(await settled(id)).toMatchObject({ status: 'failed' });
    slack.answer(slack.accept);
    await engine.record.inTx((tx) => resendNotice(tx, id));
    expect(await settled(id)).toMatchObject({ status: 'sent', round: 2, error: null });
    expect(textsOf('later')).toHaveLength(1);
    await expect(engine.record.inTx((tx) => resendNotice(tx, id))).rejects.toMatchObject({ code: 'notice-not-failed' });
  });

  it('says which secret a worker lacks, and shows none that it has', async () => {
    expect(await settled(await write('#unset', 'without'))).toMatchObject({
      status: 'failed',
      error: { code: 'secret-missing', message: expect.stringContaining('BATON_CHANNEL_UNSET') as string },
    });
    slack.answer(({ headers }) => ({ status: 400, body: `what is ${headers.authorization}?` }));
    const id = await write('#wrong', 'echoed');
    const { error } = await settled(id);
    expect(error!.message).toContain('[redacted]');
    const history = await engine.temporal.workflow.getHandle(`notice/${id}`).fetchHistory();
    for (const kept of [JSON.stringify(error), JSON.stringify(history), engine.lines.join('\n')])
      expect(kept).not.toContain('xoxb-not-this-one');
  });

  it('is held by the quiet hours of its channel, unless it is urgent', async () => {
    const all = { from: '00:00', to: '23:59', timeZone: 'UTC' };
    const allButAMinute = new Date().getUTCHours() === 23 ? { ...all, from: '12:00', to: '11:59' } : all;
    await engine.record.inTx((tx) =>
      saveChannel(tx, engine.record.organisationId, {
        name: '#quiet',
        kind: 'slack',
        settings: { apiUrl: `${slack.url}/api` },
        secretEnv: 'BATON_CHANNEL_SLACK',
        quietHours: allButAMinute,
      }),
    );
    const held = await write('#quiet', 'held');
    const urgent = await engine.record.inTx((tx) =>
      createNotice(tx, {
        organisationId: engine.record.organisationId,
        key: 'urgent',
        channel: '#quiet',
        event: 'test',
        runId: null,
        urgent: true,
        title: 'urgent',
        text: '',
        data: {},
      }),
    );
    expect(await settled(urgent)).toMatchObject({ status: 'sent', held_until: null });
    const { held_until } = await eventually(async () => {
      const notice = await noticeOf(held);
      return notice.held_until && notice;
    });
    expect(held_until!.getTime()).toBeGreaterThan(Date.now());
    expect(textsOf('held')).toHaveLength(0);
    await engine.temporal.workflow.getHandle(`notice/${held}`).terminate();
  });
});
