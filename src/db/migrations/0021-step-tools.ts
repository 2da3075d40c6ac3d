import { sql, type Kysely } from 'kysely';
import { protect } from './protect.js';

/**
 * What an agent at work calls Baton by: a token that is good for one attempt, of which only the SHA-256 is kept, and what
 * it reported with it that ends the attempt.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (statement: string) => sql.raw(statement).execute(db);
  await run(`create table step_tokens (
    hash bytea primary key,
    organisation_id uuid not null references organisations,
    run_id uuid not null references runs,
    step text not null,
    item int,
    attempt int not null,
    about jsonb not null,
    calls int not null default 0,
    made_at timestamptz not null default now(),
    unique nulls not distinct (run_id, step, item, attempt))`);
  await protect(run, 'step_tokens');
  await run('grant select on step_tokens to baton_lookup');
  await run('create policy lookup on step_tokens for select to baton_lookup using (true)');
  await run('alter table attempts add column report jsonb');
}
