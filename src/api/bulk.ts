import { appendAudit } from '../db/audit.js';
import { withOrganisation, type Tx } from '../db/connection.js';
import { overrideStanding } from '../db/override-views.js';
import { findRequestedRun } from '../db/requested-run.js';
import { requestRerun } from '../db/reruns.js';
import { listRuns, requireRunId, type RunFilter } from '../db/run-views.js';
import { BatonError } from '../domain/errors.js';
import { refuseOverride, type OverrideStanding, type Refusal } from '../domain/override.js';
import { resumesAt } from '../domain/rerun.js';
import { RUN_STATUSES, isRunOpen } from '../domain/run-state.js';
import { MAX_BULK } from '../schema/api/bulk.js';
import { holds } from './authenticate.js';
import type { ApiDeps } from './deps.js';
import { overrideRun } from './override.js';
import type { Call } from './route.js';

export type BulkAction = 'pause' | 'resume' | 'cancel' | 'rerun';

/** How many runs are stepped into at once. */
const AT_ONCE = 10;

/** The runs that an act with this filter would touch, and what would become of each. */
export async function previewBulk(tx: Tx, action: BulkAction, filter: Omit<RunFilter, 'limit'>) {
  const open = RUN_STATUSES.filter((status) => isRunOpen(status));
  const status = filter.status ?? (action === 'rerun' ? (['failed', 'cancelled'] as const) : open);
  const { items, next } = await listRuns(tx, { ...filter, status, limit: MAX_BULK });
  const runs = [];
  for (const { id, number, pipeline, repository, status: is, briefing } of items) {
    const { standing } = await overrideStanding(tx, id, { lock: false });
    const found = judge(action, standing);
    runs.push({ id, number, pipeline: pipeline.name, repository, status: is, briefing, ...found });
  }
  return { action, runs, more: next !== null };
}

interface Judged {
  readonly from: string | null;
  readonly refusal: Refusal | null;
}

function judge(action: BulkAction, standing: OverrideStanding): Judged {
  if (action !== 'rerun') return { from: null, refusal: refuseOverride({ kind: action }, standing) };
  if (standing.phase !== 'ended')
    return { from: null, refusal: { code: 'run-still-open', message: 'The run is open; cancel it first.' } };
  const from = resumesAt(standing.steps, standing.statuses);
  return from === null
    ? { from, refusal: { code: 'nothing-to-rerun', message: 'All of its steps are done.' } }
    : { from, refusal: null };
}

interface BulkOutcome<T = 'done' | 'refused' | 'unknown'> {
  readonly id: string;
  readonly outcome: T;
  readonly rerun: number | null;
  readonly refusal: Refusal | null;
}

/**
 * Does the same to each of these runs, some at once; what one refuses does not hold up the others. Where nobody answers
 * the rest is not tried. Throws `decision-unknown`: the same key does what is left.
 */
export async function actInBulk(
  call: Call,
  { action, runs, reason }: { readonly action: BulkAction; readonly runs: readonly string[]; readonly reason: string },
  deps: ApiDeps,
): Promise<readonly BulkOutcome<'done' | 'refused'>[]> {
  const waiting = [...new Set(runs)].map((id, at) => ({ id, at }));
  const outcomes: BulkOutcome[] = [];
  let answered = true;
  const take = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { id, at } = next;
      const outcome: BulkOutcome = answered
        ? await actOn(call, action, id, reason, deps)
        : { id, outcome: 'unknown', rerun: null, refusal: null };
      if (outcome.outcome === 'unknown') answered = false;
      outcomes[at] = outcome;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, take));
  const unknown = outcomes.filter(({ outcome }) => outcome === 'unknown');
  if (unknown.length === 0) return outcomes as readonly BulkOutcome<'done' | 'refused'>[];
  throw new BatonError(
    'decision-unknown',
    `Of ${outcomes.length} runs ${unknown.length} did not answer in time: no worker may be running. Send it again with the same Idempotency-Key: it does what is left, and nothing twice.`,
    { details: { unknown: unknown.map(({ id }) => id) } },
  );
}

async function actOn(call: Call, action: BulkAction, id: string, reason: string, deps: ApiDeps): Promise<BulkOutcome> {
  const key = `${call.key}/${id}`;
  try {
    await call.read((tx) => requireRunId(tx, id));
    if (action === 'rerun')
      return { id, outcome: 'done', rerun: await rerun(call, id, reason, key, deps), refusal: null };
    await overrideRun(call, { runId: id, override: { kind: action }, reason, key }, deps);
    return { id, outcome: 'done', rerun: null, refusal: null };
  } catch (error) {
    if (!(error instanceof BatonError)) throw error;
    const { code, message } = error;
    return {
      id,
      outcome: code === 'decision-unknown' ? 'unknown' : 'refused',
      rerun: null,
      refusal: { code, message },
    };
  }
}

/** Number of the run that repeats this one, with its row in the audit trail; made once by its key. */
async function rerun({ principal }: Call, runId: string, reason: string, key: string, deps: ApiDeps): Promise<number> {
  if (!holds(principal.role, 'author'))
    throw new BatonError('role-too-low', `This takes the role author; ${principal.handle} has ${principal.role}.`);
  const { organisationId, personId, handle, origin } = principal;
  const made = await withOrganisation(deps.db, organisationId, async (tx) => {
    const known = await findRequestedRun(tx, key);
    if (known) return known;
    const { run, standing } = await overrideStanding(tx, runId, { lock: true });
    const { from, refusal } = judge('rerun', standing);
    if (refusal) throw new BatonError(refusal.code, refusal.message);
    const again = await requestRerun(tx, { principal, runId, from: from!, params: {}, key });
    await appendAudit(tx, {
      organisationId,
      actor: { kind: 'person', id: personId, name: handle },
      action: 'run.rerun',
      resource: `run:${again.id}`,
      details: { number: again.number, rerunOf: run.id, from, reason },
      outcome: 'success',
      ...origin,
    });
    return again;
  });
  return made.number;
}
