import { sql, type Kysely } from 'kysely';
import { protect } from './protect.js';

const QUESTIONS = `
  id uuid primary key,
  organisation_id uuid not null references organisations,
  run_id uuid not null references runs,
  step text not null,
  item int,
  attempt int not null,
  agent_id uuid references agents,
  asked_by text not null check (asked_by in ('agent', 'system')),
  workflow_id text not null,
  text text not null,
  options jsonb not null,
  recommended text,
  free_text boolean not null,
  answerers text[] not null,
  status text not null default 'open' check (status in ('open', 'answered', 'expired', 'cancelled')),
  asked_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  settled_at timestamptz,
  answered_by uuid references people,
  answer text,
  answer_text text,
  reason text`;

/** What agents and Baton ask of people; an attempt may end with a question. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (statement: string) => sql.raw(statement).execute(db);
  await run(`create table questions (${QUESTIONS})`);
  await protect(run, 'questions');
  await run('create index questions_by_time on questions (organisation_id, asked_at desc, id desc)');
  await run('create index questions_of_run on questions (run_id)');
  await run("create index questions_open on questions (organisation_id) where status = 'open'");
  await run('alter table attempts add column question jsonb');
  await run('alter table attempts drop constraint attempts_status_check');
  await run(`alter table attempts add constraint attempts_status_check
    check (status in ('running', 'asked', 'succeeded', 'failed', 'cancelled'))`);
}
