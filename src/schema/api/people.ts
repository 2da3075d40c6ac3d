import { z } from 'zod';
import { KEY_SCOPES } from '../../domain/key-scope.js';
import { line, project, time, uuid } from './fields.js';
import { named } from './named.js';

/** What people, teams and job roles are called where somebody is asked. */
const called = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/, 'use lower-case letters, digits and - (at most 40)');
const organisationRole = z.enum(['admin', 'author', 'reviewer', 'reader']);
const jobRoles = z.array(called).max(50);
const heldRoles = z.array(z.object({ project: z.string(), role: z.string() }));

export const person = named(
  'Person',
  z.object({
    id: uuid,
    handle: z.string(),
    name: z.string(),
    role: organisationRole,
    jobRoles: heldRoles.describe('Their own; those of their teams are the teams’'),
    teams: z.array(z.string()),
    leftAt: time.nullable(),
  }),
);
export const people = named('People', z.object({ items: z.array(person) }));
export const personParams = z.object({ handle: called });
export const savedPerson = named('SavedPerson', z.object({ handle: z.string() }));
export const newPerson = named(
  'NewPerson',
  z.strictObject({
    handle: called,
    name: line(100).optional().describe('Left out: as it is, of somebody new the handle'),
    role: organisationRole.describe('What they may do in the organisation'),
    jobRoles: jobRoles.optional().describe('All that they hold in the project from then on; left out: as it is'),
    project,
  }),
);

export const team = named(
  'Team',
  z.object({ name: z.string(), members: z.array(z.string()).describe('Handles'), jobRoles: heldRoles }),
);
export const teams = named('Teams', z.object({ items: z.array(team) }));
export const teamParams = z.object({ name: called });
export const savedTeam = named('SavedTeam', z.object({ name: z.string() }));
export const newTeam = named(
  'NewTeam',
  z.strictObject({
    name: called,
    members: z.array(called).max(500).describe('Handles of all who are in it from then on'),
    jobRoles: jobRoles.optional().describe('All that it holds in the project from then on; left out: as it is'),
    project,
  }),
);

export const keyScope = z.enum(KEY_SCOPES);
const scopes = z.array(keyScope).min(1).max(KEY_SCOPES.length);
export const key = named(
  'Key',
  z.object({
    id: uuid,
    label: z.string(),
    scopes: z.array(z.string()).nullable().describe('All that it opens; null: whatever its person may do'),
    createdAt: time,
    expiresAt: time.nullable(),
  }),
);
export const keys = named('Keys', z.object({ items: z.array(key) }));
export const keyParams = z.object({ id: uuid });
export const newKey = named(
  'NewKey',
  z.strictObject({
    label: line(100).describe('What it is for'),
    scopes: scopes.optional().describe('All that it opens; left out: whatever its person may do'),
    expiresInDays: z.int().min(1).max(3650).optional().describe('Left out: it lasts until it is revoked'),
  }),
);
export const createdKey = named(
  'CreatedKey',
  z.object({ token: z.string().describe('Told this once: only its hash is kept'), expiresAt: time.nullable() }),
);
export const revokedKey = named('RevokedKey', z.object({ id: uuid }));
