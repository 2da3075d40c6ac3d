import { ScheduleNotFoundError } from '@temporalio/client';
import { appendAudit } from '../../src/db/audit.js';
import { AUDIT_RETENTION_SCHEDULE, scheduleAuditRetention } from '../../src/workers/audit-retention.js';
import { startEngine, type Engine } from '../support/engine.js';
import { eventually } from '../support/eventually.js';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
});
afterAll(() => engine.stop());

const entries = () => engine.record.inTx((tx) => tx.selectFrom('audit').select('action').orderBy('id').execute());

describe('the retention of the audit trail', () => {
  const handle = () => engine.temporal.schedule.getHandle(AUDIT_RETENTION_SCHEDULE);
  const schedule = (days: number | undefined) =>
    scheduleAuditRetention(engine.temporal, { taskQueue: engine.taskQueue, days });
  const scheduledDays = async () => {
    const { action } = await handle().describe();
    return action.args;
  };
  afterAll(() => schedule(undefined));

  it('is a schedule of Temporal, made once and changed with the setting', async () => {
    await schedule(30);
    expect(await scheduledDays()).toEqual([30]);
    await schedule(30);
    await schedule(400);
    expect(await scheduledDays()).toEqual([400]);
  });

  it('takes out what is older than its days, and nothing else', async () => {
    const { organisationId } = engine.record;
    const entry = (action: string) =>
      engine.record.inTx((tx) =>
        appendAudit(tx, {
          organisationId,
          actor: { kind: 'system', id: null, name: 'baton' },
          action,
          resource: 'a:thing',
          outcome: 'success',
        }),
      );
    await entry('old');
    // The owner of the tables can set the clock back; nobody who serves requests can.
    await engine.db
      .updateTable('audit')
      .set({ at: new Date(Date.now() - 500 * 24 * 3600_000) })
      .execute();
    await entry('new');
    await handle().trigger();
    await eventually(async () => (await entries()).length === 2 && (await entries())[1]!.action === 'audit.expired');
    expect((await entries()).map(({ action }) => action)).toEqual(['new', 'audit.expired']);
  });

  it('ends where the setting is taken away, and is not missed where it never was', async () => {
    await schedule(undefined);
    await expect(handle().describe()).rejects.toThrow(ScheduleNotFoundError);
    await schedule(undefined);
  });
});
