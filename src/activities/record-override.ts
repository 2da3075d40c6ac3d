import type { Tx } from '../db/connection.js';
import { recordOverride as write } from '../db/overrides.js';
import { updateRun } from '../db/runs.js';
import { stepStatus } from '../db/steps.js';
import { BatonError } from '../domain/errors.js';
import { pickOutput } from '../domain/output.js';
import { describeOverride, overrideFacts, stepEnded } from '../domain/override.js';
import { isStepOpen } from '../domain/run-state.js';
import { HANDOFF_ACTIONS, placesFor, type HandoffPlace } from '../domain/tdd.js';
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
      const given = await stepGiven(tx, request);
      const places = given ? await placesOf(tx, given) : [];
      if (known) return { kind: 'recorded', output, places };
      const refused = ref && (await findEnd(tx, ref));
      if (refused) return refused;
      const of = { organisationId, projectId, repositoryId: run.repository?.id ?? null, runId, number };
      if (given) await requireAgent(tx, given, places);
      await write(tx, of, order, ref?.name ?? null, true);
      await takeEffect(tx, request);
      if (runStatus === 'running') await goOn(tx, runId);
      return { kind: 'recorded', output, places };
    });

async function findEnd(
  tx: Tx,
  { run, step, name }: NonNullable<RecordOverrideRequest['ref']>,
): Promise<RecordedOverride | null> {
  const status = await stepStatus(tx, run.runId, step, { lock: true });
  return isStepOpen(status) ? null : { kind: 'refused', ...stepEnded(name, status) };
}

/** Who is to take over a step must be one who could have got it. Throws `no-agent`. */
async function requireAgent(tx: Tx, given: Given, places: readonly HandoffPlace[]): Promise<void> {
  if (given.step.kind === 'agent') await findAgent(tx, { ...given, action: given.step.action, sameAs: null });
  if (given.step.kind === 'handoff' && places.length === 0)
    throw new BatonError(
      'no-agent',
      `${given.ref.name}: ${given.agent.name} can take the place of neither the tester nor the developer: whoever takes one must be able to do all its phases.`,
    );
}

/** What of a hand-off the agent can take; none of any other step. */
async function placesOf(tx: Tx, given: Given): Promise<readonly HandoffPlace[]> {
  if (given.step.kind !== 'handoff') return [];
  const able = new Set<string>();
  for (const action of HANDOFF_ACTIONS) if (await canDo(tx, { ...given, action, sameAs: null })) able.add(action);
  return placesFor((action) => able.has(action));
}

async function canDo(tx: Tx, request: Parameters<typeof findAgent>[1]): Promise<boolean> {
  try {
    await findAgent(tx, request);
    return true;
  } catch (error) {
    if (error instanceof BatonError && error.code === 'no-agent') return false;
    throw error;
  }
}

type Given = NonNullable<Awaited<ReturnType<typeof stepGiven>>>;

/** The step that is given to another, and to whom; null where the override gives none. */
async function stepGiven(tx: Tx, { order: { override }, ref }: RecordOverrideRequest) {
  if (override.kind !== 'reassign' || ref === null) return null;
  const { steps } = await planOf(tx, ref.run.runId);
  const step = steps.find(({ id }) => id === override.step)!;
  return { ref, step, repository: ref.run.repository, agent: { kind: 'named', name: override.agent } as const };
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
