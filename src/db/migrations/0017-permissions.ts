import { sql, type Kysely } from 'kysely';
import { protect } from './protect.js';

/** What an agent may do is on its row; the files that a role owns are a project's to say. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (statement: string) => sql.raw(statement).execute(db);
  await run(`alter table agents add column permissions jsonb not null default '{}'`);
  await run(`create table role_territories (
    organisation_id uuid not null references organisations,
    project_id uuid not null references projects,
    role text not null,
    globs text[] not null check (cardinality(globs) > 0),
    primary key (project_id, role))`);
  await protect(run, 'role_territories');
}
