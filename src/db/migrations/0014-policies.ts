import { sql, type Kysely } from 'kysely';
import { protect } from './protect.js';

const TABLES = {
  policy_versions: `
    id uuid primary key default gen_random_uuid(),
    organisation_id uuid not null references organisations,
    repository_id uuid references repositories,
    version int not null,
    source text not null,
    reason text not null,
    status text not null default 'proposed' check (status in ('proposed', 'active', 'superseded', 'rejected')),
    proposed_by uuid not null references people,
    created_at timestamptz not null default now(),
    decided_by uuid references people,
    decided_at timestamptz,
    note text,
    sole_member boolean not null default false`,
  approval_comments: `
    id uuid primary key default gen_random_uuid(),
    organisation_id uuid not null references organisations,
    approval_id uuid not null references approvals,
    person_id uuid not null references people,
    key text not null,
    body text not null,
    created_at timestamptz not null default clock_timestamp(),
    unique (approval_id, key)`,
  absences: `
    id uuid primary key default gen_random_uuid(),
    organisation_id uuid not null references organisations,
    person_id uuid not null references people,
    delegate_id uuid references people,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    note text,
    created_at timestamptz not null default now(),
    check (ends_at > starts_at),
    check (delegate_id <> person_id)`,
} as const;

const STATEMENTS = [
  `create unique index policy_versions_by_number on policy_versions
    (organisation_id, coalesce(repository_id, '00000000-0000-0000-0000-000000000000'), version)`,
  `create unique index one_active_policy on policy_versions
    (organisation_id, coalesce(repository_id, '00000000-0000-0000-0000-000000000000')) where status = 'active'`,
  'create index approval_comments_by_approval on approval_comments (approval_id, created_at)',
  'create index absences_by_end on absences (organisation_id, ends_at)',
  // What an approval needs is what several rules ask for, and why; before it was what one step asked for.
  'alter table approvals add column requirements jsonb',
  `update approvals set requirements = jsonb_build_array(
    policy || jsonb_build_object('rule', step, 'why', 'the pipeline asks for it'))`,
  'alter table approvals alter column requirements set not null',
  'alter table approvals drop column policy',
  "alter table approvals add column purpose text not null default 'step' check (purpose in ('step', 'act', 'land'))",
  'alter table approvals add column risk jsonb',
  // Who decided, with the roles and in whose place they then did.
  'alter table decisions add column person jsonb',
  'alter table runs add column risk_override jsonb',
];

/** Who decides what, as data; what is said of a decision; who stands in for whom. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const run = async (statement: string): Promise<void> => {
    await sql.raw(statement).execute(db);
  };
  for (const [table, columns] of Object.entries(TABLES)) {
    await run(`create table ${table} (${columns})`);
    await protect(run, table);
  }
  for (const statement of STATEMENTS) await run(statement);
}
