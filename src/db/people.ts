import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { appendAudit, type Origin } from './audit.js';
import { withOrganisation, withRole, type Db, type Tx } from './connection.js';
import type { OrganisationRole } from './schema.js';

/** Who a request comes from. */
export interface Principal {
  readonly organisationId: string;
  readonly personId: string;
  readonly handle: string;
  readonly name: string;
  readonly role: OrganisationRole;
  readonly keyId: string;
  readonly kind: 'key' | 'session';
  /** All that its key opens; null or left out: whatever its person may do. */
  readonly scopes?: readonly string[] | null;
  /** Of the request; whoever acts without one, as the first start does, has none. */
  readonly origin?: Origin;
}

export interface NewPerson {
  readonly organisationId: string;
  readonly handle: string;
  readonly name: string;
  readonly role: OrganisationRole;
}

export async function createPerson(tx: Tx, person: NewPerson): Promise<string> {
  const row = await tx
    .insertInto('people')
    .values({ organisation_id: person.organisationId, handle: person.handle, name: person.name, role: person.role })
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}

export interface NewKey {
  readonly organisationId: string;
  readonly personId: string;
  readonly label: string;
  /** `sign-in` opens a browser session once; `session` is that session. */
  readonly kind: 'key' | 'sign-in' | 'session';
  /** All that it opens; left out: whatever its person may do. */
  readonly scopes?: readonly string[];
  readonly expiresAt?: Date;
}

/** Makes a key and returns it in clear, this once: only its SHA-256 is kept. */
export async function createApiKey(tx: Tx, key: NewKey): Promise<string> {
  const secret = `baton_${randomBytes(32).toString('base64url')}`;
  await tx
    .insertInto('api_keys')
    .values({
      organisation_id: key.organisationId,
      person_id: key.personId,
      hash: hashKey(secret),
      label: key.label,
      kind: key.kind,
      scopes: key.scopes ? [...key.scopes] : null,
      expires_at: key.expiresAt ?? null,
    })
    .execute();
  return secret;
}

/** The person behind a key or a session; null where it is unknown or expired. */
export async function authenticate(db: Db, key: string): Promise<Principal | null> {
  return withRole(db, 'baton_lookup', async (tx) => {
    const row = await tx
      .selectFrom('api_keys as k')
      .innerJoin('people as p', 'p.id', 'k.person_id')
      .select([
        'k.organisation_id as organisationId',
        'p.id as personId',
        'p.handle',
        'p.name',
        'p.role',
        'k.id as keyId',
        'k.kind',
        'k.scopes',
      ])
      .where('k.hash', '=', hashKey(key))
      .where('k.kind', '<>', 'sign-in')
      .where('p.left_at', 'is', null)
      .where((eb) => eb.or([eb('k.expires_at', 'is', null), eb('k.expires_at', '>', sql<Date>`now()`)]))
      .executeTakeFirst();
    return row ? { ...row, kind: row.kind === 'session' ? 'session' : 'key' } : null;
  });
}

const SESSION_MS = 7 * 24 * 3600_000;

/**
 * Turns a one-time sign-in token into a session key; null where the token is unknown, expired or used. Both are in the
 * audit trail, where it is known whose token it was.
 */
export async function consumeSignIn(db: Db, token: string, from: Omit<Origin, 'session'>): Promise<string | null> {
  const known = await withRole(db, 'baton_lookup', async (tx) => {
    const consumed = await tx
      .updateTable('api_keys')
      .set({ used_at: sql<Date>`now()` })
      .where('hash', '=', hashKey(token))
      .where('kind', '=', 'sign-in')
      .where('used_at', 'is', null)
      .where('expires_at', '>', sql<Date>`now()`)
      .returning('id')
      .executeTakeFirst();
    const key = await tx
      .selectFrom('api_keys as k')
      .innerJoin('people as p', 'p.id', 'k.person_id')
      .select(['k.id', 'k.organisation_id as organisationId', 'p.id as personId', 'p.handle'])
      .where('k.hash', '=', hashKey(token))
      .where('k.kind', '=', 'sign-in')
      .executeTakeFirst();
    return key && { ...key, isGood: consumed !== undefined };
  });
  if (!known) return null;
  const { organisationId, personId, handle, isGood } = known;
  return withOrganisation(db, organisationId, async (tx) => {
    const expiresAt = new Date(Date.now() + SESSION_MS);
    const session = isGood
      ? await createApiKey(tx, { organisationId, personId, label: 'browser', kind: 'session', expiresAt })
      : null;
    await appendAudit(tx, {
      organisationId,
      actor: { kind: 'person', id: personId, name: handle },
      action: 'session.open',
      resource: `person:${handle}`,
      outcome: isGood ? 'success' : 'denied',
      ...from,
      session: known.id,
    });
    return session;
  });
}

/** The session opens nothing any more; its row stays, for the audit trail names it. */
export async function endSession(tx: Tx, keyId: string): Promise<void> {
  await tx
    .updateTable('api_keys')
    .set({ expires_at: sql<Date>`now()` })
    .where('id', '=', keyId)
    .where('kind', '=', 'session')
    .execute();
}

/** What people answer to in a project: job roles of their own, those of their teams, and the names of these. */
export const heldRoles = (tx: Tx, projectId: string) =>
  tx
    .selectFrom('job_roles')
    .select(['person_id', 'role'])
    .where('project_id', '=', projectId)
    .union(
      tx
        .selectFrom('team_members as m')
        .innerJoin('team_roles as r', 'r.team_id', 'm.team_id')
        .select(['m.person_id', 'r.role'])
        .where('r.project_id', '=', projectId),
    )
    .union(
      tx
        .selectFrom('team_members as m')
        .innerJoin('teams as t', 't.id', 'm.team_id')
        .select(['m.person_id', 't.name as role']),
    );

/** What a person answers to in a project beside their handle. */
export async function jobRoles(tx: Tx, projectId: string, personId: string): Promise<string[]> {
  const rows = await tx
    .selectFrom(heldRoles(tx, projectId).as('held'))
    .select('role')
    .where('person_id', '=', personId)
    .orderBy('role')
    .execute();
  return rows.map(({ role }) => role);
}

const hashKey = (key: string): Buffer => createHash('sha256').update(key).digest();
