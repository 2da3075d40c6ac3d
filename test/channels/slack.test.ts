import { sendSlack } from '../../src/channels/slack.js';
import { SLACK_TOKEN, slackFake, type SlackFake } from '../support/slack-fake.js';
import { message, target } from './message.js';

let slack: SlackFake;
beforeAll(async () => {
  slack = await slackFake();
});
afterEach(() => slack.answer(slack.accept));
afterAll(() => slack.close());

const say = (secret = SLACK_TOKEN, settings: { channel?: string } = {}) =>
  sendSlack(message, target({ apiUrl: `${slack.url}/api`, ...settings }, secret));

describe('Slack', () => {
  it('gets a message as its Web API wants it, marked with its id, its own signs escaped', async () => {
    expect(await say()).toBe('1700000000.000001');
    expect(slack.posted.at(-1)).toEqual({
      channel: '#security',
      text: '*Audit of demo*\n2 findings &lt;script&gt; &amp; more',
      unfurl_links: false,
      metadata: { event_type: 'baton_notice', event_payload: { id: message.id } },
    });
    await say(SLACK_TOKEN, { channel: 'C0123456789' });
    expect(slack.posted.at(-1)!.channel).toBe('C0123456789');
  });

  it('says no for good to a wrong token or channel', async () => {
    await expect(say('xoxb-wrong')).rejects.toMatchObject({
      code: 'channel-refused',
      message: 'Slack says invalid_auth.',
      retryable: false,
    });
    await expect(say(SLACK_TOKEN, { channel: 'no such' })).rejects.toMatchObject({ retryable: false });
  });

  it('is asked again where it is busy, when it says', async () => {
    slack.answer(() => ({ status: 429, headers: { 'retry-after': '30' }, body: { ok: false, error: 'ratelimited' } }));
    await expect(say()).rejects.toMatchObject({
      code: 'channel-busy',
      retryable: true,
      details: { retryAfterMs: 30_000 },
    });
    slack.answer(() => ({ status: 200, body: { ok: false, error: 'internal_error' } }));
    await expect(say()).rejects.toMatchObject({ retryable: true });
    slack.answer(() => ({ status: 503, body: 'upstream' }));
    await expect(say()).rejects.toMatchObject({ retryable: true, message: 'The channel answered 503: upstream.' });
  });

  it('is not taken for what answers in its place', async () => {
    slack.answer(() => ({ status: 200, body: '<html>' }));
    await expect(say()).rejects.toMatchObject({ code: 'channel-refused', retryable: false });
    slack.answer(() => ({ status: 302, headers: { location: 'http://127.0.0.1:1/' } }));
    await expect(say()).rejects.toMatchObject({ retryable: false, details: { status: 302 } });
  });

  it('is asked again where nothing listens', async () => {
    await expect(sendSlack(message, target({ apiUrl: 'http://127.0.0.1:1/api' }, SLACK_TOKEN))).rejects.toMatchObject({
      code: 'channel-unreachable',
      retryable: true,
    });
  });
});
