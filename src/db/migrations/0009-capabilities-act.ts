import { sql, type Kysely } from 'kysely';

/**
 * A capability says whether it changes the tree, and whether what it changes is opened as a pull request; agents of every
 * kind; comments on the lines of a pull request.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (statement: string) => sql.raw(statement).execute(db);
  await run(`alter table capabilities
    add column mode text check (mode in ('change', 'analysis')),
    add column pull_request boolean not null default false`);
  await run('alter table agents drop constraint agents_adapter_check');
  await run(`alter table agents add constraint agents_adapter_check
    check (adapter in ('playbook', 'command', 'script', 'rule', 'api', 'action', 'role'))`);
  await run(`create table review_comments (
    id uuid primary key default gen_random_uuid(),
    organisation_id uuid not null references organisations,
    pull_request_id uuid not null references pull_requests,
    author text not null,
    commit text not null,
    file text not null,
    line int,
    body text not null,
    marker text not null,
    created_at timestamptz not null default now(),
    unique (pull_request_id, marker))`);
  await run('grant select, insert, update, delete on review_comments to baton_app');
  await run('alter table review_comments enable row level security');
  await run(`create policy organisation on review_comments to baton_app
    using (organisation_id = nullif(current_setting('baton.org', true), '')::uuid)
    with check (organisation_id = nullif(current_setting('baton.org', true), '')::uuid)`);
}
