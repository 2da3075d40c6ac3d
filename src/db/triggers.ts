import { BatonError } from '../domain/errors.js';
import type { JsonObject } from '../domain/json.js';
import type { RepositoryRef } from '../domain/run-input.js';
import { slugify } from '../domain/slug.js';
import { suggest } from '../domain/suggest.js';
import { priorityFor } from '../domain/task.js';
import type { Tx } from './connection.js';
import { appendEvent } from './events.js';
import { issueContext } from './issues.js';
import { newestVersions } from './newest-version.js';
import type { Principal } from './people.js';
import { findRepository } from './repositories.js';
import { createRun, type NewRun } from './runs.js';
import { openTask } from './tasks.js';

/** Whom a run is for. */
export type Asker = Pick<Principal, 'organisationId' | 'personId' | 'handle'>;

export interface RunRequestByHand {
  readonly principal: Asker;
  readonly projectId: string;
  readonly pipeline: string;
  readonly repository?: string;
  readonly issue?: number;
  readonly context: JsonObject;
  /** Key of the request's event: the same key makes one run. */
  readonly key: string;
}

/** A run that a person asks for. */
export async function requestRun(tx: Tx, request: RunRequestByHand): Promise<{ id: string; number: number }> {
  const { principal, projectId } = request;
  const pipeline = await activePipeline(tx, projectId, request.pipeline);
  const repository = request.repository === undefined ? null : await repositoryOf(tx, projectId, request.repository);
  if (request.issue !== undefined && !repository) {
    throw new BatonError('repository-missing', 'An issue is named, but not the repository that it belongs to.');
  }
  const eventId = await appendEvent(tx, {
    organisationId: principal.organisationId,
    projectId,
    key: request.key,
    type: 'workflow.requested',
    repositoryId: repository?.id ?? null,
    actor: { kind: 'person', id: principal.personId, name: principal.handle },
    briefing: `${principal.handle} asked for ${request.pipeline}`,
    payload: { pipeline: request.pipeline, context: request.context },
  });
  if (eventId === null) throw new BatonError('requested-already', 'This run was asked for already, with the same key.');

  const trigger = { kind: 'manual', event: eventId };
  if (repository && request.issue !== undefined) {
    const issue = await tx
      .selectFrom('issues')
      .select('id')
      .where('repository_id', '=', repository.id)
      .where('number', '=', request.issue)
      .executeTakeFirst();
    if (!issue)
      throw new BatonError('issue-not-found', `The repository ${repository.name} has no issue #${request.issue}.`);
    const run = await createIssueRun(
      tx,
      principal,
      projectId,
      pipeline,
      repository,
      issue.id,
      trigger,
      request.context,
    );
    if (!run)
      throw new BatonError(
        'run-open-already',
        `A run of ${pipeline.name} is open for issue #${request.issue} already; cancel it first, or watch it.`,
      );
    return run;
  }
  const run = await createRun(tx, {
    organisationId: principal.organisationId,
    projectId,
    workflowId: [pipeline.name, repository?.name ?? 'no-repository', 'manual', eventId].join('/'),
    pipeline,
    repository,
    issue: null,
    context: request.context,
    priority: 'P2',
    taskId: null,
    trigger,
    requestedBy: { id: principal.personId, handle: principal.handle },
  });
  return run!;
}

/** A run for an issue, and its task; null where one of the pipeline is open for the issue already. */
export async function createIssueRun(
  tx: Tx,
  principal: Asker,
  projectId: string,
  pipeline: NewRun['pipeline'],
  repository: RepositoryRef,
  issueId: string,
  trigger: JsonObject & { readonly event: number },
  context: JsonObject = {},
): Promise<{ id: string; number: number } | null> {
  const issue = await issueContext(tx, issueId);
  const labels = issue['labels'] as readonly string[];
  const taskId = await openTask(tx, {
    organisationId: principal.organisationId,
    projectId,
    repositoryId: repository.id,
    issueId,
    title: issue['title'] as string,
    labels,
    requestedBy: principal.personId,
  });
  const { status } = await tx
    .selectFrom('tasks')
    .select('status')
    .where('id', '=', taskId)
    .forShare()
    .executeTakeFirstOrThrow();
  return createRun(tx, {
    organisationId: principal.organisationId,
    projectId,
    workflowId: [pipeline.name, repository.name, issue['number'] as number, trigger.event].join('/'),
    pipeline,
    repository,
    issue: { id: issueId, context: issue },
    context,
    priority: priorityFor(labels),
    taskId,
    held: status === 'blocked',
    trigger,
    requestedBy: { id: principal.personId, handle: principal.handle },
  });
}

export const activePipelines = (
  tx: Tx,
  projectId: string,
): Promise<(NewRun['pipeline'] & { readonly createdBy: string | null })[]> =>
  newestVersions(tx)
    .select(['p.id', 'p.name', 'v.version', 'v.plan', 'v.created_by as createdBy'])
    .where('p.project_id', '=', projectId)
    .where('p.state', '=', 'active')
    .orderBy('p.name')
    .execute();

async function activePipeline(tx: Tx, projectId: string, name: string): Promise<NewRun['pipeline']> {
  const active = await activePipelines(tx, projectId);
  const found = active.find((pipeline) => pipeline.name === name);
  if (found) return found;
  const known = await tx
    .selectFrom('pipelines')
    .select(['name', 'state'])
    .where('project_id', '=', projectId)
    .execute();
  const inactive = known.find((pipeline) => pipeline.name === name);
  if (inactive)
    throw new BatonError(
      'pipeline-not-active',
      `The pipeline ${name} is ${inactive.state}; only active pipelines run.`,
    );
  const near = suggest(
    slugify(name),
    known.map((pipeline) => pipeline.name),
  );
  throw new BatonError(
    'pipeline-not-found',
    `This project has no pipeline ${name}${near ? `; did you mean ${near}?` : '.'}`,
  );
}

async function repositoryOf(tx: Tx, projectId: string, name: string): Promise<RepositoryRef> {
  const found = await findRepository(tx, projectId, name);
  if (!found) throw new BatonError('repository-not-found', `This project has no repository ${name}.`);
  return { id: found.id, name: found.name, defaultBranch: found.defaultBranch };
}
