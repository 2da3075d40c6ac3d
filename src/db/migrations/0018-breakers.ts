import { sql, type Kysely } from 'kysely';
import { protect } from './protect.js';

/** Where work is stopped for a while: at a key of a provider that takes no more, or an agent that fails again and again. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (statement: string) => sql.raw(statement).execute(db);
  await run(`create table breakers (
    organisation_id uuid not null references organisations,
    kind text not null check (kind in ('provider', 'agent')),
    name text not null,
    fingerprint text not null default '',
    state text not null check (state in ('closed', 'open', 'half-open')),
    failures int not null,
    openings int not null,
    opened_at timestamptz,
    reset_at timestamptz,
    reason text,
    changed_at timestamptz not null default now(),
    check ((state = 'closed') = (reset_at is null)),
    primary key (organisation_id, kind, name, fingerprint))`);
  await protect(run, 'breakers');
}
