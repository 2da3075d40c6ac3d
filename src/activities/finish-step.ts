import { readArtifact } from '../artifacts/artifacts.js';
import type { Tx } from '../db/connection.js';
import { transitionTask } from '../db/tasks.js';
import type { Json, JsonObject } from '../domain/json.js';
import { pickOutput, stepOutput } from '../domain/output.js';
import type { FinishStepRequest } from '../domain/work.js';
import { endAttempt } from './attempt/attempt-record.js';
import { pullRequestOfCapability } from './capability-pull-request.js';
import type { ActivityDeps } from './deps.js';
import { persist } from './persist.js';
import { reviewScore } from './review-score.js';
import { changeStep } from './steps.js';

const MAX_OUTPUT_BYTES = 1024 * 1024;

/** Ends an agent's step in the record, and hands on what later steps read of it. */
export const finishStep =
  (deps: ActivityDeps) =>
  async (request: FinishStepRequest): Promise<Json> => {
    const { ref, attempt, agent, outcome, reads, keepsStep } = request;
    const opened = keepsStep ? null : await pullRequestOfCapability(deps, request);
    return persist(deps, ref.run.organisationId, async (tx) => {
      const error = outcome.kind === 'failed' ? outcome.failure : null;
      const status = outcome.kind === 'taken-over' ? 'cancelled' : outcome.kind;
      if (agent && attempt > 0) await endAttempt(tx, { ref, attempt, agent, status, error });
      if (keepsStep || outcome.kind === 'taken-over') return null;
      if (outcome.kind !== 'succeeded') {
        await changeStep(tx, ref, { status: outcome.kind, ...(error && { error }) });
        return null;
      }
      const own = await wholeOutput(tx, { ref, attempt, commit: outcome.commit });
      const output = { ...own, ...opened, ...(await reviewScore(tx, request)) };
      await changeStep(tx, ref, { status: 'succeeded', output, commit: outcome.commit });
      if (outcome.commit !== null) await keepBranch(tx, ref, outcome);
      return pickOutput(output, reads);
    });
  };

/** What the step gave: what its agent said, and the commit that Baton made of it. */
export async function wholeOutput(
  tx: Tx,
  { ref, attempt, commit }: Pick<FinishStepRequest, 'ref' | 'attempt'> & { commit: string | null },
): Promise<JsonObject> {
  const ofAttempt = { run_id: ref.run.runId, step: ref.step, attempt };
  const row = await tx
    .selectFrom('attempts')
    .select('summary')
    .where((eb) => eb.and(ofAttempt))
    .where('item', 'is not distinct from', ref.item)
    .executeTakeFirstOrThrow();
  const artifact = await tx
    .selectFrom('artifacts')
    .select('id')
    .where((eb) => eb.and({ ...ofAttempt, kind: 'output' as const }))
    .where('item', 'is not distinct from', ref.item)
    .executeTakeFirst();
  const own = artifact
    ? (JSON.parse(
        (await readArtifact(tx, artifact.id, { start: 0, maxBytes: MAX_OUTPUT_BYTES })).toString('utf8'),
      ) as JsonObject)
    : {};
  const findings = await tx
    .selectFrom('findings')
    .select(['rule', 'severity', 'message', 'file', 'line', 'fix'])
    .where((eb) => eb.and(ofAttempt))
    .where('item', 'is not distinct from', ref.item)
    .where('gate', 'is', null)
    .orderBy('position')
    .execute();
  return stepOutput({ output: own, summary: row.summary, findings }, commit);
}

async function keepBranch(
  tx: Tx,
  { run, step }: FinishStepRequest['ref'],
  { branch, repositoryId }: { readonly branch: string; readonly repositoryId: string },
): Promise<void> {
  if (repositoryId === run.repository?.id)
    await tx.updateTable('runs').set({ branch }).where('id', '=', run.runId).where('branch', 'is', null).execute();
  // Without gates too: it is proved as far as anybody asked for.
  await transitionTask(tx, run, 'testing', `${step}/proved`);
}
