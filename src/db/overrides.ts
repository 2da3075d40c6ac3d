import type { JsonObject } from '../domain/json.js';
import { describeOverride, overrideFacts, type Override, type OverrideOrder } from '../domain/override.js';
import { appendAudit } from './audit.js';
import type { Tx } from './connection.js';
import { appendEvent } from './events.js';
import { whereStepsWereDone } from './reruns.js';

/** The run that an override is of. */
export interface OverriddenRun {
  readonly organisationId: string;
  readonly projectId: string;
  readonly repositoryId: string | null;
  readonly runId: string;
  readonly number: number;
}

/**
 * Writes an override with its event and its audit row. `delivered`: the run's workflow knows of it; otherwise whoever
 * starts workflows tells it. One whose key is known writes nothing.
 */
export async function recordOverride(
  tx: Tx,
  { organisationId, projectId, repositoryId, runId, number }: OverriddenRun,
  order: OverrideOrder,
  stepName: string | null,
  delivered: boolean,
): Promise<void> {
  const { override, by, reason, key, origin } = order;
  const step = 'step' in override ? override.step : null;
  const actor = { kind: 'person', id: by.id, name: by.handle } as const;
  const details = detailsOf(override);
  const row = await tx
    .insertInto('overrides')
    .values({
      organisation_id: organisationId,
      run_id: runId,
      key,
      kind: override.kind,
      step,
      reason,
      details: JSON.stringify(details),
      actor: JSON.stringify(actor),
      delivered_at: delivered ? new Date() : null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!row) return;
  const { id } = row;
  const facts = { override: id, kind: override.kind, ...(step !== null && { step }), reason };
  await appendEvent(tx, {
    organisationId,
    projectId,
    key: `${runId}/override/${key}`,
    type: 'override',
    runId,
    repositoryId,
    actor,
    briefing: `#${number} ${describeOverride(overrideFacts(order, stepName))}`,
    payload: { ...facts, ...(override.kind === 'reassign' && { agent: override.agent }) },
  });
  await appendAudit(tx, {
    organisationId,
    actor,
    action: `override.${override.kind}`,
    resource: `run:${runId}`,
    details: { run: number, ...facts, ...details },
    outcome: 'success',
    ...origin,
  });
}

function detailsOf(override: Override): JsonObject {
  switch (override.kind) {
    case 'complete':
      return { output: override.output };
    case 'reassign':
      return { agent: override.agent };
    case 'risk':
      return { tier: override.tier };
    default:
      return {};
  }
}

/** Cancellations and resets that no workflow has heard of yet, with the run that they end. */
export const undeliveredOverrides = (tx: Tx, limit: number) =>
  tx
    .selectFrom('overrides as o')
    .innerJoin('runs as r', 'r.id', 'o.run_id')
    .select([
      'o.id',
      'o.organisation_id as organisationId',
      'o.actor',
      'r.id as runId',
      'r.number',
      'r.workflow_id as workflowId',
    ])
    .where('o.delivered_at', 'is', null)
    .orderBy('o.created_at')
    .limit(limit)
    .execute();
export type UndeliveredOverride = Awaited<ReturnType<typeof undeliveredOverrides>>[number];

/** Who ends a run, and why; null where it ends by itself. */
export async function findEnding(tx: Tx, runId: string): Promise<string | null> {
  const row = await tx
    .selectFrom('overrides')
    .select(['actor', 'reason'])
    .where('run_id', '=', runId)
    .where('kind', 'in', ['cancel', 'reset'])
    .executeTakeFirst();
  return row ? `${row.actor.name}: ${row.reason}` : null;
}

/** Ids of the steps of a run whose end somebody decided, also where it took the result over from another run. */
export async function overriddenSteps(tx: Tx, runId: string): Promise<ReadonlySet<string>> {
  const done = await whereStepsWereDone(tx, runId);
  const rows = await tx
    .selectFrom('overrides')
    .select(['run_id as runId', 'step'])
    .where('run_id', 'in', [runId, ...new Set(done.values())])
    .where('kind', 'in', ['skip', 'complete'])
    .execute();
  return new Set(rows.flatMap((row) => (row.step !== null && done.get(row.step) === row.runId ? [row.step] : [])));
}
