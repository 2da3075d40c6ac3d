import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { workflowInfo } from '@temporalio/workflow';
import type { ScheduleRef } from '../domain/work.js';
import { record } from './activities.js';

/** Temporal's own: the time that the Schedule was for, however late it comes. */
const SCHEDULED_AT = defineSearchAttributeKey('TemporalScheduledStartTime', SearchAttributeType.DATETIME);

/** Started by a pipeline's Schedule at each of its times: has the run of that time made, once. */
export async function scheduledRun(schedule: ScheduleRef): Promise<void> {
  const { typedSearchAttributes, startTime } = workflowInfo();
  const at = typedSearchAttributes.get(SCHEDULED_AT) ?? startTime;
  await record.startScheduledRun({ ...schedule, at: at.toISOString() });
}
