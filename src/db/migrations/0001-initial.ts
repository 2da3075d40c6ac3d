import { sql, type Kysely } from 'kysely';
import { createRole, type Run } from './roles.js';

/** Tables that belong to an organisation through `organisation_id`, and what the application may do with their rows. */
const TABLES = {
  organisations: `
    id uuid primary key default gen_random_uuid(),
    organisation_id uuid generated always as (id) stored,
    name text not null unique,
    last_run_number bigint not null default 0,
    created_at timestamptz not null default now()`,
  people: `
    id uuid primary key default gen_random_uuid(),
    organisation_id uuid not null references organisations,
    handle text not null,
    name text not null,
    role text not null check (role in ('admin', 'author', 'reviewer', 'reader')),
    created_at timestamptz not null default now(),
    unique (organisation_id, handle)`,
  api_keys: `
    id uuid primary key default gen_random_uuid(),
    organisation_id uuid not null references organisations,
    person_id uuid not null references people,
    hash bytea not null unique,
    label text not null,
    kind text not null check (kind in ('key', 'sign-in', 'session')),
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    used_at timestamptz`,
  projects: `
    id uuid primary key default gen_random_uuid(),
    organisation_id uuid not null references organisations,
    name text not null,
    created_at timestamptz not null default now(),
    unique (organisation_id, name)`,
  job_roles: `
    organisation_id uuid not null references organisations,
    project_id uuid not null references projects,
    person_id uuid not null references people,
    role text not null,
    primary key (project_id, person_id, role)`,
  repositories: `
    id uuid primary key default gen_random_uuid(),
    organisation_id uuid not null references organisations,
    project_id uuid not null references projects,
    name text not null,
    forge text not null check (forge in ('local')),
    remote_url text not null,
    default_branch text not null,
    protected_branches text[] not null,
    last_number int not null default 0,
    created_at timestamptz not null default now(),
    unique (project_id, name)`,
  agents: `
    id uuid primary key default gen_random_uuid(),
    organisation_id uuid not null references organisations,
    project_id uuid not null references projects,
    name text not null,
    type text not null check (type in ('claude', 'codex', 'copilot', 'cursor', 'gemini', 'opencode', 'custom')),
    kind text not null check (kind in ('LLM', 'RULE', 'API', 'SCRIPT')),
    adapter text not null check (adapter in ('playbook', 'command')),
    roles text[] not null,
    description text not null default '',
    version text not null default '1',
    entry jsonb not null,
    risk_level text not null check (risk_level in ('AUTO', 'APPROVAL_REQUIRED')),
    status text not null default 'idle' check (status in ('idle', 'working', 'waiting-for-input', 'blocked', 'errored', 'paused', 'offline')),
    owner_id uuid references people,
    limits jsonb not null default '{}',
    created_at timestamptz not null default now(),
    unique (project_id, name)`,
  capabilities: `
    organisation_id uuid not null references organisations,
    agent_id uuid not null references agents on delete cascade,
    name text not null,
    description text not null default '',
    input_schema jsonb,
    output_schema jsonb,
    primary key (agent_id, name)`,
  issues: `
    id uuid primary key default gen_random_uuid(),
    organisation_id uuid not null references organisations,
    repository_id uuid not null references repositories,
    number int not null,
    title text not null,
    body text not null default '',
    acceptance_criteria text not null default '',
    labels text[] not null default '{}',
    state text not null default 'open' check (state in ('open', 'closed')),
    author_id uuid not null references people,
    created_at timestamptz not null default now(),
    unique (repository_id, number)`,
  pipelines: `
    id uuid primary key default gen_random_uuid(),
    organisation_id uuid not null references organisations,
    project_id uuid not null references projects,
    name text not null,
    state text not null check (state in ('active', 'draft', 'archived')),
    version int not null default 0,
    created_at timestamptz not null default now(),
    unique (project_id, name)`,
  pipeline_versions: `
    organisation_id uuid not null references organisations,
    pipeline_id uuid not null references pipelines,
    version int not null,
    source text not null,
    plan jsonb not null,
    unavailable text[] not null default '{}',
    created_by uuid references people,
    created_at timestamptz not null default now(),
    primary key (pipeline_id, version)`,
  tasks: `
    id uuid primary key default gen_random_uuid(),
    organisation_id uuid not null references organisations,
    project_id uuid not null references projects,
    repository_id uuid not null references repositories,
    issue_id uuid references issues,
    type text not null,
    priority text not null check (priority in ('P0', 'P1', 'P2', 'P3')),
    status text not null default 'pending',
    title text not null,
    branch text,
    required_capability text,
    affected_files text[] not null default '{}',
    agent_id uuid references agents,
    assigned_at timestamptz,
    estimated_completion timestamptz,
    blocked_by uuid[] not null default '{}',
    commits text[] not null default '{}',
    instructions jsonb not null default '{}',
    requested_by uuid not null references people,
    created_at timestamptz not null default now()`,
  runs: `
    id uuid primary key default gen_random_uuid(),
    organisation_id uuid not null references organisations,
    project_id uuid not null references projects,
    number bigint not null,
    workflow_id text not null unique,
    pipeline_id uuid not null references pipelines,
    pipeline_version int not null,
    repository_id uuid references repositories,
    issue_id uuid references issues,
    task_id uuid references tasks,
    parent_id uuid references runs,
    rerun_of uuid references runs,
    rerun_from text,
    root_id uuid references runs,
    status text not null default 'pending' check (status in ('pending', 'running', 'waiting', 'succeeded', 'failed', 'cancelled')),
    priority text not null default 'P2',
    trigger jsonb not null,
    input jsonb not null,
    branch text,
    error jsonb,
    briefing text not null default '',
    warnings text[] not null default '{}',
    requested_by uuid not null references people,
    created_at timestamptz not null default now(),
    dispatched_at timestamptz,
    started_at timestamptz,
    ended_at timestamptz,
    unique (organisation_id, number)`,
  steps: `
    id uuid primary key default gen_random_uuid(),
    organisation_id uuid not null references organisations,
    run_id uuid not null references runs,
    step text not null,
    item int,
    position int not null,
    name text not null,
    kind text not null,
    status text not null default 'pending' check (status in ('pending', 'running', 'waiting', 'succeeded', 'failed', 'skipped', 'cancelled')),
    input jsonb,
    output jsonb,
    error jsonb,
    commit text,
    started_at timestamptz,
    ended_at timestamptz,
    unique nulls not distinct (run_id, step, item)`,
  attempts: `
    id uuid primary key default gen_random_uuid(),
    organisation_id uuid not null references organisations,
    run_id uuid not null references runs,
    step text not null,
    item int,
    attempt int not null,
    agent_id uuid references agents,
    status text not null default 'running' check (status in ('running', 'succeeded', 'failed', 'cancelled')),
    base text,
    commit text,
    summary text not null default '',
    answered boolean not null default false,
    network text not null default 'none',
    tokens_in bigint,
    tokens_out bigint,
    cost_usd numeric(12, 6),
    error jsonb,
    started_at timestamptz not null default now(),
    ended_at timestamptz,
    unique nulls not distinct (run_id, step, item, attempt)`,
  gate_results: `
    id uuid primary key default gen_random_uuid(),
    organisation_id uuid not null references organisations,
    run_id uuid not null references runs,
    step text not null,
    item int,
    attempt int not null,
    gate text not null,
    commit text not null,
    verdict text not null check (verdict in ('pass', 'fail', 'inconclusive')),
    summary text not null,
    result jsonb not null,
    created_at timestamptz not null default now(),
    unique nulls not distinct (run_id, step, item, attempt, gate, commit)`,
  findings: `
    organisation_id uuid not null references organisations,
    run_id uuid not null references runs,
    step text not null,
    item int,
    attempt int not null,
    position int not null,
    commit text not null,
    rule text not null,
    severity text not null,
    message text not null,
    file text,
    line int,
    fix text,
    unique nulls not distinct (run_id, step, item, attempt, position)`,
  approvals: `
    id uuid primary key default gen_random_uuid(),
    organisation_id uuid not null references organisations,
    run_id uuid not null references runs,
    step text not null,
    status text not null default 'open' check (status in ('open', 'approved', 'rejected', 'expired', 'cancelled')),
    policy jsonb not null,
    excluded uuid[] not null default '{}',
    sole_member boolean not null default false,
    repository_id uuid references repositories,
    base text,
    commit text,
    patch_id text,
    requested_at timestamptz not null default now(),
    expires_at timestamptz,
    settled_at timestamptz,
    unique (run_id, step)`,
  decisions: `
    organisation_id uuid not null references organisations,
    approval_id uuid not null references approvals,
    person_id uuid not null references people,
    verdict text not null check (verdict in ('approve', 'reject')),
    note text,
    created_at timestamptz not null default now(),
    primary key (approval_id, person_id)`,
  pull_requests: `
    id uuid primary key default gen_random_uuid(),
    organisation_id uuid not null references organisations,
    repository_id uuid not null references repositories,
    number int not null,
    title text not null,
    body text not null,
    head text not null,
    base text not null,
    state text not null default 'open' check (state in ('open', 'merged', 'closed')),
    labels text[] not null default '{}',
    reviewers text[] not null default '{}',
    run_id uuid references runs,
    merged_commit text,
    created_at timestamptz not null default now(),
    merged_at timestamptz,
    unique (repository_id, number)`,
  reviews: `
    id uuid primary key default gen_random_uuid(),
    organisation_id uuid not null references organisations,
    pull_request_id uuid not null references pull_requests,
    author text not null,
    verdict text not null check (verdict in ('approve', 'reject', 'comment')),
    body text not null,
    marker text not null,
    created_at timestamptz not null default now(),
    unique (pull_request_id, marker)`,
  checks: `
    organisation_id uuid not null references organisations,
    repository_id uuid not null references repositories,
    commit text not null,
    name text not null,
    conclusion text not null check (conclusion in ('success', 'failure', 'neutral')),
    summary text not null,
    created_at timestamptz not null default now(),
    primary key (repository_id, commit, name)`,
  artifacts: `
    id uuid primary key default gen_random_uuid(),
    organisation_id uuid not null references organisations,
    run_id uuid not null references runs,
    step text,
    item int,
    attempt int,
    kind text not null,
    name text not null,
    media_type text not null,
    bytes bigint not null default 0,
    chunks int not null default 0,
    closed boolean not null default false,
    created_at timestamptz not null default now(),
    unique nulls not distinct (run_id, step, item, attempt, kind, name)`,
  artifact_chunks: `
    organisation_id uuid not null references organisations,
    artifact_id uuid not null references artifacts on delete cascade,
    position int not null,
    body bytea not null,
    primary key (artifact_id, position)`,
  idempotency_keys: `
    organisation_id uuid not null references organisations,
    person_id uuid not null references people,
    key text not null,
    request_hash text not null,
    status int,
    body jsonb,
    created_at timestamptz not null default now(),
    primary key (person_id, key)`,
  worktrees: `
    organisation_id uuid not null references organisations,
    host text not null,
    name text not null,
    repository_id uuid not null references repositories,
    run_id uuid not null references runs,
    step text not null,
    created_at timestamptz not null default now(),
    primary key (host, name)`,
} as const;

/** Rows that are written once and then only read. */
const APPEND_ONLY = {
  event_keys: `
    organisation_id uuid not null references organisations,
    key text not null,
    primary key (organisation_id, key)`,
} as const;

const INDEXES = [
  "create unique index one_open_run on runs (pipeline_id, issue_id) where status in ('pending', 'running', 'waiting') and parent_id is null",
  'create index runs_by_time on runs (organisation_id, created_at desc)',
  'create index runs_undispatched on runs (created_at) where dispatched_at is null',
  "create index approvals_open on approvals (organisation_id, requested_at) where status = 'open'",
  'create index steps_by_run on steps (run_id, position)',
  'create index attempts_by_run on attempts (run_id)',
  'create index pull_requests_by_head on pull_requests (repository_id, head)',
  "create unique index one_open_pull_request on pull_requests (repository_id, head) where state = 'open'",
  "create unique index one_open_task on tasks (issue_id) where status <> 'completed'",
];

/**
 * Roles: `baton_app` sees one organisation at a time and cannot bypass; `baton_lookup` finds whose key a hash is;
 * `baton_feed` tails the events of all organisations. The login that connects is a member of each and takes one per
 * transaction.
 */
const ROLES = ['baton_app', 'baton_lookup', 'baton_feed'];

export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (statement: string) => sql.raw(statement).execute(db);

  for (const role of ROLES) await createRole(run, role);
  for (const [table, columns] of Object.entries({ ...TABLES, ...APPEND_ONLY })) {
    await run(`create table ${table} (${columns})`);
    await protect(run, table);
  }
  for (const index of INDEXES) await run(index);

  await createEvents(run);
  await createAudit(run);

  await run(`grant usage on schema public to ${ROLES.join(', ')}`);
  for (const table of Object.keys(TABLES)) await run(`grant select, insert, update, delete on ${table} to baton_app`);
  for (const table of [...Object.keys(APPEND_ONLY), 'events', 'audit'])
    await run(`grant select, insert on ${table} to baton_app`);
  await run('revoke update, delete on decisions from baton_app');
  await run('grant select on api_keys, people to baton_lookup');
  await run('grant update (used_at) on api_keys to baton_lookup');
  await run('grant select on events to baton_feed');
  await run('grant select on organisations, runs to baton_lookup');
  await run('grant select, delete on worktrees to baton_lookup');
  for (const table of ['api_keys', 'people', 'organisations', 'runs', 'worktrees']) {
    await run(`create policy lookup on ${table} to baton_lookup using (true)`);
  }
  await run('create policy feed on events for select to baton_feed using (true)');
}

async function protect(run: Run, table: string): Promise<void> {
  await run(`alter table ${table} enable row level security`);
  await run(`create policy organisation on ${table} to baton_app
    using (organisation_id = nullif(current_setting('baton.org', true), '')::uuid)
    with check (organisation_id = nullif(current_setting('baton.org', true), '')::uuid)`);
}

/** The stream of events: append-only, by month; `xid` and `id` order it for readers that must lose nothing. */
async function createEvents(run: Run): Promise<void> {
  await run(`create table events (
    id bigint generated always as identity,
    xid xid8 not null default pg_current_xact_id(),
    at timestamptz not null default now(),
    organisation_id uuid not null references organisations,
    project_id uuid,
    key text not null,
    type text not null,
    run_id uuid,
    repository_id uuid,
    actor jsonb not null,
    briefing text not null,
    payload jsonb not null,
    primary key (at, id)
  ) partition by range (at)`);
  await run('create table events_default partition of events default');
  await run('create index events_by_position on events (xid, id)');
  await run('create index events_by_run on events (run_id, xid, id)');
  await protect(run, 'events');
  await run(`create function baton_notify_event() returns trigger language plpgsql as $$
    begin perform pg_notify('baton_events', ''); return null; end $$`);
  await run(
    `create trigger notify_event after insert on events for each statement execute function baton_notify_event()`,
  );
}

/**
 * The audit trail: append-only, each row bound to the one before it by a hash, one chain per organisation. The id is
 * given under the lock: the default's would be older than the lock, and out of the chain's order.
 */
async function createAudit(run: Run): Promise<void> {
  await run(`create table audit (
    id bigint generated always as identity,
    at timestamptz not null default clock_timestamp(),
    organisation_id uuid not null references organisations,
    actor jsonb not null,
    action text not null,
    resource text not null,
    details jsonb not null,
    outcome text not null check (outcome in ('success', 'failure', 'denied')),
    address text,
    user_agent text,
    session text,
    previous_hash bytea,
    hash bytea not null,
    primary key (at, id)
  ) partition by range (at)`);
  await run('create table audit_default partition of audit default');
  await run('create index audit_by_organisation on audit (organisation_id, id)');
  await protect(run, 'audit');
  await run(`create function baton_audit_hash(entry audit) returns bytea language sql immutable as $$
    select sha256(convert_to(concat_ws(E'\\x1f', coalesce(encode(entry.previous_hash, 'hex'), ''), entry.organisation_id::text,
      extract(epoch from entry.at)::text, entry.actor::text, entry.action, entry.resource, entry.details::text, entry.outcome,
      coalesce(entry.address, ''), coalesce(entry.user_agent, ''), coalesce(entry.session, '')), 'UTF8')) $$`);
  await run(`create function baton_chain_audit() returns trigger language plpgsql as $$
    begin
      perform pg_advisory_xact_lock(hashtextextended('baton audit ' || new.organisation_id::text, 0));
      new.at := clock_timestamp();
      new.id := nextval('audit_id_seq');
      select a.hash into new.previous_hash from audit a where a.organisation_id = new.organisation_id order by a.id desc limit 1;
      new.hash := baton_audit_hash(new);
      return new;
    end $$`);
  await run('grant usage on sequence audit_id_seq to baton_app');
  await run(`create trigger chain_audit before insert on audit for each row execute function baton_chain_audit()`);
}
