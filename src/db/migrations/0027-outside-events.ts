import { sql, type Kysely } from 'kysely';

/** A key can be limited to scopes, such as that of sending events. A mail can name its recipients. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (statement: string) => sql.raw(statement).execute(db);
  await run('alter table api_keys add column scopes text[]');
  await run("alter table notices add column recipients text[] not null default '{}'");
}
