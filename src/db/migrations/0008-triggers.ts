import { sql, type Kysely } from 'kysely';

const TABLES = {
  // Where each branch stood when it was last looked at; `pushes` counts what was told of it, null is a branch that is gone.
  branch_heads: `
    organisation_id uuid not null references organisations,
    repository_id uuid not null references repositories,
    branch text not null,
    commit text,
    pushes int not null default 0,
    primary key (repository_id, branch)`,
  // What runs are about to push, so that whoever sees it arrive knows whose it is.
  own_pushes: `
    organisation_id uuid not null references organisations,
    repository_id uuid not null references repositories,
    branch text not null,
    commit text not null,
    run_id uuid not null references runs,
    created_at timestamptz not null default now(),
    primary key (repository_id, branch, commit)`,
};

/** Pushes are told once each, whoever made them; runs can wait for what blocks their task. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (statement: string) => sql.raw(statement).execute(db);
  for (const [table, columns] of Object.entries(TABLES)) {
    await run(`create table ${table} (${columns})`);
    await run(`alter table ${table} enable row level security`);
    await run(`create policy organisation on ${table} to baton_app
      using (organisation_id = nullif(current_setting('baton.org', true), '')::uuid)
      with check (organisation_id = nullif(current_setting('baton.org', true), '')::uuid)`);
    await run(`grant select, insert, update, delete on ${table} to baton_app`);
  }
  await run('alter table repositories add column heads_known boolean not null default false');
  await run('grant select on repositories to baton_lookup');
  await run('create policy lookup on repositories for select to baton_lookup using (true)');

  await run('alter table runs add column held boolean not null default false');
  await run('drop index runs_undispatched');
  await run('create index runs_undispatched on runs (created_at) where dispatched_at is null and not held');
  await run('create index runs_held on runs (task_id) where held');
  await run('create index tasks_blocked on tasks using gin (blocked_by)');
}
