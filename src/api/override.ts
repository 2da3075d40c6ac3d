import { withOrganisation } from '../db/connection.js';
import { findOverride, overrideStanding } from '../db/override-views.js';
import { recordOverride } from '../db/overrides.js';
import { BatonError } from '../domain/errors.js';
import {
  refuseOverride,
  roleForOverride,
  type Override,
  type OverrideOrder,
  type OverrideStanding,
  type RunOverride,
} from '../domain/override.js';
import { holds } from './authenticate.js';
import { isTemporalAway } from './away.js';
import type { ApiDeps } from './deps.js';
import { dispatchOverrides } from './dispatch-overrides.js';
import { dispatchRuns } from './dispatch.js';
import type { Call } from './route.js';
import { sendUpdate, type UpdateWords } from './send-update.js';

const WORDS: UpdateWords = {
  refused: 'override-refused',
  unknown:
    'The run did not answer in time: no worker may be running. The override may still count; send it again with the same Idempotency-Key to see.',
  ended: { code: 'run-ended', message: 'Temporal does not know the run any more: cancel it, and rerun it.' },
};

export interface WantedOverride {
  readonly runId: string;
  readonly override: Override;
  readonly reason: string;
  /** Names it: of the request, or of its part for one run. */
  readonly key: string;
}

/**
 * Steps into a run as a person wants it. The same key is the same override: where no answer came in time it can be asked
 * for again, and counts once.
 */
export async function overrideRun(call: Call, { runId, override, reason, key }: WantedOverride, deps: ApiDeps) {
  const { run, standing, known } = await call.read(async (tx) => ({
    ...(await overrideStanding(tx, runId, { lock: false })),
    known: await findOverride(tx, key),
  }));
  if (known) return known;
  const role = roleForOverride(override, standing.steps);
  if (!holds(call.principal.role, role))
    throw new BatonError(
      'role-too-low',
      `This takes the role ${role}; ${call.principal.handle} has ${call.principal.role}.`,
    );
  const { personId, handle, origin } = call.principal;
  const order = { override, by: { id: personId, handle }, reason, key, origin: origin ?? null };
  // Whoever asks hears at once what the record knows to be impossible; the run alone decides what is possible.
  refuse(order, standing);
  if (endsRun(order)) await endRun(call, runId, order, deps);
  else if (run.held)
    throw new BatonError('run-not-started', 'The run waits for what blocks its task; it can only be cancelled.');
  else await askRun(run.workflowId, order as OverrideOrder<RunOverride>, deps);
  return (await call.read((tx) => findOverride(tx, key)))!;
}

function refuse({ override }: OverrideOrder, standing: OverrideStanding): void {
  const refused = refuseOverride(override, standing);
  if (refused) throw new BatonError(refused.code, refused.message);
}

const endsRun = ({ override }: OverrideOrder): boolean => override.kind === 'cancel' || override.kind === 'reset';

/** Writes that the run is to end, which needs no worker; then tells its workflow, now or as soon as Temporal is there. */
async function endRun(call: Call, runId: string, order: OverrideOrder, deps: ApiDeps): Promise<void> {
  await withOrganisation(deps.db, call.principal.organisationId, async (tx) => {
    const { run, standing } = await overrideStanding(tx, runId, { lock: true });
    if (await findOverride(tx, order.key)) return;
    refuse(order, standing);
    const { projectId, repositoryId, number } = run;
    const step = 'step' in order.override ? order.override.step : null;
    const name = standing.steps.find(({ id }) => id === step)?.name ?? null;
    await recordOverride(
      tx,
      { organisationId: call.principal.organisationId, projectId, repositoryId, runId, number },
      order,
      name,
      false,
    );
  });
  try {
    await dispatchOverrides(deps);
  } catch (error) {
    if (!isTemporalAway(error)) throw error;
    deps.log.warn({ err: error }, 'a run is cancelled as soon as Temporal is there');
  }
}

async function askRun(workflowId: string, order: OverrideOrder<RunOverride>, deps: ApiDeps): Promise<void> {
  // It may wait for its start: what is not there cannot be asked.
  await dispatchRuns(deps);
  await sendUpdate<null, [OverrideOrder<RunOverride>]>(
    deps,
    { workflowId, name: 'override', args: [order], updateId: `override/${order.key}` },
    WORDS,
  );
}
