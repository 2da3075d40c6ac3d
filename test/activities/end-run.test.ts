import type { ActivityDeps } from '../../src/activities/deps.js';
import { endRun } from '../../src/activities/end-run.js';
import { createLogger } from '../../src/telemetry/logger.js';
import { createRecord, type TestRecord } from '../api/record.js';

let record: TestRecord;
beforeAll(async () => {
  record = await createRecord();
});
afterAll(() => record.close());

describe('the end of a run', () => {
  it('is the end of a run that it was about to call, which says so', async () => {
    const parent = await record.createRun();
    const child = await record.createRun();
    await record.inTx((tx) =>
      tx.updateTable('runs').set({ parent_id: parent.id }).where('id', '=', child.id).execute(),
    );
    const { organisationId, projectId, db } = record;
    const deps = { db, log: createLogger({ name: 'test', level: 'silent' }) } as unknown as ActivityDeps;
    const end = endRun(deps);
    const run = { organisationId, projectId, runId: parent.id, number: parent.number, pipeline: 'parent' };
    const ended = {
      run: { ...run, repository: null, issue: null, taskId: null, requestedBy: 'author' },
      status: 'cancelled',
      failure: null,
      unstarted: 'cancelled',
    } as const;
    await end(ended);
    await end(ended);
    const told = (runId: string) =>
      record.inTx((tx) =>
        tx.selectFrom('events').select(['type', 'briefing']).where('run_id', '=', runId).orderBy('id').execute(),
      );
    expect(await told(child.id)).toEqual([
      { type: 'step.cancelled', briefing: `#${child.number} first: cancelled` },
      { type: 'workflow.cancelled', briefing: `#${child.number} cancelled before it began` },
    ]);
    expect((await told(parent.id)).map(({ type }) => type)).toEqual(['step.cancelled', 'workflow.cancelled']);
  });
});
