import { sql, type Kysely } from 'kysely';

/**
 * An attempt keeps what each of its executions began with, and what each of its programs was held to. What was refused of
 * a run is found in the audit trail without reading all of it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (statement: string) => sql.raw(statement).execute(db);
  await run("alter table attempts add column executions jsonb not null default '[]'");
  await run("alter table attempts add column confinements jsonb not null default '[]'");
  await run(`create index audit_refusals on audit (organisation_id, resource, id)
    where action in ('sandbox.refuse', 'commit.refuse')`);
}
