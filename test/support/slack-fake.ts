import { z } from 'zod';
import { httpFake, type Heard, type HttpFake, type Reply } from './http-fake.js';

const postMessage = z.strictObject({
  channel: z.string().min(1),
  text: z.string().min(1).max(40_000),
  unfurl_links: z.boolean().optional(),
  metadata: z.strictObject({
    event_type: z.string().regex(/^[a-z0-9_]+$/),
    event_payload: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  }),
});
export type SlackMessage = z.infer<typeof postMessage>;

export interface SlackFake extends HttpFake {
  /** What was posted, retries included. */
  readonly posted: SlackMessage[];
  /** Slack as it is when all is well. */
  readonly accept: (heard: Heard) => Reply;
}

export const SLACK_TOKEN = 'xoxb-0000000000-made-up-token';

/** Slack's Web API as documented at https://docs.slack.dev/reference/methods/chat.postMessage. */
export async function slackFake(): Promise<SlackFake> {
  const posted: SlackMessage[] = [];
  const accept = ({ method, path, headers, body }: Heard): Reply => {
    if (method !== 'POST' || path !== '/api/chat.postMessage') return { status: 404 };
    const say = (error: string): Reply => ({ status: 200, body: { ok: false, error } });
    if (headers['content-type'] !== 'application/json; charset=utf-8') return say('invalid_post_type');
    if (headers.authorization === undefined) return say('not_authed');
    if (headers.authorization !== `Bearer ${SLACK_TOKEN}`) return say('invalid_auth');
    const parsed = postMessage.safeParse(JSON.parse(body));
    if (!parsed.success) return say('invalid_arguments');
    if (!/^(#[a-z0-9_-]+|[CGD][A-Z0-9]{8,})$/.test(parsed.data.channel)) return say('channel_not_found');
    posted.push(parsed.data);
    return { status: 200, body: { ok: true, channel: 'C0123456789', ts: `1700000000.00000${posted.length}` } };
  };
  return { ...(await httpFake(accept)), posted, accept };
}
