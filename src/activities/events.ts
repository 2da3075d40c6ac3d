import { appendEvent, SYSTEM, type NewEvent } from '../db/events.js';
import type { Tx } from '../db/connection.js';
import type { Actor } from '../db/schema.js';
import type { EventType } from '../domain/event.js';
import type { JsonObject } from '../domain/json.js';
import type { RunRef, StepRef } from '../domain/work.js';

/** An event of a run. `key` is unique in the run. */
export function runEvent(tx: Tx, run: RunRef, event: { key: string; type: EventType; briefing: string; payload?: JsonObject; actor?: Actor }): Promise<number | null> {
  const full: NewEvent = {
    organisationId: run.organisationId,
    projectId: run.projectId,
    key: `${run.runId}/${event.key}`,
    type: event.type,
    runId: run.runId,
    repositoryId: run.repository?.id ?? null,
    actor: event.actor ?? SYSTEM,
    briefing: `#${run.number} ${event.briefing}`,
    payload: event.payload ?? {},
  };
  return appendEvent(tx, full);
}

/** An event of a step, or of one item of it. */
export function stepEvent(tx: Tx, ref: StepRef, event: { key: string; type: EventType; briefing: string; payload?: JsonObject; actor?: Actor }): Promise<number | null> {
  const item = ref.item === null ? '' : `/${ref.item}`;
  return runEvent(tx, ref.run, {
    ...event,
    key: `${ref.step}${item}/${event.key}`,
    briefing: `${ref.name}${ref.item === null ? '' : ` (${ref.item + 1})`}: ${event.briefing}`,
    payload: { step: ref.step, ...(ref.item !== null && { item: ref.item }), ...event.payload },
  });
}
