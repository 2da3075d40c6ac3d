import { z } from 'zod';
import { BatonError } from '../domain/errors.js';
import type { ChannelSettings } from '../schema/channel.js';
import { postJson, refusal } from './http.js';
import type { Send } from './message.js';

/** Slack cuts off what is longer. */
const MAX_TEXT = 40_000;

const answerSchema = z.union([
  z.object({ ok: z.literal(true), ts: z.string() }),
  z.object({ ok: z.literal(false), error: z.string() }),
]);

/** Slack's own troubles; whatever else it answers would be the same again. */
const PASSING = [
  'ratelimited',
  'rate_limited',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
];

/** https://docs.slack.dev/reference/methods/chat.postMessage; the secret is a bot token with `chat:write`. */
export const sendSlack: Send<ChannelSettings<'slack'>> = async (message, { name, settings, secret, signal }) => {
  const text = `*${escaped(message.title)}*${message.text === '' ? '' : `\n${escaped(message.text)}`}`;
  const answer = await postJson({
    url: `${settings.apiUrl.replace(/\/$/, '')}/chat.postMessage`,
    headers: { authorization: `Bearer ${secret}` },
    body: JSON.stringify({
      channel: settings.channel ?? name,
      text: text.slice(0, MAX_TEXT),
      unfurl_links: false,
      // Slack keeps it with the message: which notice of ours this is.
      metadata: { event_type: 'baton_notice', event_payload: { id: message.id } },
    }),
    signal,
  });
  const refused = refusal(answer);
  if (refused) throw refused;
  const said = parsed(answer.text);
  if (!said.ok) {
    throw new BatonError('channel-refused', `Slack says ${said.error}.`, {
      retryable: PASSING.includes(said.error),
      details: { ...(answer.retryAfterMs !== null && { retryAfterMs: answer.retryAfterMs }) },
    });
  }
  return said.ts;
};

function parsed(text: string): z.infer<typeof answerSchema> {
  try {
    return answerSchema.parse(JSON.parse(text));
  } catch {
    throw new BatonError('channel-refused', 'What answers at the address is not Slack: check apiUrl.');
  }
}

/** https://docs.slack.dev/messaging/formatting-message-text#escaping */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
