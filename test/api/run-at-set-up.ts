import { appendArtifact, closeArtifact, openArtifact } from '../../src/artifacts/artifacts.js';
import { beginSetUp, endSetUp } from '../../src/db/set-ups.js';
import { stepEvent } from '../../src/db/step-events.js';
import { updateStep } from '../../src/db/steps.js';
import { appendEvent, SYSTEM } from '../../src/db/events.js';
import { runRef, type RunInput } from '../../src/domain/run-input.js';
import type { StepRef } from '../../src/domain/work.js';
import { noop, plan, type TestRecord } from './record.js';

const COMMAND = 'npm ci';

/** A run in the record whose step is being set up, as a worker would write it. */
export async function createRunAtSetUp(record: TestRecord, name: string) {
  const { organisationId, projectId } = record;
  const run = await record.createRun({ plan: plan(name, [noop('build'), noop('after', ['build'])]) });
  const ref = await record.inTx(async (tx): Promise<StepRef> => {
    const { input } = await tx.selectFrom('runs').select('input').where('id', '=', run.id).executeTakeFirstOrThrow();
    return { run: runRef(input as unknown as RunInput), step: 'build', name: 'build', item: null };
  });
  const step = {
    organisationId,
    projectId,
    repositoryId: null,
    runId: run.id,
    step: 'build',
    item: null,
    name: 'build',
  };
  const key = { ref, attempt: 1, purpose: 'agent', commit: 'c'.repeat(40) } as const;
  await record.inTx(async (tx) => {
    await tx.updateTable('runs').set({ status: 'running' }).where('id', '=', run.id).execute();
    await updateStep(tx, step, { status: 'running' }, []);
  });
  const openLog = (logName: string): Promise<string> =>
    record.inTx(async (tx) => {
      const of = { organisationId, runId: run.id, step: 'build', item: null, attempt: 1, kind: 'log' } as const;
      return (await openArtifact(tx, { ...of, name: logName, mediaType: 'text/plain; charset=utf-8' })).id;
    });
  const log = await openLog('set-up.log');

  return {
    ...run,
    log,
    openLog,
    print: (id: string, text: string | Buffer) => record.inTx((tx) => appendArtifact(tx, id, Buffer.from(text))),
    close: (id: string) => record.inTx((tx) => closeArtifact(tx, id)),
    begin: () =>
      record.inTx(async (tx) => {
        await beginSetUp(tx, key, { command: COMMAND, network: 'host', logId: log });
        const payload = { log };
        await stepEvent(tx, ref, { key: 'set-up', type: 'setup.started', briefing: 'set-up begins', payload });
      }),
    end: (status: 'succeeded' | 'failed', error: string | null) =>
      record.inTx(async (tx) => {
        await closeArtifact(tx, log);
        await endSetUp(tx, key, { command: COMMAND, status, error, startedAt: new Date() });
        const type = error === null ? 'setup.completed' : 'setup.failed';
        await stepEvent(tx, ref, { key: 'set-up/ended', type, briefing: `set-up ${status}` });
      }),
    cache: () =>
      record.inTx((tx) =>
        endSetUp(
          tx,
          { ...key, purpose: 'gates' },
          { command: COMMAND, status: 'cached', error: null, startedAt: new Date() },
        ),
      ),
    endRun: (status: 'succeeded' | 'failed') =>
      record.inTx(async (tx) => {
        await updateStep(tx, step, { status }, []);
        await tx.updateTable('runs').set({ status, ended_at: new Date() }).where('id', '=', run.id).execute();
        await appendEvent(tx, {
          ...{ organisationId, projectId, key: `${run.id}/ended`, runId: run.id, actor: SYSTEM, payload: {} },
          type: status === 'succeeded' ? 'workflow.completed' : 'workflow.failed',
          briefing: `#${run.number} ${status}`,
        });
      }),
  };
}
