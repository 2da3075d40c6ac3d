import type { Run } from './roles.js';

/** Makes a table one of the application's: each organisation sees its own rows, and only those. */
export async function protect(run: Run, table: string): Promise<void> {
  await run(`alter table ${table} enable row level security`);
  await run(`create policy organisation on ${table} to baton_app
    using (organisation_id = nullif(current_setting('baton.org', true), '')::uuid)
    with check (organisation_id = nullif(current_setting('baton.org', true), '')::uuid)`);
  await run(`grant select, insert, update, delete on ${table} to baton_app`);
}
