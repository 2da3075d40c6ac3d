import type { ChannelSettings } from '../schema/channel.js';
import { postJson, refusal } from './http.js';
import type { Message, Send } from './message.js';

const MAX_SUMMARY = 1_024;

/** https://developer.pagerduty.com/docs/send-alert-event, Events API v2: an alert, or the end of one that the message names; the secret is the integration's routing key. */
export const sendPager: Send<ChannelSettings<'pager'>> = async (message, { settings, secret, signal }) => {
  // The same alert at every try, and for what ends it.
  const { resolves } = message.data;
  const dedupKey = typeof resolves === 'string' ? resolves : message.id;
  const answer = await postJson({
    url: `${settings.apiUrl.replace(/\/$/, '')}/v2/enqueue`,
    body: JSON.stringify({
      routing_key: secret,
      dedup_key: dedupKey,
      ...(dedupKey === message.id ? triggering(message, settings) : { event_action: 'resolve' }),
    }),
    signal,
  });
  const refused = refusal(answer);
  if (refused) throw refused;
  return dedupKey;
};

const triggering = (message: Message, { severity }: ChannelSettings<'pager'>) => ({
  event_action: 'trigger',
  client: 'Baton',
  payload: {
    summary: message.title.slice(0, MAX_SUMMARY),
    source: 'baton',
    severity,
    timestamp: message.createdAt.toISOString(),
    class: message.event,
    custom_details: { text: message.text, ...message.data },
  },
});
