import { sql, type Kysely } from 'kysely';

/** An attempt may end because its agent's provider takes no more for now: `resume_at` is when it may go on. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (statement: string) => sql.raw(statement).execute(db);
  await run('alter table attempts add column resume_at timestamptz');
  await run('alter table attempts drop constraint attempts_status_check');
  await run(`alter table attempts add constraint attempts_status_check
    check (status in ('running', 'asked', 'limited', 'succeeded', 'failed', 'cancelled'))`);
}
