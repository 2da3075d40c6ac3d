import { sql } from 'kysely';
import type { Tx } from './connection.js';

/** Rows that something is to be started for are announced here. */
export const DISPATCH_CHANNEL = 'baton_dispatch';

/** Has whoever starts runs look for new ones, once the transaction is in the record. */
export const announceRuns = (tx: Tx): Promise<unknown> => sql`select pg_notify(${DISPATCH_CHANNEL}, '')`.execute(tx);
