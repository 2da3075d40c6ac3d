import { randomInt } from 'node:crypto';
import { sql } from 'kysely';
import { connect, withOrganisation, type Db, type Tx } from '../../src/db/connection.js';
import { createApiKey, createPerson } from '../../src/db/people.js';
import { createRun } from '../../src/db/runs.js';
import type { OrganisationRole } from '../../src/db/schema.js';
import type { Plan, PlanStep } from '../../src/domain/plan.js';
import { NO_RETRY } from '../../src/domain/retry.js';
import { createTestDatabase } from '../support/database.js';

export interface TestPerson {
  readonly id: string;
  readonly key: string;
}

export interface TestRecord {
  readonly db: Db;
  readonly url: string;
  readonly organisationId: string;
  readonly projectId: string;
  /** A person of each role, and their keys. */
  readonly people: Readonly<Record<OrganisationRole, TestPerson>>;
  inTx<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  createOrganisation(name: string): Promise<string>;
  addPipeline(plan: Plan, state?: 'active' | 'draft' | 'archived'): Promise<string>;
  addRepository(name: string, remoteUrl?: string): Promise<string>;
  /** A run in the record that no workflow stands behind. */
  createRun(options?: {
    readonly plan?: Plan;
    readonly repositoryId?: string;
    readonly dispatched?: boolean;
  }): Promise<{ id: string; number: number }>;
  close(): Promise<void>;
}

const step = { when: null, repository: null, map: null, timeoutMs: 60_000, retry: NO_RETRY, params: {}, reads: [] };

export const noop = (id: string, dependsOn: readonly string[] = []): PlanStep => ({
  ...step,
  id,
  name: id,
  dependsOn,
  kind: 'action',
  action: 'flow.noop',
  approvals: [],
});

export const approvalStep = (
  id: string,
  approvers: readonly string[],
  dependsOn: readonly string[] = [],
): PlanStep => ({
  ...step,
  id,
  name: `The ${id}`,
  dependsOn,
  kind: 'approval',
  policy: { kind: 'any', approvers, atLeast: 1 },
  timeoutMs: 3_600_000,
});

export const plan = (name: string, steps: readonly PlanStep[], label?: string): Plan => ({
  name,
  description: null,
  triggers: label === undefined ? [] : [{ kind: 'label', label }],
  steps,
});

/** A database of its own with one organisation, one project and a person of each role. */
export async function createRecord(): Promise<TestRecord> {
  const database = await createTestDatabase();
  const { url } = database;
  const db = connect(url);
  // Workflow ids are made of event ids, and all suites share one Temporal namespace.
  await sql.raw(`alter sequence events_id_seq restart with ${randomInt(1_000_000, 900_000_000)}`).execute(db);
  const createOrganisation = async (name: string) =>
    (await db.insertInto('organisations').values({ name }).returning('id').executeTakeFirstOrThrow()).id;
  const organisationId = await createOrganisation('acme');
  const inTx = <T>(work: (tx: Tx) => Promise<T>) => withOrganisation(db, organisationId, work);

  const person = (role: OrganisationRole) =>
    inTx(async (tx) => {
      const id = await createPerson(tx, { organisationId, handle: role, name: `The ${role}`, role });
      return { id, key: await createApiKey(tx, { organisationId, personId: id, label: 'test', kind: 'key' }) };
    });
  const people = {
    admin: await person('admin'),
    author: await person('author'),
    reviewer: await person('reviewer'),
    reader: await person('reader'),
  };
  const projectId = await inTx(async (tx) => {
    const { id } = await tx
      .insertInto('projects')
      .values({ organisation_id: organisationId, name: 'demo' })
      .returning('id')
      .executeTakeFirstOrThrow();
    await tx
      .insertInto('job_roles')
      .values({ organisation_id: organisationId, project_id: id, person_id: people.reviewer.id, role: 'team-lead' })
      .execute();
    return id;
  });

  const addPipeline = (of: Plan, state: 'active' | 'draft' | 'archived' = 'active') =>
    inTx(async (tx) => {
      const { id } = await tx
        .insertInto('pipelines')
        .values({ organisation_id: organisationId, project_id: projectId, name: of.name, state, version: 1 })
        .returning('id')
        .executeTakeFirstOrThrow();
      await tx
        .insertInto('pipeline_versions')
        .values({
          organisation_id: organisationId,
          pipeline_id: id,
          version: 1,
          source: `name: ${of.name}`,
          plan: JSON.stringify(of),
        })
        .execute();
      return id;
    });

  let made = 0;
  return {
    db,
    url,
    organisationId,
    projectId,
    people,
    inTx,
    createOrganisation,
    addPipeline,
    addRepository: (name, remoteUrl = `/nowhere/${name}.git`) =>
      inTx(async (tx) => {
        const row = {
          organisation_id: organisationId,
          project_id: projectId,
          name,
          forge: 'local' as const,
          remote_url: remoteUrl,
          default_branch: 'main',
          protected_branches: ['main'],
        };
        return (await tx.insertInto('repositories').values(row).returning('id').executeTakeFirstOrThrow()).id;
      }),
    createRun: async ({
      plan: of = plan(`pipeline-${++made}`, [noop('first')]),
      repositoryId,
      dispatched = true,
    } = {}) => {
      const pipelineId = await addPipeline(of);
      return inTx(async (tx) => {
        const repository =
          repositoryId === undefined
            ? null
            : await tx
                .selectFrom('repositories')
                .select(['id', 'name', 'default_branch as defaultBranch'])
                .where('id', '=', repositoryId)
                .executeTakeFirstOrThrow();
        const run = await createRun(tx, {
          organisationId,
          projectId,
          workflowId: `${of.name}/${organisationId}`,
          pipeline: { id: pipelineId, name: of.name, version: 1, plan: of },
          repository,
          issue: null,
          context: {},
          priority: 'P2',
          taskId: null,
          trigger: { kind: 'manual' },
          requestedBy: { id: people.author.id, handle: 'author' },
        });
        if (dispatched)
          await tx.updateTable('runs').set({ dispatched_at: new Date() }).where('id', '=', run!.id).execute();
        return run!;
      });
    },
    close: async () => {
      await db.destroy();
      await database.drop();
    },
  };
}
