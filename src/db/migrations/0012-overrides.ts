import { sql, type Kysely } from 'kysely';
import { protect } from './protect.js';

/**
 * How people step in. A cancellation and a reset are written before they reach the workflow: whoever starts workflows
 * finds those that a crash left.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (statement: string) => sql.raw(statement).execute(db);
  await run('alter table runs add column paused boolean not null default false');
  await run(`create table overrides (
    id uuid primary key default gen_random_uuid(),
    organisation_id uuid not null references organisations,
    run_id uuid not null references runs,
    key text not null,
    kind text not null,
    step text,
    reason text not null,
    details jsonb not null default '{}',
    actor jsonb not null,
    created_at timestamptz not null default clock_timestamp(),
    delivered_at timestamptz,
    rerun_id uuid references runs,
    unique (organisation_id, key))`);
  await protect(run, 'overrides');
  await run('create index overrides_by_run on overrides (run_id, created_at)');
  await run('create index overrides_undelivered on overrides (created_at) where delivered_at is null');
  await run('grant select on overrides to baton_lookup');
  await run('create policy lookup on overrides for select to baton_lookup using (true)');
  await run(`create trigger notify_dispatch after insert on overrides for each row
    when (new.delivered_at is null) execute function baton_notify_dispatch()`);
}
