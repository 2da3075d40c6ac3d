import { sql, type Kysely } from 'kysely';
import { protect } from './protect.js';

const TABLES = {
  teams: `
    id uuid primary key default gen_random_uuid(),
    organisation_id uuid not null references organisations,
    name text not null,
    created_at timestamptz not null default now(),
    unique (organisation_id, name)`,
  team_members: `
    organisation_id uuid not null references organisations,
    team_id uuid not null references teams on delete cascade,
    person_id uuid not null references people,
    primary key (team_id, person_id)`,
  team_roles: `
    organisation_id uuid not null references organisations,
    team_id uuid not null references teams on delete cascade,
    project_id uuid not null references projects,
    role text not null,
    primary key (team_id, project_id, role)`,
};

/** People join and leave; those of a team answer to its name, and hold the job roles that it holds. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (statement: string) => sql.raw(statement).execute(db);
  await run('alter table people add column left_at timestamptz');
  for (const [table, columns] of Object.entries(TABLES)) {
    await run(`create table ${table} (${columns})`);
    await protect(run, table);
  }
}
