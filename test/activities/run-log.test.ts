import { MockActivityEnvironment } from '@temporalio/testing';
import { sql } from 'kysely';
import { RunLog } from '../../src/activities/run-log.js';
import type { ActivityDeps } from '../../src/activities/deps.js';
import { readArtifact } from '../../src/artifacts/artifacts.js';
import type { StepRef } from '../../src/domain/work.js';
import { createLogger } from '../../src/telemetry/logger.js';
import { createRecord, type TestRecord } from '../api/record.js';

const KIB = 1024;
let record: TestRecord;
beforeAll(async () => (record = await createRecord()));
afterAll(() => record.close());

async function openLog(): Promise<RunLog> {
  const { id: runId } = await record.createRun();
  const deps = { db: record.db, log: createLogger({ name: 'test', level: 'silent' }) } as unknown as ActivityDeps;
  const ref = { run: { organisationId: record.organisationId, runId }, step: 'work', item: null } as StepRef;
  return RunLog.open(deps, ref, 1, 'test.log');
}

const read = (id: string): Promise<Buffer> =>
  record.inTx((tx) => readArtifact(tx, id, { start: 0, maxBytes: 64 * KIB * KIB }));

const inActivity = <T>(work: () => Promise<T>): Promise<T> => new MockActivityEnvironment().run(work);

describe('a log', () => {
  it('has whoever writes wait while it cannot be written, and loses nothing', () =>
    inActivity(async () => {
      const log = await openLog();
      let release = (): void => undefined;
      const released = new Promise<void>((resolve) => (release = resolve));
      const lock = record.inTx(async (tx) => {
        await sql`select from artifacts where id = ${log.id} for update`.execute(tx);
        await released;
      });
      const chunk = Buffer.alloc(16 * KIB, 'a');
      let written = 0;
      let full: Promise<void> | void = undefined;
      for (; !full && written < 100; written += 1) full = log.write(chunk);
      expect(full).toBeInstanceOf(Promise);
      // What is on its way, and what is buffered behind it.
      expect(written * chunk.length).toBeLessThan(512 * KIB);
      release();
      await lock;
      await full;
      expect((await read(log.id)).length).toBe(written * chunk.length);
      await log.close();
    }));

  it('is cut where it is longer than Baton keeps, and has nobody wait from then on', () =>
    inActivity(async () => {
      const log = await openLog();
      const chunk = Buffer.alloc(KIB * KIB, 0);
      for (let written = 0; written < 20; written += 1) await log.write(chunk);
      void log.write(chunk);
      expect(log.write(chunk)).toBeUndefined();
      await log.close();
      const kept = await read(log.id);
      expect(kept.length).toBeLessThan(21 * KIB * KIB);
      expect(kept.subarray(-100).toString('utf8')).toContain('the log is cut here');
    }));
});
