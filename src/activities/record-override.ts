import type { Tx } from '../db/connection.js';
import { recordOverride as write } from '../db/overrides.js';
import { updateRun } from '../db/runs.js';
import { stepStatus } from '../db/steps.js';
import { pickOutput } from '../domain/output.js';
import { describeOverride, overrideFacts, stepEnded } from '../domain/override.js';
import type { AgentStep } from '../domain/plan.js';
import { isStepOpen } from '../domain/run-state.js';
import type { Activities, RecordOverrideRequest, RecordedOverride } from '../domain/work.js';
import { findAgent, planOf } from './assign-agent.js';
import type { ActivityDeps } from './deps.js';
import { persist } from './persist.js';
import { changeStep } from './steps.js';

/**
 * Writes an override together with what it does to the record, so that both are there or neither. A step that ended
 * meanwhile keeps its end: then nothing is written.
 */
export const recordOverride =
  (deps: ActivityDeps): Activities['recordOverride'] =>
  (request) =>
    persist(deps, request.run.organisationId, async (tx) => {
      const { run, order, ref, reads, runStatus } = request;
      const { organisationId, projectId, runId, number } = run;
      const known = await tx.selectFrom('overrides').select('id').where('key', '=', order.key).executeTakeFirst();
      const output = order.override.kind === 'complete' ? pickOutput(order.override.output, reads) : null;
      if (known) return { kind: 'recorded', output };
      const refused = ref && (await findEnd(tx, ref));
      if (refused) return refused;
      await requireAgent(tx, request);
      const of = { organisationId, projectId, repositoryId: run.repository?.id ?? null, runId, number };
      await write(tx, of, order, ref?.name ?? null, true);
      await takeEffect(tx, request);
      if (runStatus === 'running') await goOn(tx, runId);
      return { kind: 'recorded', output };
    });

async function findEnd(
  tx: Tx,
  { run, step, name }: NonNullable<RecordOverrideRequest['ref']>,
): Promise<RecordedOverride | null> {
  const status = await stepStatus(tx, run.runId, step, { lock: true });
  return isStepOpen(status) ? null : { kind: 'refused', ...stepEnded(name, status) };
}

/** Who is to take over a step must be one who could have got it. Throws `no-agent`. */
async function requireAgent(tx: Tx, { order: { override }, ref }: RecordOverrideRequest): Promise<void> {
  if (override.kind !== 'reassign') return;
  const { steps } = await planOf(tx, ref!.run.runId);
  const { action } = steps.find(({ id }) => id === override.step) as AgentStep;
  await findAgent(tx, { ref: ref!, agent: { kind: 'named', name: override.agent }, action, sameAs: null });
}

/** One that waited for people runs again. */
const goOn = (tx: Tx, runId: string): Promise<unknown> =>
  tx.updateTable('runs').set({ status: 'running' }).where('id', '=', runId).where('status', '=', 'waiting').execute();

async function takeEffect(tx: Tx, { run, order, ref }: RecordOverrideRequest): Promise<void> {
  const { override } = order;
  switch (override.kind) {
    case 'skip':
      return changeStep(tx, ref!, { status: 'skipped' });
    case 'complete':
      return changeStep(tx, ref!, { status: 'succeeded', output: override.output });
    case 'pause':
    case 'resume':
      await updateRun(tx, run.runId, {
        paused: override.kind === 'pause',
        briefing: describeOverride(overrideFacts(order, null)),
      });
      return;
    case 'risk':
      await tx
        .updateTable('runs')
        .set({ risk_override: JSON.stringify({ tier: override.tier, by: order.by.handle, reason: order.reason }) })
        .where('id', '=', run.runId)
        .execute();
      return;
    case 'reassign':
  }
}
