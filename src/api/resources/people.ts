import { BatonError } from '../../domain/errors.js';
import { listKeys, revokeKey } from '../../db/keys.js';
import { dismissMember, listMembers, memberCalled, saveMember } from '../../db/members.js';
import type { KeyScope } from '../../domain/key-scope.js';
import { createApiKey } from '../../db/people.js';
import { requireProject } from '../../db/project-views.js';
import { listTeams, removeTeam, saveTeam } from '../../db/teams.js';
import type { Tx } from '../../db/connection.js';
import {
  createdKey,
  keyParams,
  keys,
  newKey,
  newPerson,
  newTeam,
  people,
  personParams,
  revokedKey,
  savedPerson,
  savedTeam,
  teamParams,
  teams,
} from '../../schema/api/people.js';
import { route, type Call } from '../route.js';

const tag = 'People';
const DAY_MS = 24 * 3600_000;

/** The job roles that a request wants to be held, in its project; null where it says nothing of them. */
async function heldIn(tx: Tx, roles: readonly string[] | undefined, project: string | undefined) {
  return roles === undefined ? null : { projectId: (await requireProject(tx, project)).id, roles };
}

interface WantedKey {
  readonly label: string;
  readonly expiresInDays?: number | undefined;
  readonly scopes?: readonly KeyScope[] | undefined;
}

/** Whoever has a key makes their own: nobody else gets one that speaks in their name. Throws `has-key`. */
async function keyless(tx: Tx, handle: string): Promise<string> {
  const { id } = await memberCalled(tx, handle);
  if ((await listKeys(tx, id)).length === 0) return id;
  throw new BatonError('has-key', `${handle} has a key, and makes others with it: baton keys create.`);
}

async function createKey({ principal, write }: Call, { label, expiresInDays, scopes }: WantedKey, of: string | null) {
  const expiresAt = expiresInDays === undefined ? undefined : new Date(Date.now() + expiresInDays * DAY_MS);
  const token = await write(async (tx) => {
    const { organisationId } = principal;
    const personId = of === null ? principal.personId : await keyless(tx, of);
    const limits = { ...(scopes && { scopes }), ...(expiresAt && { expiresAt }) };
    return createApiKey(tx, { organisationId, personId, label, kind: 'key', ...limits });
  });
  return { token, expiresAt: expiresAt ?? null };
}

export const peopleRoutes = [
  route({
    method: 'get',
    path: '/people',
    id: 'listPeople',
    tag,
    summary: 'Who is in the organisation, and what they may do',
    role: 'reader',
    response: people,
    handle: ({ read }) => read(async (tx) => ({ items: await listMembers(tx) })),
  }),
  route({
    method: 'post',
    path: '/people',
    id: 'savePerson',
    tag,
    summary: 'Let somebody in, or change what they may do',
    role: 'admin',
    action: 'person.save',
    body: newPerson,
    status: 201,
    response: savedPerson,
    handle: async ({ body, principal: { organisationId }, write, about }) => {
      const { handle, name, role, jobRoles, project } = body;
      about(`person:${handle}`, { role, jobRoles: jobRoles ?? null });
      await write(async (tx) =>
        saveMember(tx, { organisationId, handle, name, role, jobRoles: await heldIn(tx, jobRoles, project) }),
      );
      return { handle };
    },
  }),
  route({
    method: 'delete',
    path: '/people/:handle',
    id: 'dismissPerson',
    tag,
    summary: 'Somebody leaves: their keys and sessions end, what they did stays theirs',
    role: 'admin',
    action: 'person.dismiss',
    params: personParams,
    response: savedPerson,
    handle: async ({ params: { handle }, write, about }) => {
      about(`person:${handle}`);
      await write((tx) => dismissMember(tx, handle));
      return { handle };
    },
  }),
  route({
    method: 'post',
    path: '/people/:handle/keys',
    id: 'createKeyFor',
    tag,
    summary: 'A first key for somebody who has none',
    role: 'admin',
    action: 'key.create',
    secret: true,
    params: personParams,
    body: newKey,
    status: 201,
    response: createdKey,
    handle: (call) => {
      call.about(`person:${call.params.handle}`, { label: call.body.label });
      return createKey(call, call.body, call.params.handle);
    },
  }),
  route({
    method: 'get',
    path: '/me/keys',
    id: 'listKeys',
    tag,
    summary: 'Your keys, without what opens',
    role: 'reader',
    response: keys,
    handle: ({ principal, read }) => read(async (tx) => ({ items: await listKeys(tx, principal.personId) })),
  }),
  route({
    method: 'post',
    path: '/me/keys',
    id: 'createKey',
    tag,
    summary: 'Another key of yours',
    role: 'reader',
    action: 'key.create',
    secret: true,
    body: newKey,
    status: 201,
    response: createdKey,
    handle: (call) => {
      call.about(`person:${call.principal.handle}`, { label: call.body.label });
      return createKey(call, call.body, null);
    },
  }),
  route({
    method: 'delete',
    path: '/me/keys/:id',
    id: 'revokeKey',
    tag,
    summary: 'Revoke a key of yours',
    role: 'reader',
    action: 'key.revoke',
    params: keyParams,
    response: revokedKey,
    handle: async ({ params: { id }, principal, write, about }) => {
      about(`person:${principal.handle}`, { key: id });
      await write((tx) => revokeKey(tx, principal.personId, id));
      return { id };
    },
  }),
  route({
    method: 'get',
    path: '/teams',
    id: 'listTeams',
    tag,
    summary: 'Teams, who is in them, and the job roles that they hold',
    role: 'reader',
    response: teams,
    handle: ({ read }) => read(async (tx) => ({ items: await listTeams(tx) })),
  }),
  route({
    method: 'post',
    path: '/teams',
    id: 'saveTeam',
    tag,
    summary: 'Make a team, or bring the one of that name up to date',
    role: 'admin',
    action: 'team.save',
    body: newTeam,
    status: 201,
    response: savedTeam,
    handle: async ({ body: { name, members, jobRoles, project }, principal: { organisationId }, write, about }) => {
      about(`team:${name}`, { members, jobRoles: jobRoles ?? null });
      await write(async (tx) =>
        saveTeam(tx, { organisationId, name, members, jobRoles: await heldIn(tx, jobRoles, project) }),
      );
      return { name };
    },
  }),
  route({
    method: 'delete',
    path: '/teams/:name',
    id: 'removeTeam',
    tag,
    summary: 'Take a team away; its people stay',
    role: 'admin',
    action: 'team.remove',
    params: teamParams,
    response: savedTeam,
    handle: async ({ params: { name }, write, about }) => {
      about(`team:${name}`);
      await write((tx) => removeTeam(tx, name));
      return { name };
    },
  }),
];
