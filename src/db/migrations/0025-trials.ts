import { sql, type Kysely } from 'kysely';
import { protect } from './protect.js';

/**
 * A configuration of a repository is tried once before it counts: set-up and gates run on the default branch. The log of
 * a trial is an artifact, which belongs to a run or to a trial.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (statement: string) => sql.raw(statement).execute(db);
  await run(`create table trials (
    id uuid primary key default gen_random_uuid(),
    organisation_id uuid not null references organisations,
    repository_id uuid not null references repositories on delete cascade,
    requested_by uuid not null references people,
    config text not null,
    commit text not null,
    status text not null default 'pending' check (status in ('pending', 'running', 'done', 'failed', 'cancelled')),
    phases jsonb not null default '[]',
    error jsonb,
    created_at timestamptz not null default now(),
    dispatched_at timestamptz,
    ended_at timestamptz)`);
  await protect(run, 'trials');
  await run('create index trials_by_repository on trials (repository_id, created_at desc)');
  await run('create index trials_undispatched on trials (created_at) where dispatched_at is null');
  await run(`create unique index one_open_trial on trials (repository_id) where status in ('pending', 'running')`);
  await run('grant select on trials to baton_lookup');
  await run('create policy lookup on trials for select to baton_lookup using (true)');
  await run(
    `create trigger notify_dispatch after insert on trials for each row execute function baton_notify_dispatch()`,
  );

  await run('alter table artifacts alter column run_id drop not null');
  await run('alter table artifacts add column trial_id uuid references trials on delete cascade');
  await run('alter table artifacts add check ((run_id is null) <> (trial_id is null))');
  await run('alter table artifacts drop constraint artifacts_run_id_step_item_attempt_kind_name_key');
  await run(`alter table artifacts add constraint artifacts_key
    unique nulls not distinct (run_id, trial_id, step, item, attempt, kind, name)`);
  await run('create index artifacts_by_trial on artifacts (trial_id) where trial_id is not null');
  // Where it was imported from, without credentials; null: it was made empty, or before this was kept.
  await run('alter table repositories add column source text');
  await run('alter table worktrees alter column run_id drop not null');
}
