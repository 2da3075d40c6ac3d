import { sql } from 'kysely';
import { insertItems, updateItem } from '../../src/db/checklists.js';
import { appendEvent } from '../../src/db/events.js';
import { updateStep } from '../../src/db/steps.js';
import type { ItemStatus } from '../../src/domain/checklist.js';
import { runRef, type RunInput } from '../../src/domain/run-input.js';
import type { RunStatus, StepStatus } from '../../src/domain/run-state.js';
import type { StepRef } from '../../src/domain/work.js';
import { noop, plan, type TestRecord } from './record.js';

/** A run in the record whose first of two steps has a checklist that an agent works off. */
export async function createListedRun(record: TestRecord, name: string) {
  const { organisationId, projectId } = record;
  const inTx: TestRecord['inTx'] = (work) => record.inTx(work);
  const run = await record.createRun({ plan: plan(name, [noop('build'), noop('after', ['build'])]) });
  const input = await inTx(
    async (tx) =>
      (await tx.selectFrom('runs').select('input').where('id', '=', run.id).executeTakeFirstOrThrow())
        .input as unknown as RunInput,
  );
  const ref: StepRef = { run: runRef(input), step: 'build', name: 'build', item: null };
  const agentId = await inTx(async (tx) => {
    const agent = { organisation_id: organisationId, project_id: projectId, name: `devon-${name}` };
    const row = { ...agent, type: 'custom' as const, kind: 'LLM' as const, adapter: 'command' as const, roles: [] };
    return (
      await tx
        .insertInto('agents')
        .values({ ...row, description: '', version: '1', risk_level: 'AUTO', entry: '{}', limits: '{}' })
        .returning('id')
        .executeTakeFirstOrThrow()
    ).id;
  });
  const tell = (key: string) => ({
    organisationId,
    projectId,
    key: `${run.id}/${key}`,
    type: 'step.progressed' as const,
    runId: run.id,
    actor: { kind: 'agent' as const, id: agentId, name: agent(name) },
    briefing: key,
    payload: {},
  });
  await setStatus('running', 'running');

  async function setStatus(ofRun: RunStatus, ofStep: StepStatus): Promise<void> {
    const key = {
      organisationId,
      projectId,
      repositoryId: null,
      runId: run.id,
      step: 'build',
      item: null,
      name: 'build',
    };
    await inTx(async (tx) => {
      await tx.updateTable('runs').set({ status: ofRun }).where('id', '=', run.id).execute();
      await updateStep(tx, key, { status: ofStep }, []);
      await appendEvent(tx, { ...tell(ofStep), type: 'step.started' });
    });
  }

  return {
    ...run,
    agent: agent(name),
    setStatus,
    list: (source: 'required' | 'agent', ...texts: string[]) =>
      inTx(async (tx) => {
        await insertItems(
          tx,
          ref,
          texts.map((text) => ({ text, source })),
          1,
        );
        await appendEvent(tx, tell(`${source} listed`));
      }),
    mark: (text: string, status: ItemStatus, note: string | null = null) =>
      inTx(async (tx) => {
        await updateItem(tx, ref, { text, status, note, kept: true }, { attempt: 1, agentId });
        await appendEvent(tx, tell(`${text} ${status}`));
      }),
    /** As if the step had succeeded before, in runs of the same pipeline, and had taken so many seconds. */
    before: (...seconds: readonly number[]) =>
      inTx(async (tx) => {
        for (const took of seconds)
          await sql`
            with earlier as (
              insert into runs select (jsonb_populate_record(r, jsonb_build_object('id', gen_random_uuid(),
                'number', (select max(number) + 1000 from runs), 'workflow_id', gen_random_uuid(), 'status', 'succeeded'))).*
              from runs r where r.id = ${run.id}::uuid returning id
            )
            insert into steps select (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid(),
              'run_id', earlier.id, 'kind', 'agent', 'status', 'succeeded', 'started_at', now(),
              'ended_at', now() + make_interval(secs => ${took})))).*
            from steps s, earlier where s.run_id = ${run.id}::uuid and s.step = 'build'`.execute(tx);
      }),
  };
}

const agent = (name: string): string => `devon-${name}`;
