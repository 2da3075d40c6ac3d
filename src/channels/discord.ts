import type { ChannelSettings } from '../schema/channel.js';
import { postJson, refusal, secretUrl } from './http.js';
import type { Send } from './message.js';

const MAX_TITLE = 256;
const MAX_DESCRIPTION = 4_096;

/** https://discord.com/developers/docs/resources/webhook#execute-webhook; the secret is the webhook's address. */
export const sendDiscord: Send<ChannelSettings<'discord'>> = async (message, { settings, secret, signal }) => {
  const url = new URL(secretUrl(secret));
  url.searchParams.set('wait', 'true');
  const answer = await postJson({
    url: url.href,
    body: JSON.stringify({
      ...(settings.username !== undefined && { username: settings.username }),
      embeds: [
        {
          title: message.title.slice(0, MAX_TITLE),
          description: message.text.slice(0, MAX_DESCRIPTION),
          timestamp: message.createdAt.toISOString(),
          footer: { text: `baton ${message.id}` },
        },
      ],
      // What a text says can call nobody.
      allowed_mentions: { parse: [] },
    }),
    signal,
  });
  const refused = refusal(answer);
  if (refused) throw refused;
  return idOf(answer.text);
};

function idOf(text: string): string | null {
  try {
    const { id } = JSON.parse(text) as { id?: unknown };
    return typeof id === 'string' ? id : null;
  } catch {
    return null;
  }
}
