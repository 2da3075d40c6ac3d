import { sql, type Kysely } from 'kysely';
import { createRole } from './roles.js';

/** A role of its own may take old entries out of the audit trail; who serves requests or runs steps may not. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (statement: string) => sql.raw(statement).execute(db);
  await createRole(run, 'baton_retention');
  await run('grant usage on schema public to baton_retention');
  await run('grant select on organisations to baton_retention');
  await run('grant select, insert, delete on audit to baton_retention');
  await run('grant usage on sequence audit_id_seq to baton_retention');
  for (const table of ['organisations', 'audit'])
    await run(`create policy retention on ${table} to baton_retention using (true) with check (true)`);
}
