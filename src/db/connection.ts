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
 * Nothing but database work belongs in it.
 */
export function withOrganisation<T>(db: Db, organisationId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (tx) => {
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
  return db.transaction().execute(async (tx) => {
    await sql`select set_config('role', ${role}, true)`.execute(tx);
    return work(tx);
  });
}
