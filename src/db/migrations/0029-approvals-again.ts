import { sql, type Kysely } from 'kysely';

/** A step may ask for an approval again where its change has become another. One is open at a time. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (statement: string) => sql.raw(statement).execute(db);
  await run('alter table approvals drop constraint approvals_run_id_step_key');
  await run("create unique index one_open_approval on approvals (run_id, step) where status = 'open'");
  await run('create index approvals_of_run on approvals (run_id, step)');
}
