import { ScheduleNotFoundError } from '@temporalio/client';
import { nextTime, reconcileSchedules, scheduleId, Schedules } from '../../src/api/schedules.js';
import { startScheduledRun } from '../../src/db/scheduled-runs.js';
import { eventually } from '../support/eventually.js';
import { serveApi, type ServedApi } from './served-api.js';

let api: ServedApi;
beforeAll(async () => {
  api = await serveApi({ dispatcher: { wake: () => undefined } });
  await api.record.addRepository('demo');
});
afterAll(async () => {
  const pipelines = await api.record.inTx((tx) => tx.selectFrom('pipelines').select('name').execute());
  for (const { name } of pipelines) await state(name, 'archived');
  await reconcileSchedules(api.deps);
  await api.close();
});

const save = async (name: string, trigger: string, activate = true): Promise<string> => {
  const source = `name: ${name}\ntrigger: ${trigger}\nsteps: [{ name: One, action: flow.noop }]\n`;
  expect((await api.post('/api/pipelines', { source, activate })).status).toBe(201);
  const { id } = await api.record.inTx((tx) =>
    tx.selectFrom('pipelines').select('id').where('name', '=', name).executeTakeFirstOrThrow(),
  );
  return id;
};
const state = (name: string, to: string) => api.post(`/api/pipelines/${name}/state`, { state: to });
const describeSchedule = (id: string, index = 0) => api.temporal.schedule.getHandle(scheduleId(id, index)).describe();
const reconcile = () => reconcileSchedules(api.deps);
const start = (pipelineId: string, at: string, index = 0) =>
  api.record.inTx((tx) => startScheduledRun(tx, { organisationId: api.record.organisationId, pipelineId, index, at }));
const runsOf = (pipelineId: string) =>
  api.record.inTx((tx) =>
    tx.selectFrom('runs').selectAll().where('pipeline_id', '=', pipelineId).orderBy('number').execute(),
  );
const skipped = () =>
  api.record.inTx((tx) =>
    tx.selectFrom('events').select('payload').where('type', '=', 'workflow.skipped').orderBy('id').execute(),
  );

describe('the schedules of a pipeline', () => {
  it('are Schedules of Temporal, which follow its version and state', async () => {
    const id = await save(
      'nightly',
      '[schedule.daily(2am), { schedule: "0 9 * * 1", timezone: Europe/Berlin, overlap: allow, catchUp: 1d }]',
    );
    await reconcile();
    expect(await describeSchedule(id)).toMatchObject({
      spec: { timezone: 'UTC', calendars: [{ hour: [{ start: 2, end: 2 }], minute: [{ start: 0, end: 0 }] }] },
      policies: { overlap: 'SKIP', catchupWindow: 3_600_000 },
      state: { paused: false },
      action: { workflowType: 'scheduledRun', args: [{ pipelineId: id, index: 0 }] },
    });
    expect(await describeSchedule(id, 1)).toMatchObject({
      spec: { timezone: 'Europe/Berlin' },
      policies: { overlap: 'ALLOW_ALL', catchupWindow: 86_400_000 },
    });

    await save('nightly', 'schedule.daily(3:30pm)');
    await reconcile();
    expect(await describeSchedule(id)).toMatchObject({
      spec: { calendars: [{ hour: [{ start: 15, end: 15 }], minute: [{ start: 30, end: 30 }] }] },
    });
    await expect(describeSchedule(id, 1)).rejects.toThrow(ScheduleNotFoundError);

    await state('nightly', 'draft');
    await reconcile();
    expect((await describeSchedule(id)).state.paused).toBe(true);
    await state('nightly', 'active');
    await reconcile();
    expect((await describeSchedule(id)).state.paused).toBe(false);
    await state('nightly', 'archived');
    await reconcile();
    await expect(describeSchedule(id)).rejects.toThrow(ScheduleNotFoundError);
    // There already, and gone already, is as good.
    await reconcile();
  });

  it('run once where the clock is put forward or back, and on either day where two are given', async () => {
    const zone = 'timezone: Europe/Berlin';
    const id = await save(
      'summer-time',
      `[{ schedule: "0 2 * 3 0", ${zone} }, { schedule: "0 9 13 * 5", ${zone} }, { schedule: "30 2 * 10 0", ${zone} }]`,
    );
    await reconcile();
    const timesOf = async (index: number) =>
      (await describeSchedule(id, index)).info.nextActionTimes.map((time) => time.toISOString());
    const inMarch = await timesOf(0);
    const gap = new Date(Date.UTC(new Date().getUTCFullYear() + (new Date().getUTCMonth() < 2 ? 0 : 1), 2, 31, 1));
    gap.setUTCDate(31 - gap.getUTCDay());
    expect(inMarch.filter((time) => time.startsWith(gap.toISOString().slice(0, 10)))).toEqual([gap.toISOString()]);
    const days = (await timesOf(1)).map((time) => new Date(time));
    expect(days.every((day) => day.getUTCDay() === 5 || day.getUTCDate() === 13)).toBe(true);
    expect(days.some((day) => day.getUTCDay() !== 5)).toBe(true);
    expect(days.some((day) => day.getUTCDate() !== 13)).toBe(true);

    await start(id, '2027-10-31T00:30:00.000Z', 2);
    const [first] = await runsOf(id);
    await api.record.inTx((tx) =>
      tx.updateTable('runs').set({ status: 'succeeded' }).where('id', '=', first!.id).execute(),
    );
    await start(id, '2027-10-31T01:30:00.000Z', 2);
    expect(await runsOf(id)).toHaveLength(1);
    expect((await skipped()).at(-1)?.payload).toMatchObject({
      reason: 'the clock was put back, and showed this time before',
    });
  });

  it('are kept by themselves, from what a crash has left on', async () => {
    const id = await save('kept', 'schedule.daily(2am)');
    const schedules = new Schedules(api.deps, api.record.url);
    schedules.start();
    try {
      await eventually(() => describeSchedule(id).catch(() => null));
      await state('kept', 'draft');
      await eventually(async () => (await describeSchedule(id)).state.paused);
    } finally {
      await schedules.stop();
    }
  });

  it('are shown with the time that comes next', async () => {
    const id = await save('shown', '{ schedule: "0 9 * * 1", repository: demo }');
    await reconcile();
    const next = await nextTime(api.deps, id, 0);
    expect([next!.getUTCDay(), next!.getUTCHours(), next! > new Date()]).toEqual([1, 9, true]);
    const shown = { cron: '0 9 * * 1', timeZone: 'UTC', overlap: 'skip', catchUpMs: 3_600_000, repository: 'demo' };
    expect((await api.get('/api/pipelines/shown')).body).toMatchObject({
      schedules: [{ ...shown, paused: false, nextAt: next!.toISOString() }],
    });
    await state('shown', 'draft');
    expect((await api.get('/api/pipelines/shown')).body).toMatchObject({ schedules: [{ paused: true, nextAt: null }] });
  });
});

describe('a time of a schedule', () => {
  const MONDAY = '2030-01-07T09:00:00.000Z';
  const NEXT = '2030-01-14T09:00:00.000Z';

  it('makes one run, for the project, however often it is asked for', async () => {
    const id = await save('weekly', 'schedule.weekly(monday, 9am)');
    await Promise.all([start(id, MONDAY), start(id, MONDAY), start(id, MONDAY)]);
    await api.record.inTx((tx) => tx.updateTable('runs').set({ status: 'succeeded' }).execute());
    await start(id, MONDAY);
    const runs = await runsOf(id);
    expect(runs).toMatchObject([
      {
        repository_id: null,
        trigger: { kind: 'schedule', cron: '0 9 * * 1', timeZone: 'UTC', at: MONDAY },
        input: { context: { schedule: { at: MONDAY } }, requestedBy: { handle: 'admin' } },
      },
    ]);
    expect(runs[0]!.workflow_id).toMatch(/^weekly\/no-repository\/schedule\/\d+$/);
  });

  it('is let go while the run of the time before is open, unless the schedule allows it', async () => {
    const id = await save('slow', 'schedule.weekly(monday, 9am)');
    await start(id, MONDAY);
    await start(id, NEXT);
    expect(await runsOf(id)).toHaveLength(1);
    expect((await skipped()).at(-1)!.payload).toMatchObject({ pipeline: 'slow', at: NEXT });
    const free = await save('free', '{ schedule: "weekly(monday, 9am)", overlap: allow }');
    await start(free, MONDAY);
    await start(free, NEXT);
    expect(await runsOf(free)).toHaveLength(2);
  });

  it('works in the repository that the schedule names, and is let go where that is gone', async () => {
    const id = await save('named', '{ schedule: "weekly(monday, 9am)", repository: demo, overlap: allow }');
    await start(id, MONDAY);
    expect(await runsOf(id)).toMatchObject([{ input: { repository: { name: 'demo' } } }]);
    await api.record.inTx((tx) => tx.updateTable('repositories').set({ name: 'renamed' }).execute());
    await start(id, NEXT);
    expect(await runsOf(id)).toHaveLength(1);
    expect((await skipped()).at(-1)!.payload).toMatchObject({ reason: 'there is no repository demo' });
  });

  it('that comes when the pipeline is no longer active, or has no such schedule, makes nothing', async () => {
    const id = await save('once', 'schedule.weekly(monday, 9am)');
    await start(id, MONDAY, 1);
    await state('once', 'archived');
    await start(id, MONDAY);
    expect(await runsOf(id)).toEqual([]);
  });
});
