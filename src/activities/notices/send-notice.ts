import { ApplicationFailure } from '@temporalio/common';
import { cancellation } from '../cancellation.js';
import type { Message } from '../../channels/message.js';
import { send } from '../../channels/send.js';
import { findChannel, noSuchChannel, type Channel } from '../../db/channels.js';
import type { Tx } from '../../db/connection.js';
import { BatonError } from '../../domain/errors.js';
import type { NoticeActivities, NoticeRef } from '../../domain/notice.js';
import { createRedactor } from '../../telemetry/redact.js';
import type { ActivityDeps } from '../deps.js';
import { persist } from '../persist.js';
import { readAttachments } from './attachments.js';

/** What a channel may ask for; Temporal takes no wait of nothing for one. */
const MAX_WAIT_MS = 3600_000;

/** Sends a notice by its channel. A try that was cut off is made again with the same id, by which a channel may know it. */
export const sendNotice =
  (deps: ActivityDeps): NoticeActivities['sendNotice'] =>
  async (ref) => {
    const { organisationId, noticeId } = ref;
    const begun = await persist(deps, organisationId, (tx) => begin(tx, ref));
    if (!begun) return;
    const { channel, message } = begun;
    const secret = secretOf(channel, deps);
    let remoteId: string | null;
    try {
      requireSecret(channel, secret);
      const { name, kind, settings } = channel;
      const signal = cancellation();
      remoteId = await send(kind, message, { name, settings, secret: secret ?? '', signal });
    } catch (error) {
      cancellation().throwIfAborted();
      const failure = withoutSecret(error, secret);
      await persist(deps, organisationId, (tx) => keepError(tx, noticeId, failure));
      throw failure;
    }
    await persist(deps, organisationId, (tx) =>
      tx
        .updateTable('notices')
        .set({ status: 'sent', error: null, remote_id: remoteId, settled_at: new Date() })
        .where('id', '=', noticeId)
        .execute(),
    );
  };

/** Counts the try. Null where an earlier one sent it, and could not say so, or where it is not to be sent any more. */
async function begin(
  tx: Tx,
  { noticeId }: NoticeRef,
): Promise<{ readonly channel: Channel; readonly message: Message } | null> {
  const row = await tx
    .updateTable('notices')
    .set((eb) => ({ attempts: eb('attempts', '+', 1) }))
    .where('id', '=', noticeId)
    .where('status', '=', 'pending')
    .returning(['channel', 'event', 'title', 'text', 'data', 'attachments', 'recipients', 'created_at as createdAt'])
    .executeTakeFirst();
  if (!row) return null;
  const { channel: name, attachments, ...message } = row;
  const channel = await findChannel(tx, name);
  if (!channel) throw await noSuchChannel(tx, name);
  return { channel, message: { id: noticeId, ...message, attachments: await readAttachments(tx, attachments) } };
}

/** Null where there is none; set to nothing it counts as not set. */
function secretOf({ secretEnv }: Channel, { environment }: ActivityDeps): string | null {
  const secret = secretEnv === null ? '' : (environment[secretEnv] ?? '');
  return secret === '' ? null : secret;
}

function requireSecret({ name, secretEnv }: Channel, secret: string | null): void {
  if (secretEnv === null || secret !== null) return;
  throw new BatonError(
    'secret-missing',
    `The channel ${name} needs a secret: set ${secretEnv} in the environment of the workers, then send the notice again.`,
  );
}

const keepError = (tx: Tx, noticeId: string, { type, message }: ApplicationFailure): Promise<unknown> =>
  tx
    .updateTable('notices')
    .set({ error: JSON.stringify({ code: type, message }) })
    .where('id', '=', noticeId)
    .execute();

/** What a channel answers may repeat what it was sent. A channel that names a time is asked again only then. */
function withoutSecret(error: unknown, secret: string | null): ApplicationFailure {
  const redactor = createRedactor(secret === null ? [] : [secret]);
  const text = redactor.text(error instanceof Error ? error.message : String(error));
  if (!(error instanceof BatonError)) return ApplicationFailure.nonRetryable(text, 'internal');
  const { retryAfterMs } = error.details;
  return ApplicationFailure.create({
    type: error.code,
    message: text,
    nonRetryable: !error.retryable,
    ...(typeof retryAfterMs === 'number' && { nextRetryDelay: Math.min(Math.max(retryAfterMs, 1_000), MAX_WAIT_MS) }),
  });
}
