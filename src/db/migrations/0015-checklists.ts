import { sql, type Kysely } from 'kysely';
import { protect } from './protect.js';

const CHECKLIST_ITEMS = `
  id uuid primary key default gen_random_uuid(),
  organisation_id uuid not null references organisations,
  run_id uuid not null references runs,
  step text not null,
  item int,
  position int not null,
  text text not null,
  source text not null check (source in ('required', 'agent')),
  status text not null default 'open' check (status in ('open', 'done', 'failed')),
  agent_id uuid references agents,
  attempt int not null,
  note text,
  kept boolean not null default false,
  changes int not null default 0,
  changed_at timestamptz not null default clock_timestamp(),
  unique nulls not distinct (run_id, step, item, text)`;

/** What is to do in a step, one row each: what is required of its agent, and how the agent broke its work down. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (statement: string) => sql.raw(statement).execute(db);
  await run(`create table checklist_items (${CHECKLIST_ITEMS})`);
  await protect(run, 'checklist_items');
}
