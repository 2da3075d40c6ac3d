import { sql, type Kysely } from 'kysely';
import { protect } from './protect.js';

/** Which repositories the scans of a run were asked to look at, and why some of them could not. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (statement: string) => sql.raw(statement).execute(db);
  await run(`create table scan_coverage (
    organisation_id uuid not null references organisations,
    run_id uuid not null references runs,
    step text not null,
    item int,
    scan text not null,
    repository_id uuid not null references repositories,
    why text,
    fix text,
    unique nulls not distinct (run_id, step, item, scan, repository_id))`);
  await protect(run, 'scan_coverage');
  await run('create index runs_by_parent on runs (parent_id) where parent_id is not null');
}
