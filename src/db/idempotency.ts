import { sql } from 'kysely';
import type { Json } from '../domain/json.js';
import type { Tx } from './connection.js';

export interface KeyedRequest {
  readonly organisationId: string;
  readonly personId: string;
  readonly key: string;
  /** Of method, path and body: the same key for another request is a mistake. */
  readonly hash: string;
}

export type Claim =
  | {
      readonly kind: 'claimed';
      /** An earlier try was not answered; it may have had its effect. */ readonly again: boolean;
    }
  | { readonly kind: 'answered'; readonly status: number; readonly body: Json }
  | { readonly kind: 'in-flight' }
  | { readonly kind: 'other-request' };

/** A try that has not been answered in this time died with its process: the next one may go on. */
const ABANDONED_AFTER = '15 seconds';

/** Takes the key for this try, or says what became of it before. */
export async function claimKey(tx: Tx, { organisationId, personId, key, hash }: KeyedRequest): Promise<Claim> {
  const fresh = await tx
    .insertInto('idempotency_keys')
    .values({ organisation_id: organisationId, person_id: personId, key, request_hash: hash, status: null })
    .onConflict((conflict) => conflict.doNothing())
    .returning('key')
    .executeTakeFirst();
  if (fresh) return { kind: 'claimed', again: false };
  const known = await tx
    .selectFrom('idempotency_keys')
    .select([
      'request_hash as hash',
      'status',
      'body',
      sql<boolean>`created_at < now() - interval '${sql.raw(ABANDONED_AFTER)}'`.as('abandoned'),
    ])
    .where('person_id', '=', personId)
    .where('key', '=', key)
    .forUpdate()
    .executeTakeFirstOrThrow();
  if (known.hash !== hash) return { kind: 'other-request' };
  if (known.status !== null) return { kind: 'answered', status: known.status, body: known.body };
  if (!known.abandoned) return { kind: 'in-flight' };
  await touch(tx, personId, key, sql<Date>`now()`);
  return { kind: 'claimed', again: true };
}

/** Keeps the answer, for whoever sends the same request again. */
export async function keepAnswer(tx: Tx, { personId, key }: KeyedRequest, status: number, body: Json): Promise<void> {
  await tx
    .updateTable('idempotency_keys')
    .set({ status, body: JSON.stringify(body) })
    .where('person_id', '=', personId)
    .where('key', '=', key)
    .execute();
}

/** The try came to no answer: the same request may be sent again at once, another one still not. */
export const releaseKey = (tx: Tx, { personId, key }: KeyedRequest): Promise<void> =>
  touch(tx, personId, key, sql<Date>`'epoch'::timestamptz`);

async function touch(tx: Tx, personId: string, key: string, at: ReturnType<typeof sql<Date>>): Promise<void> {
  await tx
    .updateTable('idempotency_keys')
    .set({ created_at: at })
    .where('person_id', '=', personId)
    .where('key', '=', key)
    .where('status', 'is', null)
    .execute();
}
