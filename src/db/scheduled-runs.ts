import { isRepeated } from '../domain/cron.js';
import type { EventType } from '../domain/event.js';
import type { JsonObject } from '../domain/json.js';
import type { ScheduleTrigger } from '../domain/plan.js';
import type { RepositoryRef } from '../domain/run-input.js';
import type { ScheduleRef } from '../domain/work.js';
import type { Tx } from './connection.js';
import { announceRuns } from './announce-runs.js';
import { authorOf } from './event-runs.js';
import { appendEvent, SYSTEM } from './events.js';
import { newestVersions } from './newest-version.js';
import { findRepository } from './repositories.js';
import { createRun } from './runs.js';

export interface ScheduledTime extends ScheduleRef {
  /** ISO 8601. */
  readonly at: string;
}

/** The schedules of a pipeline, in the order of its file: each is named by its place among them. */
export const schedulesOf = (triggers: readonly { readonly kind: string }[]): ScheduleTrigger[] =>
  triggers.filter((trigger): trigger is ScheduleTrigger => trigger.kind === 'schedule');

/**
 * The run of one time of a schedule, as the pipeline is now: once, by the key of its event. A time at which the run of
 * the time before is still open is let go, unless the schedule allows it, and so is one whose repository is gone; why is
 * in the event.
 */
export async function startScheduledRun(tx: Tx, time: ScheduledTime): Promise<void> {
  const { organisationId, pipelineId, index, at } = time;
  const pipeline = await newestVersions(tx)
    .select([
      'p.id',
      'p.name',
      'p.state',
      'p.project_id as projectId',
      'v.version',
      'v.plan',
      'v.created_by as createdBy',
    ])
    .where('p.id', '=', pipelineId)
    // One time after the other: each sees what the one before has started.
    .forUpdate('p')
    .executeTakeFirst();
  const schedule = pipeline && schedulesOf(pipeline.plan.triggers)[index];
  if (!pipeline || !schedule || pipeline.state !== 'active') return;
  const { projectId, createdBy, name } = pipeline;
  const found = schedule.repository === undefined ? null : await findRepository(tx, projectId, schedule.repository);
  const repository = found && { id: found.id, name: found.name, defaultBranch: found.defaultBranch };
  const happened = (type: EventType, briefing: string, payload: JsonObject = {}) =>
    appendEvent(tx, {
      organisationId,
      projectId,
      key: `schedule/${pipelineId}/${index}/${at}`,
      type,
      repositoryId: repository?.id ?? null,
      actor: SYSTEM,
      briefing,
      payload: { pipeline: name, ...timeOf(schedule, at), ...payload },
    });

  const reason = await reasonToSkip(tx, pipelineId, schedule, repository, at);
  if (reason !== null) {
    await happened('workflow.skipped', `${name} is not started at ${at}: ${reason}`, { reason });
    return;
  }
  const eventId = await happened('workflow.requested', `the schedule of ${name} asks for it at ${at}`);
  if (eventId === null) return;
  const asker = await authorOf(tx, organisationId, createdBy);
  await createRun(tx, {
    organisationId,
    projectId,
    workflowId: [name, repository?.name ?? 'no-repository', 'schedule', eventId].join('/'),
    pipeline,
    repository,
    issue: null,
    context: { schedule: timeOf(schedule, at) },
    priority: 'P2',
    taskId: null,
    trigger: { kind: 'schedule', event: eventId, ...timeOf(schedule, at) },
    requestedBy: { id: asker.personId, handle: asker.handle },
  });
  await announceRuns(tx);
}

const timeOf = ({ cron, timeZone }: ScheduleTrigger, at: string): JsonObject => ({ cron, timeZone, at });

async function reasonToSkip(
  tx: Tx,
  pipelineId: string,
  { cron, timeZone, overlap = 'skip', repository: named }: ScheduleTrigger,
  repository: RepositoryRef | null,
  at: string,
): Promise<string | null> {
  if (isRepeated(cron, timeZone, Date.parse(at))) return 'the clock was put back, and showed this time before';
  if (named !== undefined && !repository) return `there is no repository ${named}`;
  if (overlap === 'allow') return null;
  const open = await tx
    .selectFrom('runs')
    .select('number')
    .where('pipeline_id', '=', pipelineId)
    .where('status', 'in', ['pending', 'running', 'waiting'])
    .where((eb) => eb(eb.ref('trigger', '->>').key('kind'), '=', 'schedule'))
    .executeTakeFirst();
  return open ? `#${open.number} of the time before is still open` : null;
}
