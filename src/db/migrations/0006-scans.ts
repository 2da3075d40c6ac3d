import { sql, type Kysely } from 'kysely';
import { protect } from './protect.js';

/**
 * What a scan finds is known again: by its fingerprint, in its repository, with the issue that was filed for it. Issues
 * have comments; `marker` is what a comment is written once for.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (statement: string) => sql.raw(statement).execute(db);
  await run('alter table findings add column fingerprint text');
  await run('alter table gate_results add column repository_id uuid references repositories');

  await run(`create table issue_comments (
    id uuid primary key default gen_random_uuid(),
    organisation_id uuid not null references organisations,
    issue_id uuid not null references issues,
    author jsonb not null,
    body text not null,
    marker text not null,
    created_at timestamptz not null default now(),
    unique (issue_id, marker))`);
  await run(`create table finding_issues (
    organisation_id uuid not null references organisations,
    repository_id uuid not null references repositories,
    gate text not null,
    fingerprint text not null,
    number int not null,
    gone boolean not null default false,
    changed_at timestamptz not null default now(),
    primary key (repository_id, gate, fingerprint))`);
  for (const table of ['issue_comments', 'finding_issues']) await protect(run, table);
}
