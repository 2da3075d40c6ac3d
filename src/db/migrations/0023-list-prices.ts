import { sql, type Kysely } from 'kysely';

/**
 * The cost of an attempt by list prices, where its program reported tokens and no cost (`usd`, `date`, `isMinimum`), and
 * the part of its input tokens that was read from or written to a cache.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const columns = ['list_price jsonb', 'cache_read_tokens bigint', 'cache_write_tokens bigint'];
  await sql.raw(`alter table attempts ${columns.map((column) => `add column ${column}`).join(', ')}`).execute(db);
}
