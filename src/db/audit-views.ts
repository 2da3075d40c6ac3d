import { sql } from 'kysely';
import { AUDIT_EXPIRED, type AuditEntry } from './audit.js';
import type { Tx } from './connection.js';
import { decodeCursor, pageOf, type PageRequest } from './cursor.js';

export interface AuditFilter {
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly resource?: string | undefined;
  readonly outcome?: AuditEntry['outcome'] | undefined;
}

const entries = (tx: Tx, { actor, action, resource, outcome }: AuditFilter) =>
  tx
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
    .$if(actor !== undefined, (query) => query.where(sql<boolean>`actor ->> 'name' = ${actor}`))
    .$if(action !== undefined, (query) => query.where('action', '=', action!))
    .$if(resource !== undefined, (query) => query.where('resource', '=', resource!))
    .$if(outcome !== undefined, (query) => query.where('outcome', '=', outcome!));

/** The audit trail, newest first. */
export async function listAudit(tx: Tx, { cursor, limit, ...filter }: AuditFilter & PageRequest) {
  const before = decodeCursor('audit', 'number', cursor);
  const rows = await entries(tx, filter)
    .$if(before !== null, (query) => query.where('id', '<', Number(before)))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  return pageOf('audit', rows, limit, ({ id }) => id);
}

export interface AuditRange {
  /** Exclusive. */
  readonly after: number;
  readonly upTo: number;
  readonly limit: number;
}

/** A part of the audit trail, oldest first, each entry with the hash of the one before it. */
export const readAudit = (tx: Tx, filter: AuditFilter, { after, upTo, limit }: AuditRange) =>
  entries(tx, filter)
    .select(sql<string | null>`encode(previous_hash, 'hex')`.as('previousHash'))
    .where('id', '>', after)
    .where('id', '<=', upTo)
    .orderBy('id')
    .limit(limit)
    .execute();

/** Id of the newest entry; 0 where there is none. */
export async function newestAuditId(tx: Tx): Promise<number> {
  const { id } = await tx
    .selectFrom('audit')
    .select((eb) => eb.fn.max<number | null>('id').as('id'))
    .executeTakeFirstOrThrow();
  return id ?? 0;
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
