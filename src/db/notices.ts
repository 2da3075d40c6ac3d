import { sql } from 'kysely';
import { BatonError } from '../domain/errors.js';
import type { JsonObject } from '../domain/json.js';
import { redact } from '../telemetry/redact.js';
import type { Tx } from './connection.js';
import { decodeCursor, pageOf, type PageRequest } from './cursor.js';

/** No text that a person reads is longer; channels take less. */
const MAX_TITLE = 300;
const MAX_TEXT = 20_000;

export interface NewNotice {
  readonly organisationId: string;
  /** Unique in the organisation: the same key is the same notice, sent once. */
  readonly key: string;
  /** Name of the channel. */
  readonly channel: string;
  readonly event: string;
  readonly runId: string | null;
  /** Passes through quiet hours. */
  readonly urgent: boolean;
  readonly title: string;
  readonly text: string;
  readonly data: JsonObject;
  /** Ids of artifacts. */
  readonly attachments?: readonly string[];
  /** Addresses of a mail, in place of its channel's; none: its channel's. */
  readonly recipients?: readonly string[];
}

/**
 * Writes a notice, without what gives itself away as a secret; it is sent as soon as this transaction is through. Returns
 * its id, that of the earlier one where the key was used before.
 */
export async function createNotice(tx: Tx, notice: NewNotice): Promise<string> {
  const made = await tx
    .insertInto('notices')
    .values({
      organisation_id: notice.organisationId,
      key: notice.key,
      channel: notice.channel,
      event: notice.event,
      run_id: notice.runId,
      urgent: notice.urgent,
      title: (redact(notice.title) as string).replaceAll(/\s+/g, ' ').trim().slice(0, MAX_TITLE),
      text: (redact(notice.text) as string).slice(0, MAX_TEXT),
      data: JSON.stringify(redact(notice.data)),
      attachments: [...(notice.attachments ?? [])],
      recipients: [...(notice.recipients ?? [])],
    })
    .onConflict((conflict) => conflict.columns(['organisation_id', 'key']).doNothing())
    .returning('id')
    .executeTakeFirst();
  if (made) return made.id;
  const { id } = await tx.selectFrom('notices').select('id').where('key', '=', notice.key).executeTakeFirstOrThrow();
  return id;
}

/** Notices that no workflow was started for yet. */
export const undispatchedNotices = (
  tx: Tx,
  limit: number,
): Promise<{ id: string; organisationId: string; round: number; channel: string }[]> =>
  tx
    .selectFrom('notices')
    .select(['id', 'organisation_id as organisationId', 'round', 'channel'])
    .where('dispatched_at', 'is', null)
    .orderBy('created_at')
    .limit(limit)
    .execute();

export interface NoticeFilter extends PageRequest {
  readonly status?: 'pending' | 'sent' | 'failed' | undefined;
  readonly channel?: string | undefined;
  readonly id?: string | undefined;
}

/** Notices, newest first. */
export async function listNotices(tx: Tx, { cursor, limit, status, channel, id }: NoticeFilter) {
  const after = decodeCursor('notices', 'uuid', cursor);
  let query = tx
    .selectFrom('notices as n')
    .leftJoin('runs as r', 'r.id', 'n.run_id')
    .select([
      'n.id',
      'n.channel',
      'n.event',
      'r.number as run',
      'n.urgent',
      'n.title',
      'n.text',
      'n.status',
      'n.attempts',
      'n.error',
      'n.created_at as createdAt',
      'n.held_until as heldUntil',
      'n.settled_at as settledAt',
    ])
    .orderBy('n.created_at', 'desc')
    .orderBy('n.id', 'desc')
    .limit(limit + 1);
  if (after !== null)
    query = query.where(
      sql<boolean>`(n.created_at, n.id) < (select b.created_at, b.id from notices b where b.id = ${after}::uuid)`,
    );
  if (status !== undefined) query = query.where('n.status', '=', status);
  if (channel !== undefined) query = query.where('n.channel', '=', channel);
  if (id !== undefined) query = query.where('n.id', '=', id);
  return pageOf('notices', await query.execute(), limit, (row) => row.id);
}

/** Lets a dead letter be sent once more. Throws `notice-not-found`, `notice-not-failed`. */
export async function resendNotice(tx: Tx, id: string): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('notices')
    .set((eb) => ({
      status: 'pending',
      round: eb('round', '+', 1),
      error: null,
      held_until: null,
      settled_at: null,
      dispatched_at: null,
    }))
    .where('id', '=', id)
    .where('status', '=', 'failed')
    .executeTakeFirst();
  if (numUpdatedRows > 0n) return;
  const known = await tx.selectFrom('notices').select('status').where('id', '=', id).executeTakeFirst();
  if (!known) throw new BatonError('notice-not-found', `There is no notice ${id}.`);
  throw new BatonError('notice-not-failed', `The notice is ${known.status}; only one that failed is sent again.`);
}
