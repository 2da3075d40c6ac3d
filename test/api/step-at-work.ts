import { makeStepToken } from '../../src/db/step-tokens.js';
import type { StepWork } from '../../src/domain/step-work.js';
import type { ServedApi } from './served-api.js';

let made = 0;

/** An attempt at work, its agent, its row and its token, as a worker makes them. */
export async function beginStep(
  { record }: Pick<ServedApi, 'record'>,
  {
    run: given,
    ...change
  }: Partial<StepWork> & { readonly run?: { readonly id: string; readonly number: number } } = {},
): Promise<{ readonly work: StepWork; readonly token: string }> {
  const { organisationId, projectId } = record;
  const name = `devon-${++made}`;
  const { id: agentId } = await record.inTx((tx) =>
    tx
      .insertInto('agents')
      .values({
        ...{ organisation_id: organisationId, project_id: projectId, name, type: 'custom', kind: 'LLM' as const },
        ...{ adapter: 'claude' as const, roles: [], entry: '{}', risk_level: 'AUTO' as const },
      })
      .returning('id')
      .executeTakeFirstOrThrow(),
  );
  const run = given ?? (await record.createRun());
  const ref = {
    run: {
      ...{ organisationId, projectId, runId: run.id, number: run.number, pipeline: 'p' },
      ...{ repository: null, issue: null, taskId: null, requestedBy: 'author' },
    },
    ...{ step: 'work', name: 'Work', item: null },
  };
  const work = { ref, attempt: 1, agent: { id: agentId, name }, action: 'code.implement', ...change };
  const token = await record.inTx(async (tx) => {
    await tx
      .insertInto('attempts')
      .values({ organisation_id: organisationId, run_id: run.id, step: 'work', attempt: 1, agent_id: agentId })
      .execute();
    return makeStepToken(tx, work);
  });
  return { work, token };
}
