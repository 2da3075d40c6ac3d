import { findChannel } from '../../db/channels.js';
import { persist } from '../persist.js';
import { notifyEmail, notifySlack, notifyWebhook } from '../actions/notify.js';
import type { Action } from '../run-action.js';
import { asAction, type PlainService } from './service.js';

const NAMES = {
  subject: 'title',
  text: 'message',
  body: 'message',
  attachment: 'attach',
  attachments: 'attach',
  payload: 'data',
  summary: 'message',
  to: 'recipients',
} as const;

/** Writes a notice, which its channel brings on. `sent`: whether there is such a channel; else it waits for it as a dead letter. */
const notice =
  (action: string, act: Action): PlainService =>
  async (deps, call) => {
    const { output } = await act(deps, asAction(action, call, NAMES));
    const { notice: messageId, channel } = output as { notice: string; channel: string };
    return persist(deps, call.request.ref.run.organisationId, async (tx) => {
      const { created_at: at } = await tx
        .selectFrom('notices')
        .select('created_at')
        .where('id', '=', messageId)
        .executeTakeFirstOrThrow();
      const sent = Boolean(await findChannel(tx, channel));
      return { messageId, channel, timestamp: at.toISOString(), sent };
    });
  };

export const sendSlack = notice('notify.slack', notifySlack);
export const sendEmail = notice('notify.email', notifyEmail);
export const sendWebhook = notice('notify.webhook', notifyWebhook);
