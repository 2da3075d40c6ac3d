import type { ExpressionBuilder } from 'kysely';
import { BatonError } from '../domain/errors.js';
import type { Tx } from './connection.js';
import type { Database } from './schema.js';

export interface Key {
  readonly id: string;
  readonly label: string;
  /** All that it opens; null: whatever its person may do. */
  readonly scopes: readonly string[] | null;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
}

/** A person's keys that open something still, the newest first. */
export const listKeys = (tx: Tx, personId: string): Promise<Key[]> =>
  tx
    .selectFrom('api_keys')
    .select(['id', 'label', 'scopes', 'created_at as createdAt', 'expires_at as expiresAt'])
    .where('person_id', '=', personId)
    .where('kind', '=', 'key')
    .where(opens)
    .orderBy('created_at', 'desc')
    .execute();

/** From now on a key of the person opens nothing; its row stays, for the audit trail names it. Throws `key-not-found`. */
export async function revokeKey(tx: Tx, personId: string, id: string): Promise<void> {
  const { numUpdatedRows } = await end(tx, personId).where('id', '=', id).where('kind', '=', 'key').executeTakeFirst();
  if (numUpdatedRows === 0n) throw new BatonError('key-not-found', `You have no key ${id} that opens anything.`);
}

/** From now on nothing of the person's opens anything: no key, session or link to sign in. */
export const endAllKeys = (tx: Tx, personId: string): Promise<unknown> => end(tx, personId).execute();

const end = (tx: Tx, personId: string) =>
  tx.updateTable('api_keys').set({ expires_at: new Date() }).where('person_id', '=', personId).where(opens);

const opens = (eb: ExpressionBuilder<Database, 'api_keys'>) =>
  eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', new Date())]);
