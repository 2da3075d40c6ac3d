import { BatonError } from '../domain/errors.js';
import { keptChannel } from '../schema/channel.js';
import { sendDiscord } from './discord.js';
import { sendMail } from './mail.js';
import type { Message, Target } from './message.js';
import { sendPager } from './pager.js';
import { sendSlack } from './slack.js';
import { sendTeams } from './teams.js';
import { sendWebhook } from './webhook.js';

/** Sends a message by a channel of whichever kind. Resolves with the channel's own name for it, null where it has none. */
export async function send(
  kind: string,
  message: Message,
  { settings, ...target }: Target<unknown>,
): Promise<string | null> {
  const kept = keptChannel.safeParse({ kind, settings });
  if (!kept.success)
    throw new BatonError(
      'channel-invalid',
      `The settings of the channel ${target.name} are not usable: save it again.`,
    );
  const channel = kept.data;
  switch (channel.kind) {
    case 'slack':
      return await sendSlack(message, { ...target, settings: channel.settings });
    case 'discord':
      return await sendDiscord(message, { ...target, settings: channel.settings });
    case 'teams':
      return await sendTeams(message, { ...target, settings: channel.settings });
    case 'mail':
      return await sendMail(message, { ...target, settings: channel.settings });
    case 'webhook':
      return await sendWebhook(message, { ...target, settings: channel.settings });
    case 'pager':
      return await sendPager(message, { ...target, settings: channel.settings });
  }
}
