import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import pg from 'pg';
import type { Database } from './schema.js';

// Run numbers and token counts are far below 2^53: numbers, not strings. Numerics are amounts of money.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
pg.types.setTypeParser(pg.types.builtins.NUMERIC, Number);

export type Db = Kysely<Database>;
export type Tx = Transaction<Database>;

/** A pool of connections. The caller destroys it. */
export function connect(databaseUrl: string, { maxConnections = 10 } = {}): Db {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: maxConnections, connectionTimeoutMillis: 5_000 });
  // An idle connection that the server closed (a restart) is replaced at the next query.
  pool.on('error', () => undefined);
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
}

/**
 * Runs `work` in one transaction that sees and writes the rows of one organisation only (architecture decision 15).
 * Nothing but database work belongs in it: it is done again where another transaction was in its way.
 */
export function withOrganisation<T>(db: Db, organisationId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  return transact(db, async (tx) => {
    await sql`select set_config('role', 'baton_app', true), set_config('baton.org', ${organisationId}, true)`.execute(
      tx,
    );
    return work(tx);
  });
}

/** Runs `work` with one of the narrow roles that look across organisations. */
export function withRole<T>(
  db: Db,
  role: 'baton_lookup' | 'baton_feed' | 'baton_retention',
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  return transact(db, async (tx) => {
    await sql`select set_config('role', ${role}, true)`.execute(tx);
    return work(tx);
  });
}

/** How often a transaction is done that others get in the way of. */
const TRIES = 5;

async function transact<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let left = TRIES - 1; ; left -= 1) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      if (left === 0 || !isConflict(error)) throw error;
    }
  }
}

/** Whether a transaction was ended for the sake of another: a deadlock, or rows that changed under it. */
export const isConflict = (error: unknown): boolean =>
  ['40P01', '40001'].includes((error as { code?: string } | null)?.code ?? '');
