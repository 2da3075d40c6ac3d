import { sql, type Kysely } from 'kysely';

/** What an agent's conversation is found by, so that its next attempt or step goes on with it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw('alter table attempts add column session text').execute(db);
}
