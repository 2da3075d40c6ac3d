import { ScheduleAlreadyRunning, ScheduleNotFoundError, ScheduleOverlapPolicy, type Client } from '@temporalio/client';

export const AUDIT_RETENTION_SCHEDULE = 'baton-audit-retention';

type ExpireAudit = (olderThanDays: number) => Promise<number>;

const NIGHTLY = { calendars: [{ hour: 3, minute: 30, comment: 'every night' }] };

/** Has Temporal take old audit entries out every night; without a number of days, none, and no longer. */
export async function scheduleAuditRetention(
  { schedule }: Pick<Client, 'schedule'>,
  { taskQueue, days }: { readonly taskQueue: string; readonly days: number | undefined },
): Promise<void> {
  const handle = schedule.getHandle(AUDIT_RETENTION_SCHEDULE);
  if (days === undefined) {
    await handle.delete().catch((error: unknown) => {
      if (!(error instanceof ScheduleNotFoundError)) throw error;
    });
    return;
  }
  const action = {
    type: 'startWorkflow' as const,
    workflowType: 'expireAudit',
    workflowId: AUDIT_RETENTION_SCHEDULE,
    taskQueue,
    args: [days] as [number],
    staticSummary: `Audit entries older than ${days} days`,
  };
  try {
    await schedule.create<ExpireAudit>({
      scheduleId: AUDIT_RETENTION_SCHEDULE,
      spec: NIGHTLY,
      policies: { overlap: ScheduleOverlapPolicy.SKIP },
      action,
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await handle.update<ExpireAudit>((known) => ({ ...known, spec: NIGHTLY, action }));
  }
}
