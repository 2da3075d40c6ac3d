import { BatonError } from '../domain/errors.js';
import type { Tx } from './connection.js';
import { memberCalled, requireFree } from './members.js';

export interface Team {
  readonly name: string;
  /** Handles. */
  readonly members: readonly string[];
  readonly jobRoles: readonly { readonly project: string; readonly role: string }[];
}

/** All teams, by name. */
export async function listTeams(tx: Tx): Promise<Team[]> {
  const teams = await tx.selectFrom('teams').select(['id', 'name']).orderBy('name').execute();
  const joined = await tx
    .selectFrom('team_members as m')
    .innerJoin('people as p', 'p.id', 'm.person_id')
    .select(['m.team_id as teamId', 'p.handle'])
    .orderBy('p.handle')
    .execute();
  const held = await tx
    .selectFrom('team_roles as r')
    .innerJoin('projects as p', 'p.id', 'r.project_id')
    .select(['r.team_id as teamId', 'p.name as project', 'r.role'])
    .orderBy('p.name')
    .orderBy('r.role')
    .execute();
  return teams.map(({ id, name }) => ({
    name,
    members: joined.filter(({ teamId }) => teamId === id).map(({ handle }) => handle),
    jobRoles: held.filter(({ teamId }) => teamId === id).map(({ project, role }) => ({ project, role })),
  }));
}

export interface WantedTeam {
  readonly organisationId: string;
  readonly name: string;
  /** Handles: all who are in it from then on. */
  readonly members: readonly string[];
  /** All that it holds in the project from then on; null: as it is. */
  readonly jobRoles: { readonly projectId: string; readonly roles: readonly string[] } | null;
}

/** Makes a team, or brings the one of that name up to date. Throws `person-not-found`, `name-taken`. */
export async function saveTeam(tx: Tx, { organisationId, name, members, jobRoles }: WantedTeam): Promise<void> {
  await requireFree(tx, 'people', name);
  const { id } = await tx
    .insertInto('teams')
    .values({ organisation_id: organisationId, name })
    .onConflict((conflict) => conflict.columns(['organisation_id', 'name']).doUpdateSet({ name }))
    .returning('id')
    .executeTakeFirstOrThrow();
  await tx.deleteFrom('team_members').where('team_id', '=', id).execute();
  for (const handle of new Set(members)) {
    const person = await memberCalled(tx, handle);
    await tx
      .insertInto('team_members')
      .values({ organisation_id: organisationId, team_id: id, person_id: person.id })
      .execute();
  }
  if (!jobRoles) return;
  const { projectId, roles } = jobRoles;
  await tx.deleteFrom('team_roles').where('team_id', '=', id).where('project_id', '=', projectId).execute();
  for (const role of new Set(roles))
    await tx
      .insertInto('team_roles')
      .values({ organisation_id: organisationId, team_id: id, project_id: projectId, role })
      .execute();
}

/** Takes a team away; its people stay. Throws `team-not-found`. */
export async function removeTeam(tx: Tx, name: string): Promise<void> {
  const { numDeletedRows } = await tx.deleteFrom('teams').where('name', '=', name).executeTakeFirst();
  if (numDeletedRows > 0n) return;
  const known = (await listTeams(tx)).map((team) => team.name);
  throw new BatonError(
    'team-not-found',
    `There is no team ${name}; there ${known.length === 0 ? 'is none' : `are ${known.join(', ')}`}.`,
  );
}
