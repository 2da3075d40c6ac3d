import { BatonError } from '../domain/errors.js';
import type { Tx } from './connection.js';
import { endAllKeys } from './keys.js';
import type { OrganisationRole } from './schema.js';

export interface Member {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  readonly role: OrganisationRole;
  /** Job roles of their own, by project; those of their teams are the teams'. */
  readonly jobRoles: readonly { readonly project: string; readonly role: string }[];
  readonly teams: readonly string[];
  readonly leftAt: Date | null;
}

/** The people of the organisation by handle, also those who have left. */
export async function listMembers(tx: Tx): Promise<Member[]> {
  const people = await tx
    .selectFrom('people')
    .select(['id', 'handle', 'name', 'role', 'left_at as leftAt'])
    .orderBy('handle')
    .execute();
  const held = await tx
    .selectFrom('job_roles as r')
    .innerJoin('projects as p', 'p.id', 'r.project_id')
    .select(['r.person_id as personId', 'p.name as project', 'r.role'])
    .orderBy('p.name')
    .orderBy('r.role')
    .execute();
  const joined = await tx
    .selectFrom('team_members as m')
    .innerJoin('teams as t', 't.id', 'm.team_id')
    .select(['m.person_id as personId', 't.name'])
    .orderBy('t.name')
    .execute();
  return people.map((person) => ({
    ...person,
    jobRoles: held.filter(({ personId }) => personId === person.id).map(({ project, role }) => ({ project, role })),
    teams: joined.filter(({ personId }) => personId === person.id).map(({ name }) => name),
  }));
}

export interface WantedMember {
  readonly organisationId: string;
  readonly handle: string;
  /** Left out: as it is, of a new person the handle. */
  readonly name: string | undefined;
  readonly role: OrganisationRole;
  /** All that they hold in the project from then on; left out: as it is. */
  readonly jobRoles: { readonly projectId: string; readonly roles: readonly string[] } | null;
}

/**
 * Lets somebody in, back in, or changes what they may do. Throws `name-taken`, `last-admin`.
 */
export async function saveMember(
  tx: Tx,
  { organisationId, handle, name, role, jobRoles }: WantedMember,
): Promise<void> {
  await lockPeople(tx);
  await requireFree(tx, 'teams', handle);
  const { id } = await tx
    .insertInto('people')
    .values({ organisation_id: organisationId, handle, name: name ?? handle, role })
    .onConflict((conflict) =>
      conflict
        .columns(['organisation_id', 'handle'])
        .doUpdateSet({ role, left_at: null, ...(name !== undefined && { name }) }),
    )
    .returning('id')
    .executeTakeFirstOrThrow();
  await requireAdmin(tx);
  if (!jobRoles) return;
  const { projectId, roles } = jobRoles;
  await tx.deleteFrom('job_roles').where('person_id', '=', id).where('project_id', '=', projectId).execute();
  const rows = [...new Set(roles)].map((held) => ({
    organisation_id: organisationId,
    project_id: projectId,
    person_id: id,
    role: held,
  }));
  if (rows.length > 0) await tx.insertInto('job_roles').values(rows).execute();
}

/**
 * Ends what somebody may do: their keys and sessions open nothing any more, and they answer to no approval. What they did
 * stays theirs. Throws `person-not-found`, `last-admin`.
 */
export async function dismissMember(tx: Tx, handle: string): Promise<void> {
  await lockPeople(tx);
  const { id } = await memberCalled(tx, handle);
  await tx.updateTable('people').set({ left_at: new Date() }).where('id', '=', id).execute();
  await requireAdmin(tx);
  await tx.deleteFrom('job_roles').where('person_id', '=', id).execute();
  await tx.deleteFrom('team_members').where('person_id', '=', id).execute();
  await endAllKeys(tx, id);
}

/** Somebody who has not left. Throws `person-not-found`. */
export async function memberCalled(tx: Tx, handle: string): Promise<Pick<Member, 'id' | 'handle' | 'role'>> {
  const people = await tx
    .selectFrom('people')
    .select(['id', 'handle', 'role'])
    .where('left_at', 'is', null)
    .orderBy('handle')
    .execute();
  const found = people.find((person) => person.handle === handle);
  if (found) return found;
  const known = people.slice(0, 20).map((person) => person.handle);
  throw new BatonError('person-not-found', `There is nobody called ${handle}; there are ${known.join(', ')}.`);
}

/** People and teams are named side by side where somebody is asked: one name is one of them. Throws `name-taken`. */
export async function requireFree(tx: Tx, of: 'people' | 'teams', name: string): Promise<void> {
  const taken =
    of === 'people'
      ? await tx.selectFrom('people').select('id').where('handle', '=', name).executeTakeFirst()
      : await tx.selectFrom('teams').select('id').where('name', '=', name).executeTakeFirst();
  if (taken)
    throw new BatonError(
      'name-taken',
      `${name} is the name of a ${of === 'people' ? 'person' : 'team'} already; choose another.`,
    );
}

/** One change of who is there at a time, so that two of them cannot take the last two admins. */
const lockPeople = (tx: Tx): Promise<unknown> =>
  tx.selectFrom('people').select('id').where('role', '=', 'admin').orderBy('id').forUpdate().execute();

async function requireAdmin(tx: Tx): Promise<void> {
  const admin = await tx
    .selectFrom('people')
    .select('id')
    .where('role', '=', 'admin')
    .where('left_at', 'is', null)
    .executeTakeFirst();
  if (!admin)
    throw new BatonError(
      'last-admin',
      'Nobody would be left who may let people in; make somebody else an admin first.',
    );
}
