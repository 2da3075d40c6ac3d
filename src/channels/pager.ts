import type { ChannelSettings } from '../schema/channel.js';
import { postJson, refusal } from './http.js';
import type { Send } from './message.js';

const MAX_SUMMARY = 1_024;

/** https://developer.pagerduty.com/docs/send-alert-event, Events API v2; the secret is the integration's routing key. */
export const sendPager: Send<ChannelSettings<'pager'>> = async (message, { settings, secret, signal }) => {
  const answer = await postJson({
    url: `${settings.apiUrl.replace(/\/$/, '')}/v2/enqueue`,
    body: JSON.stringify({
      routing_key: secret,
      event_action: 'trigger',
      // The same alert at every try.
      dedup_key: message.id,
      client: 'Baton',
      payload: {
        summary: message.title.slice(0, MAX_SUMMARY),
        source: 'baton',
        severity: settings.severity,
        timestamp: message.createdAt.toISOString(),
        class: message.event,
        custom_details: { text: message.text, ...message.data },
      },
    }),
    signal,
  });
  const refused = refusal(answer);
  if (refused) throw refused;
  return message.id;
};
