import { randomUUID } from 'node:crypto';
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
      /** Names this try: what an older one does later no longer counts. */
      readonly claim: string;
      /** An earlier try was not answered; it may have had its effect. */
      readonly again: boolean;
    }
  | { readonly kind: 'answered'; readonly status: number; readonly body: Json }
  | { readonly kind: 'in-flight' }
  | { readonly kind: 'other-request' };

/** A try that has not said in this time that it is at work died with its process: the next one may go on. */
const CLAIMED_FOR_S = 15;
/** Often enough that a renewal may fail and the next one is still in time. */
export const RENEW_CLAIM_MS = 4_000;

const claimEnd = sql<Date>`now() + make_interval(secs => ${sql.lit(CLAIMED_FOR_S)})`;

/** Nobody sends a request again after so long. */
const KEPT_DAYS = 7;
/** What one request takes out of what others left. */
const EXPIRED_AT_ONCE = 100;

/** Takes the key for this try, or says what became of it before. */
export async function claimKey(tx: Tx, { organisationId, personId, key, hash }: KeyedRequest): Promise<Claim> {
  await expireKeys(tx);
  const claim = randomUUID();
  const mine = { claim, claimed_until: claimEnd };
  const fresh = await tx
    .insertInto('idempotency_keys')
    .values({ organisation_id: organisationId, person_id: personId, key, request_hash: hash, status: null, ...mine })
    .onConflict((conflict) => conflict.doNothing())
    .returning('key')
    .executeTakeFirst();
  if (fresh) return { kind: 'claimed', claim, again: false };
  const known = await tx
    .selectFrom('idempotency_keys')
    .select([
      'request_hash as hash',
      'status',
      'body',
      sql<boolean>`coalesce(claimed_until > now(), false)`.as('atWork'),
    ])
    .where('person_id', '=', personId)
    .where('key', '=', key)
    .forUpdate()
    .executeTakeFirstOrThrow();
  if (known.hash !== hash) return { kind: 'other-request' };
  if (known.status !== null) return { kind: 'answered', status: known.status, body: known.body };
  if (known.atWork) return { kind: 'in-flight' };
  await tx.updateTable('idempotency_keys').set(mine).where('person_id', '=', personId).where('key', '=', key).execute();
  return { kind: 'claimed', claim, again: true };
}

/** Says that the try is still at work. */
export async function renewClaim(tx: Tx, claim: string): Promise<void> {
  await held(tx, claim).set({ claimed_until: claimEnd }).execute();
}

/** Keeps the answer, for whoever sends the same request again. */
export async function keepAnswer(tx: Tx, claim: string, status: number, body: Json): Promise<void> {
  await held(tx, claim)
    .set({ status, body: JSON.stringify(body) })
    .execute();
}

/** The try came to no answer: the same request may be sent again at once, another one still not. */
export async function releaseKey(tx: Tx, claim: string): Promise<void> {
  await held(tx, claim).set({ claimed_until: null }).execute();
}

const held = (tx: Tx, claim: string) =>
  tx.updateTable('idempotency_keys').where('claim', '=', claim).where('status', 'is', null);

async function expireKeys(tx: Tx): Promise<void> {
  await sql`
    delete from idempotency_keys where (person_id, key) in (
      select person_id, key from idempotency_keys where created_at < now() - make_interval(days => ${sql.lit(KEPT_DAYS)})
      limit ${sql.lit(EXPIRED_AT_ONCE)} for update skip locked)`.execute(tx);
}
