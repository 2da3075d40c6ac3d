import { sql } from 'kysely';
import type { EventType } from '../domain/event.js';
import type { OutsideEventType } from '../domain/outside-event.js';
import type { JsonObject } from '../domain/json.js';
import { redact } from '../telemetry/redact.js';
import type { Tx } from './connection.js';
import type { Actor } from './schema.js';

export interface NewEvent {
  readonly organisationId: string;
  readonly projectId: string | null;
  /** Made by its producer and unique in the organisation: the same key is the same event, written once. */
  readonly key: string;
  readonly type: EventType | OutsideEventType;
  readonly runId?: string | null;
  readonly repositoryId?: string | null;
  readonly actor: Actor;
  /** One line for people (R10.4). */
  readonly briefing: string;
  readonly payload: JsonObject;
}

export const SYSTEM: Actor = { kind: 'system', id: null, name: 'baton' };

/** Appends an event, without what gives itself away as a secret; null when its key was written before. Returns the event's id. */
export async function appendEvent(tx: Tx, event: NewEvent): Promise<number | null> {
  const { rows } = await sql<{ id: number }>`
    with fresh as (
      insert into event_keys (organisation_id, key) values (${event.organisationId}, ${event.key})
      on conflict do nothing returning key
    )
    insert into events (organisation_id, project_id, key, type, run_id, repository_id, actor, briefing, payload)
    select ${event.organisationId}::uuid, ${event.projectId}::uuid, fresh.key, ${event.type}, ${event.runId ?? null}::uuid,
      ${event.repositoryId ?? null}::uuid, ${JSON.stringify(event.actor)}::jsonb, ${redact(event.briefing)}, ${JSON.stringify(redact(event.payload))}::jsonb
    from fresh returning id`.execute(tx);
  return rows[0]?.id ?? null;
}

/** Claims a key that is no event's: true for the first who asks. */
export async function firstToSay(tx: Tx, organisationId: string, key: string): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('event_keys')
    .values({ organisation_id: organisationId, key })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}
