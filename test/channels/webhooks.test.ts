import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { sendDiscord } from '../../src/channels/discord.js';
import { sendPager } from '../../src/channels/pager.js';
import { send } from '../../src/channels/send.js';
import { sendTeams } from '../../src/channels/teams.js';
import { sendWebhook } from '../../src/channels/webhook.js';
import { httpFake, type Heard, type HttpFake, type Reply } from '../support/http-fake.js';
import { message, target } from './message.js';

/** Takes what one route's schema takes, and says 400 to the rest. */
const taking =
  (path: string, schema: z.ZodType, accepted: Reply) =>
  ({ method, path: asked, headers, body }: Heard): Reply => {
    if (method !== 'POST' || asked !== path) return { status: 404 };
    if (!headers['content-type']?.startsWith('application/json')) return { status: 415 };
    const parsed = schema.safeParse(JSON.parse(body));
    return parsed.success ? accepted : { status: 400, body: parsed.error.message };
  };

const fakes: HttpFake[] = [];
const serve = async (reply: (heard: Heard) => Reply): Promise<HttpFake> => {
  const fake = await httpFake(reply);
  fakes.push(fake);
  return fake;
};
afterEach(() => Promise.all(fakes.splice(0).map((fake) => fake.close())));

const busy = { code: 'channel-busy', retryable: true };
const refused = { code: 'channel-refused', retryable: false };

describe('Discord', () => {
  /** https://discord.com/developers/docs/resources/webhook#execute-webhook */
  const execute = z.strictObject({
    username: z.string().min(1).max(80).optional(),
    embeds: z
      .array(
        z.strictObject({
          title: z.string().min(1).max(256),
          description: z.string().max(4096),
          timestamp: z.iso.datetime(),
          footer: z.strictObject({ text: z.string().max(2048) }),
        }),
      )
      .length(1),
    allowed_mentions: z.strictObject({ parse: z.array(z.never()) }),
  });
  const path = '/api/webhooks/1/token';

  it('gets an embed that can call nobody, and gives its id', async () => {
    const { url, heard } = await serve(taking(`${path}?wait=true`, execute, { status: 200, body: { id: '77' } }));
    expect(await sendDiscord({ ...message, text: 'x'.repeat(9_000) }, target({}, url + path))).toBe('77');
    expect(JSON.parse(heard[0]!.body)).toMatchObject({
      embeds: [{ title: 'Audit of demo', footer: { text: `baton ${message.id}` } }],
    });
  });

  it('is asked again when it says, and never where the webhook is gone', async () => {
    const fake = await serve(() => ({ status: 429, headers: { 'retry-after': '2' }, body: { retry_after: 1.5 } }));
    await expect(sendDiscord(message, target({}, fake.url + path))).rejects.toMatchObject({
      ...busy,
      details: { retryAfterMs: 2_000 },
    });
    fake.answer(() => ({ status: 404, body: { message: 'Unknown Webhook', code: 10015 } }));
    await expect(sendDiscord(message, target({}, fake.url + path))).rejects.toMatchObject(refused);
    await expect(sendDiscord(message, target({}, 'not-an-address'))).rejects.toMatchObject({ code: 'secret-invalid' });
  });
});

describe('Teams', () => {
  const textBlock = z.strictObject({
    type: z.literal('TextBlock'),
    text: z.string().min(1),
    wrap: z.literal(true),
    size: z.enum(['Small', 'Default', 'Medium', 'Large', 'ExtraLarge']).optional(),
    weight: z.enum(['Lighter', 'Default', 'Bolder']).optional(),
  });
  /** https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using, with an Adaptive Card 1.4 */
  const card = z.strictObject({
    type: z.literal('message'),
    attachments: z.tuple([
      z.strictObject({
        contentType: z.literal('application/vnd.microsoft.card.adaptive'),
        contentUrl: z.null(),
        content: z.strictObject({
          $schema: z.literal('http://adaptivecards.io/schemas/adaptive-card.json'),
          type: z.literal('AdaptiveCard'),
          version: z.literal('1.4'),
          body: z.array(textBlock).min(1),
        }),
      }),
    ]),
  });
  const path = '/workflows/1/triggers/manual/paths/invoke?sig=made-up';

  it('gets an adaptive card, with as much of the text as it takes', async () => {
    const { url, heard } = await serve(taking(path, card, { status: 202 }));
    await sendTeams({ ...message, text: 'x'.repeat(50_000) }, target({}, url + path));
    await sendTeams({ ...message, text: '' }, target({}, url + path));
    expect(heard.map(({ body }) => body.length < 28 * 1024)).toEqual([true, true]);
    expect(JSON.parse(heard[1]!.body)).toMatchObject({
      attachments: [{ content: { body: [{ text: 'Audit of demo', weight: 'Bolder' }] } }],
    });
  });

  it('is tried again where it is away, not where it refuses', async () => {
    const fake = await serve(() => ({ status: 502 }));
    await expect(sendTeams(message, target({}, fake.url + path))).rejects.toMatchObject(busy);
    fake.answer(() => ({ status: 401 }));
    await expect(sendTeams(message, target({}, fake.url + path))).rejects.toMatchObject(refused);
  });
});

describe('PagerDuty', () => {
  const ROUTING_KEY = 'a'.repeat(32);
  /** https://developer.pagerduty.com/docs/send-alert-event */
  const resolve = z.strictObject({
    routing_key: z.literal(ROUTING_KEY),
    event_action: z.enum(['acknowledge', 'resolve']),
    dedup_key: z.string().max(255),
  });
  const trigger = z.strictObject({
    routing_key: z.literal(ROUTING_KEY),
    event_action: z.literal('trigger'),
    dedup_key: z.string().max(255),
    client: z.string(),
    payload: z.strictObject({
      summary: z.string().min(1).max(1024),
      source: z.string().min(1),
      severity: z.enum(['critical', 'error', 'warning', 'info']),
      timestamp: z.iso.datetime(),
      class: z.string(),
      custom_details: z.record(z.string(), z.json()),
    }),
  });
  const page = (fake: HttpFake, secret = ROUTING_KEY) =>
    sendPager(message, target({ apiUrl: fake.url, severity: 'critical' as const }, secret));

  it('is given one alert, however often it is sent', async () => {
    const accepted = { status: 202, body: { status: 'success', message: 'Event processed', dedup_key: message.id } };
    const fake = await serve(taking('/v2/enqueue', trigger, accepted));
    expect(await page(fake)).toBe(message.id);
    await page(fake);
    const keys = fake.heard.map(({ body }) => (JSON.parse(body) as { dedup_key: string }).dedup_key);
    expect(keys).toEqual([message.id, message.id]);
    await expect(page(fake, 'b'.repeat(32))).rejects.toMatchObject(refused);
    fake.answer(() => ({ status: 429 }));
    await expect(page(fake)).rejects.toMatchObject(busy);
  });

  it('is told that an alert is over, by the name of that alert', async () => {
    const accepted = { status: 202, body: { status: 'success', message: 'Event processed', dedup_key: message.id } };
    const fake = await serve(taking('/v2/enqueue', resolve, accepted));
    const over = { ...message, id: 'another', data: { resolves: message.id } };
    const to = target({ apiUrl: fake.url, severity: 'critical' as const }, ROUTING_KEY);
    expect(await sendPager(over, to)).toBe(message.id);
    expect(fake.heard.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
      { routing_key: ROUTING_KEY, event_action: 'resolve', dedup_key: message.id },
    ]);
  });
});

describe('a webhook', () => {
  /** As a receiver does by https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
  const isSigned = ({ headers, body }: Heard, key: Buffer): boolean => {
    const id = String(headers['webhook-id']);
    const timestamp = String(headers['webhook-timestamp']);
    const fresh = Math.abs(Date.now() / 1_000 - Number(timestamp)) < 300;
    const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest();
    return String(headers['webhook-signature'])
      .split(' ')
      .some((signature) => {
        const given = Buffer.from(signature.replace(/^v1,/, ''), 'base64');
        return (
          fresh && signature.startsWith('v1,') && given.length === expected.length && timingSafeEqual(given, expected)
        );
      });
  };
  const payload = z.strictObject({
    type: z.string(),
    timestamp: z.iso.datetime(),
    data: z.record(z.string(), z.json()),
  });
  const key = Buffer.from('a made-up key of 24 bytes');
  const secret = `whsec_${key.toString('base64')}`;
  const call = (fake: HttpFake, of = secret, signature: 'standard-webhooks' | 'hmac-sha256' = 'standard-webhooks') =>
    sendWebhook(message, target({ url: `${fake.url}/hook`, signature }, of));

  it('is signed as Standard Webhooks are, and says what happened', async () => {
    const take = taking('/hook', payload, { status: 204 });
    const fake = await serve((heard) => (isSigned(heard, key) ? take(heard) : { status: 401 }));
    await call(fake);
    const [{ headers, body }] = fake.heard as [Heard];
    expect(headers['webhook-id']).toBe(message.id);
    expect(JSON.parse(body)).toEqual({
      type: 'notify.webhook',
      timestamp: '2026-01-02T03:04:05.000Z',
      data: { id: message.id, title: 'Audit of demo', text: message.text, run: 7 },
    });
    await expect(call(fake, 'whsec_!')).rejects.toMatchObject({ code: 'secret-invalid', retryable: false });
    await expect(call(fake, `whsec_${Buffer.from('another key').toString('base64')}`)).rejects.toMatchObject({
      details: { status: 401 },
    });
  });

  it('is signed with HMAC SHA-256 over time and body, where the channel says so', async () => {
    const fake = await serve(({ headers, body }) => {
      const expected = createHmac('sha256', 'plain').update(`${String(headers['x-baton-timestamp'])}.${body}`);
      return { status: headers['x-baton-signature'] === `sha256=${expected.digest('hex')}` ? 200 : 401 };
    });
    await call(fake, 'plain', 'hmac-sha256');
    expect(fake.heard[0]!.headers['x-baton-id']).toBe(message.id);
    await expect(call(fake, 'other', 'hmac-sha256')).rejects.toMatchObject({ details: { status: 401 } });
  });

  it('is tried again after every answer but 2xx and 410', async () => {
    const fake = await serve(() => ({ status: 404 }));
    for (const status of [301, 400, 404, 500]) {
      fake.answer(() => ({ status, headers: { location: 'http://127.0.0.1:1/' } }));
      await expect(call(fake)).rejects.toMatchObject(busy);
    }
    fake.answer(() => ({ status: 410 }));
    await expect(call(fake)).rejects.toMatchObject(refused);
  });
});

describe('send', () => {
  it('takes no settings that the channel does not know', async () => {
    await expect(send('webhook', message, target({ url: 'file:///etc/passwd' }, 'x'))).rejects.toMatchObject({
      code: 'channel-invalid',
      retryable: false,
    });
  });
});
