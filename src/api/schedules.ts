import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type ScheduleHandle,
} from '@temporalio/client';
import { SCHEDULES_CHANNEL, wantedSchedules, type WantedSchedule } from '../db/schedules.js';
import { temporalCrons } from '../domain/cron.js';
import type { ScheduleTrigger } from '../domain/plan.js';
import type { ScheduleRef } from '../domain/work.js';
import type { ApiDeps } from './deps.js';
import { Reconciler } from './reconciler.js';

type ScheduleDeps = Pick<ApiDeps, 'db' | 'temporal' | 'taskQueue' | 'log'>;
type ScheduledRun = (schedule: ScheduleRef) => Promise<void>;

export const DEFAULT_CATCH_UP_MS = 3_600_000;
const CALL_MS = 5_000;

/** Keeps Temporal's Schedules as the pipelines have them: the rows are the truth. */
export class Schedules extends Reconciler {
  constructor(deps: ScheduleDeps, databaseUrl: string) {
    super({
      databaseUrl,
      channel: SCHEDULES_CHANNEL,
      work: () => reconcileSchedules(deps),
      waits: 'schedules wait to be changed until Temporal and the database are there',
      log: deps.log,
    });
  }
}

export const scheduleId = (pipelineId: string, index: number): string => `baton-pipeline/${pipelineId}/${index}`;

/** Creates, changes, pauses and removes Schedules until each is what its pipeline's newest version and state want. */
export async function reconcileSchedules(deps: ScheduleDeps): Promise<void> {
  for (const wanted of await wantedSchedules(deps.db)) {
    const { trigger } = wanted;
    await deps.temporal.withDeadline(Date.now() + CALL_MS, () =>
      trigger === null ? remove(deps, wanted) : put(deps, wanted, trigger),
    );
  }
}

async function remove({ temporal }: ScheduleDeps, { pipelineId, index }: WantedSchedule): Promise<void> {
  await temporal.schedule
    .getHandle(scheduleId(pipelineId, index))
    .delete()
    .catch((error: unknown) => {
      if (!(error instanceof ScheduleNotFoundError)) throw error;
    });
}

async function put({ temporal, taskQueue }: ScheduleDeps, wanted: WantedSchedule, trigger: ScheduleTrigger) {
  const options = optionsOf(wanted, trigger, taskQueue);
  try {
    await temporal.schedule.create<ScheduledRun>(options);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await bringUpToDate(temporal.schedule.getHandle(options.scheduleId), options);
  }
}

async function bringUpToDate(handle: ScheduleHandle, options: ReturnType<typeof optionsOf>): Promise<void> {
  const { state } = await handle.describe();
  if (state.note === options.state.note && state.paused === options.state.paused) return;
  await handle.update<ScheduledRun>((known) => ({
    ...known,
    spec: options.spec,
    action: options.action,
    policies: options.policies,
    state: options.state,
  }));
}

function optionsOf(
  { organisationId, pipelineId, index, pipeline, paused }: WantedSchedule,
  { cron, timeZone, overlap = 'skip', catchUpMs = DEFAULT_CATCH_UP_MS }: ScheduleTrigger,
  taskQueue: string,
) {
  const id = scheduleId(pipelineId, index);
  const cronExpressions = temporalCrons(cron, timeZone, { from: new Date().getUTCFullYear(), years: YEARS });
  return {
    scheduleId: id,
    spec: { cronExpressions: [...cronExpressions], timezone: timeZone },
    action: {
      type: 'startWorkflow' as const,
      workflowType: 'scheduledRun',
      workflowId: id,
      taskQueue,
      args: [{ organisationId, pipelineId, index }] as [ScheduleRef],
      staticSummary: `A run of ${pipeline}`.slice(0, 200),
    },
    policies: {
      // What overlaps are runs, which the started workflow sees to; it is over in a moment itself.
      overlap: overlap === 'allow' ? ScheduleOverlapPolicy.ALLOW_ALL : ScheduleOverlapPolicy.SKIP,
      catchupWindow: catchUpMs,
    },
    // By its note a schedule is known to be as it should.
    state: {
      paused,
      note: JSON.stringify({ pipeline, cronExpressions, timeZone, overlap, catchUpMs, paused, taskQueue }),
    },
  };
}

/** Times that clocks skip are given to Temporal for so many years; each new year brings the Schedules up to date. */
const YEARS = 3;

const DESCRIBE_MS = 1_000;

/** When a schedule comes next; null where it is paused, or Temporal does not say so now. */
export async function nextTime(
  { temporal }: Pick<ApiDeps, 'temporal'>,
  pipelineId: string,
  index: number,
): Promise<Date | null> {
  try {
    const { state, info } = await temporal.withDeadline(Date.now() + DESCRIBE_MS, () =>
      temporal.schedule.getHandle(scheduleId(pipelineId, index)).describe(),
    );
    return state.paused ? null : (info.nextActionTimes[0] ?? null);
  } catch {
    return null;
  }
}
