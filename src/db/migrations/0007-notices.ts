import { sql, type Kysely } from 'kysely';
import { protect } from './protect.js';

const TABLES = {
  channels: `
    id uuid primary key default gen_random_uuid(),
    organisation_id uuid not null references organisations,
    name text not null,
    kind text not null check (kind in ('slack', 'discord', 'teams', 'mail', 'webhook', 'pager')),
    settings jsonb not null,
    secret_env text,
    quiet_hours jsonb,
    created_at timestamptz not null default now(),
    unique (organisation_id, name)`,
  notices: `
    id uuid primary key default gen_random_uuid(),
    organisation_id uuid not null references organisations,
    key text not null,
    channel text not null,
    event text not null,
    run_id uuid references runs,
    urgent boolean not null default false,
    title text not null,
    text text not null,
    data jsonb not null default '{}',
    attachments uuid[] not null default '{}',
    status text not null default 'pending' check (status in ('pending', 'sent', 'failed')),
    round int not null default 1,
    attempts int not null default 0,
    error jsonb,
    remote_id text,
    created_at timestamptz not null default now(),
    held_until timestamptz,
    dispatched_at timestamptz,
    settled_at timestamptz,
    unique (organisation_id, key)`,
  escalations: `
    id uuid primary key default gen_random_uuid(),
    organisation_id uuid not null references organisations,
    project_id uuid references projects,
    cause text not null,
    subject text not null,
    title text not null,
    since timestamptz not null,
    run_id uuid references runs,
    facts jsonb not null default '{}',
    status text not null default 'open' check (status in ('open', 'cleared', 'ended')),
    levels jsonb not null default '[]',
    created_at timestamptz not null default now(),
    dispatched_at timestamptz,
    closed_at timestamptz,
    signalled_at timestamptz`,
} as const;

const INDEXES = [
  'create index notices_by_time on notices (organisation_id, created_at desc, id desc)',
  'create index notices_undispatched on notices (created_at) where dispatched_at is null',
  "create unique index one_open_escalation on escalations (organisation_id, cause, subject) where status = 'open'",
  'create index escalations_by_time on escalations (organisation_id, created_at desc, id desc)',
  'create index escalations_undispatched on escalations (created_at) where dispatched_at is null',
  "create index escalations_unsignalled on escalations (created_at) where status = 'cleared' and signalled_at is null",
];

/**
 * What is told to people and where, and what grows worse with time. Whoever starts workflows hears at once that there is
 * one to start, and finds it by a role that looks across organisations.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (statement: string) => sql.raw(statement).execute(db);
  for (const [table, columns] of Object.entries(TABLES)) {
    await run(`create table ${table} (${columns})`);
    await protect(run, table);
  }
  for (const index of INDEXES) await run(index);
  await run(`create function baton_notify_dispatch() returns trigger language plpgsql as $$
    begin perform pg_notify('baton_dispatch', ''); return null; end $$`);
  for (const table of ['notices', 'escalations']) {
    await run(`grant select on ${table} to baton_lookup`);
    await run(`create policy lookup on ${table} for select to baton_lookup using (true)`);
    await run(
      `create trigger notify_dispatch after insert on ${table} for each row execute function baton_notify_dispatch()`,
    );
  }
  await run(`create trigger notify_cleared after update of status on escalations for each row
    when (new.status = 'cleared') execute function baton_notify_dispatch()`);
}
