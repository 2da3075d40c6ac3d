import { sql } from 'kysely';
import type { Json } from '../domain/json.js';
import type { StepStatus } from '../domain/run-state.js';
import type { Tx } from './connection.js';
import type { RecordedError } from './schema.js';

/** One step of one run, or one item of a mapped step. */
export interface StepKey {
  readonly organisationId: string;
  readonly runId: string;
  readonly step: string;
  readonly item: number | null;
}

export interface StepChange {
  readonly status: StepStatus;
  readonly input?: Json;
  readonly output?: Json;
  readonly error?: RecordedError;
  readonly commit?: string | null;
}

const ENDED: readonly StepStatus[] = ['succeeded', 'failed', 'skipped', 'cancelled'];

/**
 * Writes what a step came to. Returns false when it said so already, so that a repeated write makes no second event.
 * A step that has ended stays as it ended. Rows of mapped items are made on first sight.
 */
export async function updateStep(tx: Tx, key: StepKey, change: StepChange): Promise<boolean> {
  if (key.item !== null) await insertItem(tx, key);
  const ends = ENDED.includes(change.status);
  const { numUpdatedRows } = await tx
    .updateTable('steps')
    .set({
      status: change.status,
      ...(change.input !== undefined && { input: JSON.stringify(change.input) }),
      ...(change.output !== undefined && { output: JSON.stringify(change.output) }),
      ...(change.error && { error: JSON.stringify(change.error) }),
      ...(change.commit !== undefined && { commit: change.commit }),
      ...(change.status !== 'pending' && { started_at: sql<Date>`coalesce(started_at, clock_timestamp())` }),
      ...(ends && { ended_at: sql<Date>`clock_timestamp()` }),
    })
    .where('run_id', '=', key.runId)
    .where('step', '=', key.step)
    .where('item', 'is not distinct from', key.item)
    .where('status', '<>', change.status)
    .where('status', 'not in', ENDED as StepStatus[])
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

async function insertItem(tx: Tx, key: StepKey): Promise<void> {
  await sql`
    insert into steps (organisation_id, run_id, step, item, position, name, kind)
    select organisation_id, run_id, step, ${key.item}, position, name, kind from steps
    where run_id = ${key.runId} and step = ${key.step} and item is null
    on conflict do nothing`.execute(tx);
}
