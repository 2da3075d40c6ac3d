import { sql, type Kysely } from 'kysely';
import { protect } from './protect.js';

/** Making a worktree ready is a phase of its own of an attempt: of the agent, and of the gates on its commit. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (statement: string) => sql.raw(statement).execute(db);
  await run(`create table set_ups (
    id uuid primary key default gen_random_uuid(),
    organisation_id uuid not null references organisations,
    run_id uuid not null references runs,
    step text not null,
    item int,
    attempt int not null,
    purpose text not null check (purpose in ('agent', 'gates')),
    commit text not null,
    command text not null,
    network text not null default 'none' check (network in ('none', 'host')),
    status text not null default 'running' check (status in ('running', 'succeeded', 'cached', 'failed', 'cancelled')),
    error text,
    log_id uuid references artifacts,
    started_at timestamptz not null default clock_timestamp(),
    ended_at timestamptz,
    unique nulls not distinct (run_id, step, item, attempt, purpose, commit))`);
  await protect(run, 'set_ups');
}
