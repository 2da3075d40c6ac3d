import { sql } from 'kysely';
import type { EventType } from '../domain/event.js';
import type { Json, JsonObject } from '../domain/json.js';
import type { StepStatus } from '../domain/run-state.js';
import type { Tx } from './connection.js';
import { SYSTEM } from './events.js';
import type { RecordedError } from './schema.js';

/** One step of one run, or one item of a mapped step. */
export interface StepKey {
  readonly organisationId: string;
  readonly projectId: string;
  readonly repositoryId: string | null;
  readonly runId: string;
  readonly step: string;
  readonly item: number | null;
  /** What an item is called. */
  readonly name: string;
}

export interface StepChange {
  readonly status: StepStatus;
  readonly input?: Json;
  readonly output?: Json;
  readonly error?: RecordedError;
  readonly commit?: string | null;
}

/** What a change of standing is told as; its key makes it told once. */
export interface StepEvent {
  readonly key: string;
  readonly type: EventType;
  readonly briefing: string;
  readonly payload: JsonObject;
}

/**
 * Writes what a step came to, the run's line about it, and its events in their order, in one statement: this is the hot
 * path of every run. A step that has ended stays as it ended, and saying the same again writes nothing.
 */
export async function updateStep(
  tx: Tx,
  key: StepKey,
  change: StepChange,
  events: readonly StepEvent[],
): Promise<void> {
  if (key.item !== null) await insertItem(tx, key);
  const json = (value: unknown) => (value === undefined || value === null ? null : JSON.stringify(value));
  await sql`
    with changed as (
      update steps set
        status = ${change.status}::text,
        input = coalesce(${json(change.input)}::jsonb, input),
        output = coalesce(${json(change.output)}::jsonb, output),
        error = coalesce(${json(change.error)}::jsonb, error),
        commit = coalesce(${change.commit ?? null}::text, commit),
        started_at = coalesce(started_at, clock_timestamp()),
        ended_at = case when ${change.status}::text in ('succeeded', 'failed', 'skipped', 'cancelled') then clock_timestamp() end
      where run_id = ${key.runId}::uuid and step = ${key.step}::text and item is not distinct from ${key.item}::int
        and status <> ${change.status}::text and status not in ('succeeded', 'failed', 'skipped', 'cancelled')
      returning name
    ), told as (
      update runs set briefing = changed.name || ': ' || ${change.status}::text
      from changed where id = ${key.runId}::uuid and status in ('running', 'waiting')
    ), happened as (
      select e.* from changed, rows from (
        jsonb_to_recordset(${JSON.stringify(events)}::jsonb) as (key text, type text, briefing text, payload jsonb)
      ) with ordinality as e(key, type, briefing, payload, position)
    ), fresh as (
      insert into event_keys (organisation_id, key) select ${key.organisationId}::uuid, key from happened
      on conflict do nothing returning key
    )
    insert into events (organisation_id, project_id, key, type, run_id, repository_id, actor, briefing, payload)
    select ${key.organisationId}::uuid, ${key.projectId}::uuid, key, type, ${key.runId}::uuid,
      ${key.repositoryId}::uuid, ${json(SYSTEM)}::jsonb, briefing, payload
    from happened join fresh using (key) order by position`.execute(tx);
}

async function insertItem(tx: Tx, key: StepKey): Promise<void> {
  await sql`
    insert into steps (organisation_id, run_id, step, item, position, name, kind)
    select organisation_id, run_id, step, ${key.item}, position, ${key.name}, kind from steps
    where run_id = ${key.runId} and step = ${key.step} and item is null
    on conflict do nothing`.execute(tx);
}

/** Where a step stands as a whole; locked, it stays so until the transaction ends. */
export async function stepStatus(tx: Tx, runId: string, step: string, { lock = false } = {}): Promise<StepStatus> {
  const { status } = await tx
    .selectFrom('steps')
    .select('status')
    .where('run_id', '=', runId)
    .where('step', '=', step)
    .where('item', 'is', null)
    .$if(lock, (query) => query.forUpdate())
    .executeTakeFirstOrThrow();
  return status;
}
