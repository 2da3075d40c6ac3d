import { sql } from 'kysely';
import { BatonError } from '../domain/errors.js';
import type { EventType } from '../domain/event.js';
import type { JsonObject } from '../domain/json.js';
import type { RepositoryRef } from '../domain/run-input.js';
import { pipelineNamedBy, type OutsideEventType } from '../domain/outside-event.js';
import { slugify } from '../domain/slug.js';
import { startsOn } from '../domain/trigger.js';
import { announceRuns } from './announce-runs.js';
import type { Tx } from './connection.js';
import { createRun, type NewRun } from './runs.js';
import { activePipelines, createIssueRun, type Asker } from './triggers.js';

/** Something that happened in a project, as the triggers of its pipelines see it. */
export interface StartingEvent {
  readonly organisationId: string;
  readonly projectId: string;
  /** Null: it is about none. */
  readonly repository: RepositoryRef | null;
  readonly type: EventType | OutsideEventType;
  /** Whole: the kept event may have less of a long list. */
  readonly payload: JsonObject;
  /** Id of the event's row. */
  readonly eventId: number;
  /** Whom the runs are for; null: whoever saved the pipeline. */
  readonly asker: Asker | null;
  /** The run that made it happen, where one did. */
  readonly causedBy: string | null;
  /** What the runs are told of it in their record. */
  readonly trigger: JsonObject;
  readonly subject: Subject;
}

/** What the runs are about. */
export type Subject =
  | { readonly kind: 'issue'; readonly issueId: string }
  /** `name` stands in the workflow's id; `branch` is the one that the runs go on with. */
  | { readonly kind: 'change'; readonly name: string; readonly context: JsonObject; readonly branch?: string };

/**
 * One run per active pipeline of the project that the event starts, pending. An event that a run has caused starts none
 * of the pipelines that led to it: a chain of runs ends by itself. Returns the runs' ids.
 */
export async function startRuns(tx: Tx, event: StartingEvent): Promise<string[]> {
  const causes = event.causedBy === null ? [] : await causesOf(tx, event.causedBy);
  const runs: string[] = [];
  for (const pipeline of await activePipelines(tx, event.projectId)) {
    if (causes.includes(pipeline.id)) continue;
    if (!isNamed(pipeline.name, event.type) && !pipeline.plan.triggers.some((trigger) => startsOn(trigger, event)))
      continue;
    const run = await createEventRun(tx, event, pipeline, causes);
    if (run) runs.push(run.id);
  }
  if (runs.length > 0) await announceRuns(tx);
  return runs;
}

/** Whether an event starts the pipeline by its name, whatever triggers that has. */
function isNamed(pipeline: string, type: string): boolean {
  const name = pipelineNamedBy(type);
  return name !== null && (pipeline === name || slugify(pipeline) === name);
}

async function createEventRun(
  tx: Tx,
  { organisationId, projectId, repository, eventId, subject, ...event }: StartingEvent,
  pipeline: NewRun['pipeline'] & { readonly createdBy: string | null },
  causes: readonly string[],
): Promise<{ id: string } | null> {
  const asker = event.asker ?? (await authorOf(tx, organisationId, pipeline.createdBy));
  const trigger = { ...event.trigger, event: eventId, ...(causes.length > 0 && { causes }) };
  if (subject.kind === 'issue')
    return createIssueRun(tx, asker, projectId, pipeline, repository!, subject.issueId, trigger);
  return createRun(tx, {
    organisationId,
    projectId,
    workflowId: [pipeline.name, repository?.name ?? 'no-repository', subject.name, eventId].join('/'),
    pipeline,
    repository,
    issue: null,
    context: subject.context,
    ...(subject.branch !== undefined && { branch: subject.branch }),
    priority: 'P2',
    taskId: null,
    trigger,
    requestedBy: { id: asker.personId, handle: asker.handle },
  });
}

/** The pipelines that led to what a run does: its own, that of the run that called it, and what started those. */
async function causesOf(tx: Tx, runId: string): Promise<string[]> {
  const { rows } = await sql<{ pipeline: string; causes: readonly string[] }>`
    with recursive line as (
      select pipeline_id, parent_id, trigger from runs where id = ${runId}::uuid
      union all
      select r.pipeline_id, r.parent_id, r.trigger from runs r join line on r.id = line.parent_id
    )
    select pipeline_id as pipeline, coalesce(trigger->'causes', '[]'::jsonb) as causes from line`.execute(tx);
  return [...new Set(rows.flatMap(({ pipeline, causes }) => [pipeline, ...causes]))];
}

/** Who stands behind a run that nobody asked for: whoever saved the pipeline, else the organisation's first admin. */
export async function authorOf(tx: Tx, organisationId: string, createdBy: string | null): Promise<Asker> {
  const person = await tx
    .selectFrom('people')
    .select(['id as personId', 'handle'])
    .where((eb) => (createdBy === null ? eb('role', '=', 'admin') : eb('id', '=', createdBy)))
    .orderBy('created_at')
    .executeTakeFirst();
  if (!person) throw new BatonError('nobody-asks', 'The organisation has no admin; a run needs somebody it is for.');
  return { organisationId, ...person };
}
