import { sql, type Kysely } from 'kysely';
import { protect } from './protect.js';

/**
 * Gates find things too: a finding says which gate it is of. What each execution of a repository's tests said of each
 * test; the results go with their execution, so that old ones leave by one delete.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (statement: string) => sql.raw(statement).execute(db);
  await run('alter table findings add column gate text');
  await run('alter table findings drop constraint findings_run_id_step_item_attempt_position_key');
  await run(
    'alter table findings add constraint findings_key unique nulls not distinct (run_id, step, item, attempt, gate, commit, position)',
  );
  await run(`update gate_results set result = result || '{"findings": []}'`);

  await run(`create table test_runs (
    id uuid primary key default gen_random_uuid(),
    organisation_id uuid not null references organisations,
    repository_id uuid not null references repositories,
    run_id uuid not null references runs,
    step text not null,
    item int,
    attempt int not null,
    commit text not null,
    tree text not null,
    at timestamptz not null default now(),
    unique nulls not distinct (run_id, step, item, attempt, commit))`);
  await run('create index test_runs_by_repository on test_runs (repository_id, at desc)');
  await run(`create table test_results (
    organisation_id uuid not null references organisations,
    test_run_id uuid not null references test_runs on delete cascade,
    position int not null,
    name text not null,
    verdict text not null check (verdict in ('pass', 'fail', 'skip')),
    duration_ms int,
    primary key (test_run_id, position))`);
  for (const table of ['test_runs', 'test_results']) await protect(run, table);
}
