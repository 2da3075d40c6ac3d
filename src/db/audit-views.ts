import { sql } from 'kysely';
import { AUDIT_EXPIRED } from './audit.js';
import type { Tx } from './connection.js';
import { decodeCursor, pageOf, type PageRequest } from './cursor.js';

export interface AuditFilter extends PageRequest {
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly resource?: string | undefined;
  readonly outcome?: 'success' | 'failure' | 'denied' | undefined;
}

/** The audit trail, newest first. */
export async function listAudit(tx: Tx, filter: AuditFilter) {
  const before = decodeCursor('audit', 'number', filter.cursor);
  let query = tx
    .selectFrom('audit')
    .select([
      'id',
      'at',
      'actor',
      'action',
      'resource',
      'details',
      'outcome',
      'address',
      'user_agent as userAgent',
      'session',
      sql<string>`encode(hash, 'hex')`.as('hash'),
    ])
    .orderBy('id', 'desc')
    .limit(filter.limit + 1);
  if (before !== null) query = query.where('id', '<', Number(before));
  if (filter.actor !== undefined) query = query.where(sql<boolean>`actor ->> 'name' = ${filter.actor}`);
  if (filter.action !== undefined) query = query.where('action', '=', filter.action);
  if (filter.resource !== undefined) query = query.where('resource', '=', filter.resource);
  if (filter.outcome) query = query.where('outcome', '=', filter.outcome);
  return pageOf('audit', await query.execute(), filter.limit, ({ id }) => id);
}

interface AuditVerdict {
  readonly intact: boolean;
  readonly entries: number;
  readonly broken: { readonly id: number; readonly at: Date; readonly why: string } | null;
  readonly head: string | null;
}

/**
 * Computes the whole chain anew: every row's hash from its content, and that it names the hash of the row before it; the
 * oldest follows what retention took out, as the entry about that says.
 * A changed, removed or inserted row breaks it; rows cut off at the end show by a `head` that was noted before.
 */
export async function verifyAudit(tx: Tx): Promise<AuditVerdict> {
  const { rows } = await sql<{ id: number; at: Date; changed: boolean }>`
    with chain as (
      select id, at, previous_hash, hash, baton_audit_hash(audit) as computed, lag(hash, 1, (
        select decode(details ->> 'throughHash', 'hex') from audit where action = ${AUDIT_EXPIRED} order by id desc limit 1
      )) over (order by id) as before from audit
    )
    select id, at, hash is distinct from computed as changed from chain
    where hash is distinct from computed or previous_hash is distinct from before order by id limit 1`.execute(tx);
  const { rows: totals } = await sql<{ entries: number; head: string | null }>`
    select count(*) as entries, (select encode(hash, 'hex') from audit order by id desc limit 1) as head from audit`.execute(
    tx,
  );
  const [broken] = rows;
  return {
    intact: broken === undefined,
    entries: totals[0]!.entries,
    head: totals[0]!.head,
    broken: broken
      ? {
          id: broken.id,
          at: broken.at,
          why: broken.changed
            ? 'its content is not what its hash was made of'
            : 'it does not follow the entry before it: one was removed or put in',
        }
      : null,
  };
}
