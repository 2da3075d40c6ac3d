import { sql, type Kysely } from 'kysely';

/** What an agent works on now is found without reading what it ever did. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw("create index attempts_running_by_agent on attempts (agent_id) where status = 'running'").execute(db);
}
