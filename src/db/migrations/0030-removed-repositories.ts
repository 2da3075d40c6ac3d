import { sql, type Kysely } from 'kysely';

/** A removed repository keeps its row, which issues, runs and the audit trail refer to, and gives its name back. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (statement: string) => sql.raw(statement).execute(db);
  await run('alter table repositories add column removed_at timestamptz');
  await run('alter table repositories drop constraint repositories_project_id_name_key');
  await run('create unique index repositories_by_name on repositories (project_id, name) where removed_at is null');
}
