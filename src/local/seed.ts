import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { connect, withOrganisation, withRole, type Db, type Tx } from '../db/connection.js';
import { authenticate, createApiKey, createPerson, type Principal } from '../db/people.js';
import { BatonError } from '../domain/errors.js';
import { slugify } from '../domain/slug.js';
import { createLocalForge } from '../forge/local.js';
import { readJsonFile, writeJsonFile } from './json-file.js';
import { seedAgents } from './seed-agents.js';
import { seedDemo } from './seed-demo.js';
import { seedPipelines } from './seed-pipelines.js';

export interface SeedOptions {
  readonly databaseUrl: string;
  readonly dataDirectory: string;
  readonly demo: boolean;
}

export interface Seeded {
  /** The key of the person who starts the platform. */
  readonly token: string;
  readonly demo: SeededDemo | null;
  signInUrl(baseUrl: string): string;
}

/** What the demo begins with. */
export interface SeededDemo {
  /** Key of maya, who opens the issue. */
  readonly mayaToken: string;
  readonly repository: string;
  /** Number of the issue that an earlier start opened. */
  readonly issue: number | null;
}

/** Job roles of the person who starts the platform: alone at first, able to decide everything. */
const OWNER_ROLES = ['team-lead', 'tech-lead', 'senior-developer', 'security-lead', 'cto', 'dba', 'on-call'];

const keyFileSchema = z.object({ token: z.string() });

const SIGN_IN_MS = 24 * 3600_000;

/**
 * What a new data directory begins with: an organisation, you, the built-in pipelines, and the demo. A later start finds
 * it there.
 * @throws BatonError `key-lost`
 */
export async function seed({ databaseUrl, dataDirectory, demo }: SeedOptions): Promise<Seeded> {
  const db = connect(databaseUrl, { maxConnections: 2 });
  try {
    const keyFile = join(dataDirectory, 'key.json');
    const known = readJsonFile(keyFile, keyFileSchema);
    const owner = known ? await authenticate(db, known.token) : null;
    const { token, principal } = known && owner ? { token: known.token, principal: owner } : await begin(db, keyFile);
    const projectId = await withOrganisation(db, principal.organisationId, (tx) => openProject(tx, principal));
    await withOrganisation(db, principal.organisationId, async (tx) => {
      await seedAgents(tx, principal.organisationId, projectId);
      await seedPipelines(tx, principal, projectId);
    });
    const seededDemo = demo ? await seedDemo(db, createLocalForge({ db, dataDirectory }), principal, projectId) : null;
    const signIn = await withOrganisation(db, principal.organisationId, (tx) =>
      createApiKey(tx, {
        organisationId: principal.organisationId,
        personId: principal.personId,
        label: 'start link',
        kind: 'sign-in',
        expiresAt: new Date(Date.now() + SIGN_IN_MS),
      }),
    );
    return { token, demo: seededDemo, signInUrl: (baseUrl) => `${baseUrl}/sign-in?token=${signIn}` };
  } finally {
    await db.destroy();
  }
}

/** Only in a database that is empty: beside another organisation nobody would find what they had. */
async function begin(db: Db, keyFile: string): Promise<{ token: string; principal: Principal }> {
  const known = await withRole(db, 'baton_lookup', (tx) =>
    tx.selectFrom('organisations').select('name').limit(1).executeTakeFirst(),
  );
  if (known) {
    throw new BatonError(
      'key-lost',
      `The database has an organisation already, ${known.name}, and ${keyFile} holds no key that is good for it. ` +
        'Put its key.json back, set BATON_DATA_DIR to the data directory that it was used with, or DATABASE_URL to an empty database.',
      { details: { keyFile } },
    );
  }
  const organisationId = randomUUID();
  const token = await withOrganisation(db, organisationId, async (tx) => {
    await tx
      .insertInto('organisations')
      .values({ id: organisationId, name: `local-${organisationId.slice(0, 8)}` })
      .execute();
    const handle = ownHandle();
    const personId = await createPerson(tx, { organisationId, handle, name: handle, role: 'admin' });
    return createApiKey(tx, { organisationId, personId, label: 'first key', kind: 'key' });
  });
  writeJsonFile(keyFile, { token });
  const principal = await authenticate(db, token);
  return { token, principal: principal! };
}

/** The name by which this machine knows you; nobody is called maya twice. */
function ownHandle(): string {
  const handle = slugify(userInfo().username);
  return handle === 'maya' ? 'you' : handle;
}

async function openProject(tx: Tx, { organisationId, personId }: Principal): Promise<string> {
  const known = await tx.selectFrom('projects').select('id').orderBy('created_at').executeTakeFirst();
  if (known) return known.id;
  const { id } = await tx
    .insertInto('projects')
    .values({ organisation_id: organisationId, name: 'main' })
    .returning('id')
    .executeTakeFirstOrThrow();
  for (const role of OWNER_ROLES)
    await tx
      .insertInto('job_roles')
      .values({ organisation_id: organisationId, project_id: id, person_id: personId, role })
      .execute();
  return id;
}
