import type { ChannelSettings } from '../schema/channel.js';
import { postJson, refusal, secretUrl } from './http.js';
import type { Send } from './message.js';

/** Teams takes 28 KB in all. */
const MAX_TEXT = 16_000;

/**
 * The workflow "Post to a channel when a webhook request is received"; the secret is its address.
 * https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
 */
export const sendTeams: Send<ChannelSettings<'teams'>> = async (message, { secret, signal }) => {
  const answer = await postJson({
    url: secretUrl(secret),
    body: JSON.stringify({
      type: 'message',
      attachments: [
        {
          contentType: 'application/vnd.microsoft.card.adaptive',
          contentUrl: null,
          content: {
            $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
            type: 'AdaptiveCard',
            version: '1.4',
            body: [
              { type: 'TextBlock', text: message.title, size: 'Medium', weight: 'Bolder', wrap: true },
              ...(message.text === ''
                ? []
                : [{ type: 'TextBlock', text: message.text.slice(0, MAX_TEXT), wrap: true }]),
            ],
          },
        },
      ],
    }),
    signal,
  });
  const refused = refusal(answer);
  if (refused) throw refused;
  return null;
};
