import { sql, type Kysely } from 'kysely';
import { protect } from './protect.js';

/** Workers report which agent programs they have and which key variables are set, by name, never a value. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (statement: string) => sql.raw(statement).execute(db);
  await run(`create table worker_reports (
    organisation_id uuid not null references organisations (id),
    worker text not null,
    programs jsonb not null,
    variables text[] not null,
    seen_at timestamptz not null default now(),
    primary key (organisation_id, worker)
  )`);
  await protect(run, 'worker_reports');
}
