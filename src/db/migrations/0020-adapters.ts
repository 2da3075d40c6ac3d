import { sql, type Kysely } from 'kysely';

/** Which adapters there are is said where agents are registered, and nowhere else. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw('alter table agents drop constraint agents_adapter_check').execute(db);
}
