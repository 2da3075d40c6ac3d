import { MockActivityEnvironment } from '@temporalio/testing';
import { sql } from 'kysely';
import { persist } from '../../src/activities/persist.js';
import { createLogger } from '../../src/telemetry/logger.js';
import { createRecord, type TestRecord } from '../api/record.js';

let record: TestRecord;
beforeAll(async () => {
  record = await createRecord();
});
afterAll(() => record.close());

const log = createLogger({ name: 'test', level: 'silent' });

describe('a write to the record', () => {
  it('waits for a lock that others hold, and is then done', async () => {
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    let hold = (): void => undefined;
    const held = new Promise<void>((resolve) => (hold = resolve));
    const lock = record.inTx(async (tx) => {
      await sql`lock table projects in access exclusive mode`.execute(tx);
      hold();
      await released;
    });
    await held;
    let tries = 0;
    const written = new MockActivityEnvironment().run(() =>
      persist({ db: record.db, log }, record.organisationId, async (tx) => {
        tries += 1;
        if (tries === 2) release();
        await sql`set local lock_timeout = '100ms'`.execute(tx);
        return tx.selectFrom('projects').select('name').execute();
      }),
    );
    expect(await written).toEqual([{ name: 'demo' }]);
    await lock;
    expect(tries).toBeGreaterThan(1);
  });
});
