import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { saveAgent } from '../db/agents.js';
import { withOrganisation, type Db, type Tx } from '../db/connection.js';
import { createApiKey, createPerson, type Principal } from '../db/people.js';
import { findRepository } from '../db/repositories.js';
import type { JsonObject } from '../domain/json.js';
import type { Forge } from '../forge/forge.js';
import { seedFrom } from '../git/bare-repository.js';
import { agentDefinition } from '../schema/agent.js';
import { PACKAGE_ROOT } from './package-root.js';
import type { SeededDemo } from './seed.js';

const REPOSITORY = 'textkit';
const DEMO = join(PACKAGE_ROOT, 'examples/demo');
const KEY_LABEL = 'demo';

/** maya, who asks for a feature; a small library; four agents that belong to the organisation. */
export async function seedDemo(db: Db, forge: Forge, principal: Principal, projectId: string): Promise<SeededDemo> {
  const { organisationId } = principal;
  if (!(await withOrganisation(db, organisationId, (tx) => findRepository(tx, projectId, REPOSITORY)))) {
    await importExample(forge, principal, projectId);
  }
  const agents = z.array(agentDefinition).parse(parse(await readFile(join(DEMO, 'agents.yaml'), 'utf8')));
  return withOrganisation(db, organisationId, async (tx) => {
    for (const agent of agents) {
      await saveAgent(tx, { ...agent, entry: withPaths(agent.entry), organisationId, projectId, ownerId: null });
    }
    const known = await tx.selectFrom('people').select('id').where('handle', '=', 'maya').executeTakeFirst();
    const personId =
      known?.id ?? (await createPerson(tx, { organisationId, handle: 'maya', name: 'Maya', role: 'author' }));
    // Good for as long as the platform runs: the next start takes it back and makes another.
    await tx.deleteFrom('api_keys').where('person_id', '=', personId).where('label', '=', KEY_LABEL).execute();
    const mayaToken = await createApiKey(tx, { organisationId, personId, label: KEY_LABEL, kind: 'key' });
    return { mayaToken, repository: REPOSITORY, issue: await issueOf(tx, personId, projectId) };
  });
}

/** The issue that an earlier start opened. */
async function issueOf(tx: Tx, personId: string, projectId: string): Promise<number | null> {
  const found = await tx
    .selectFrom('issues as i')
    .innerJoin('repositories as r', 'r.id', 'i.repository_id')
    .select('i.number')
    .where('i.author_id', '=', personId)
    .where('r.project_id', '=', projectId)
    .where('r.name', '=', REPOSITORY)
    .orderBy('i.number')
    .executeTakeFirst();
  return found?.number ?? null;
}

async function importExample(forge: Forge, principal: Principal, projectId: string): Promise<void> {
  const example = join(PACKAGE_ROOT, 'examples', REPOSITORY);
  const folder = await mkdtemp(join(tmpdir(), 'baton-demo-'));
  try {
    const source = join(folder, `${REPOSITORY}.git`);
    const { mtimeMs } = await stat(example);
    await seedFrom(source, example, {
      message: 'textkit 1.2.0',
      author: { name: 'Maya', email: 'maya@example.com' },
      dateMs: mtimeMs,
      defaultBranch: 'main',
    });
    await forge.createRepository({ principal, projectId, name: REPOSITORY, source });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Where this checkout lies is known only now. */
function withPaths(entry: JsonObject): JsonObject {
  const text = JSON.stringify(entry)
    .replaceAll('{demo}', DEMO)
    .replaceAll('{modules}', join(PACKAGE_ROOT, 'node_modules'));
  return JSON.parse(text) as JsonObject;
}
