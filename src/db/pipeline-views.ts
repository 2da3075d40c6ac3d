import { sql } from 'kysely';
import { BatonError } from '../domain/errors.js';
import { suggest } from '../domain/suggest.js';
import { policyNames } from './policies.js';
import { displayNames, peopleOfProject } from './approvals.js';
import type { Tx } from './connection.js';
import { decodeCursor, pageOf, type PageRequest } from './cursor.js';
import { newestVersions } from './newest-version.js';
import type { ProjectFilter } from './repository-views.js';

export interface PipelineFilter extends ProjectFilter {
  readonly name?: string;
  readonly state?: 'active' | 'draft' | 'archived' | undefined;
}

/** Pipelines by name, as their newest version is. */
export async function listPipelines(tx: Tx, filter: PipelineFilter) {
  const after = decodeCursor('pipelines', 'uuid', filter.cursor);
  let query = newestVersions(tx)
    .innerJoin('projects as pr', 'pr.id', 'p.project_id')
    .select([
      'p.id',
      'pr.name as project',
      'p.name',
      'p.state',
      'p.version',
      'v.plan',
      'v.unavailable',
      'p.created_at as createdAt',
      'v.created_at as changedAt',
    ])
    .orderBy('p.name')
    .orderBy('p.id')
    .limit(filter.limit + 1);
  if (after !== null)
    query = query.where(
      sql<boolean>`(p.name, p.id) > (select b.name, b.id from pipelines b where b.id = ${after}::uuid)`,
    );
  if (filter.project !== undefined) query = query.where('pr.name', '=', filter.project);
  if (filter.name !== undefined) query = query.where('p.name', '=', filter.name);
  if (filter.state) query = query.where('p.state', '=', filter.state);
  const page = pageOf('pipelines', await query.execute(), filter.limit, ({ id }) => id);
  const items = page.items.map(({ plan, ...row }) => ({
    ...row,
    description: plan.description,
    triggers: plan.triggers,
    steps: plan.steps.length,
  }));
  return { items, next: page.next };
}

/** Every version of a pipeline, newest first. */
export async function listPipelineVersions(tx: Tx, projectId: string, name: string, request: PageRequest) {
  const { id } = await requirePipeline(tx, projectId, name);
  const before = decodeCursor('pipeline-versions', 'number', request.cursor);
  let query = tx
    .selectFrom('pipeline_versions as v')
    .leftJoin('people as p', 'p.id', 'v.created_by')
    .select(['v.version', 'v.source', 'v.plan', 'v.unavailable', 'p.handle as createdBy', 'v.created_at as createdAt'])
    .where('v.pipeline_id', '=', id)
    .orderBy('v.version', 'desc')
    .limit(request.limit + 1);
  if (before !== null) query = query.where('v.version', '<', Number(before));
  return pageOf('pipeline-versions', await query.execute(), request.limit, ({ version }) => version);
}

/** Throws `pipeline-not-found`, with the name that is near. */
export async function requirePipeline(tx: Tx, projectId: string, name: string) {
  const known = await tx
    .selectFrom('pipelines')
    .select(['id', 'name', 'state', 'version'])
    .where('project_id', '=', projectId)
    .execute();
  const found = known.find((pipeline) => pipeline.name === name);
  if (found) return found;
  const near = suggest(
    name,
    known.map((pipeline) => pipeline.name),
  );
  throw new BatonError(
    'pipeline-not-found',
    `This project has no pipeline ${name}${near === null ? '.' : `; did you mean ${near}?`}`,
  );
}

/** What the names in a pipeline file can mean in a project. */
export async function knownNames(tx: Tx, projectId: string) {
  const agents = await tx
    .selectFrom('agents as a')
    .leftJoin('capabilities as c', 'c.agent_id', 'a.id')
    .select([
      'a.name',
      'a.roles',
      'a.risk_level as riskLevel',
      sql<string[]>`coalesce(array_agg(c.name) filter (where c.name is not null), '{}')`.as('capabilities'),
    ])
    .where('a.project_id', '=', projectId)
    .groupBy('a.id')
    .execute();
  const repositories = await tx
    .selectFrom('repositories')
    .select('name')
    .where('project_id', '=', projectId)
    .where('removed_at', 'is', null)
    .execute();
  const pipelines = await tx.selectFrom('pipelines').select('name').where('project_id', '=', projectId).execute();
  const names = await displayNames(tx);
  const people = await peopleOfProject(tx, projectId);
  return {
    agents,
    repositories: repositories.map(({ name }) => name),
    pipelines: pipelines.map(({ name }) => name),
    policies: await policyNames(tx, projectId),
    people: people.map(({ handle, roles }) => ({ handle, roles, name: names.get(handle) ?? handle })),
  };
}
