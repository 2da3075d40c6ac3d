import { appendEvent, SYSTEM } from './events.js';
import type { Tx } from './connection.js';
import type { Actor } from './schema.js';
import type { EventType } from '../domain/event.js';
import type { JsonObject } from '../domain/json.js';
import type { RunRef, StepRef } from '../domain/work.js';

/** What an event says; `key` is unique in its run or step. */
export interface StepFacts {
  readonly key: string;
  readonly briefing: string;
  readonly payload?: JsonObject;
}

interface Happening extends StepFacts {
  readonly type: EventType;
  /** Default: Baton itself. */
  readonly actor?: Actor;
}

/** An event of a run. */
export const runEvent = (tx: Tx, run: RunRef, { key, briefing, ...event }: Happening): Promise<number | null> =>
  append(tx, run, { ...event, key: `${run.runId}/${key}`, briefing: `#${run.number} ${briefing}` });

/** An event of a step, or of one item of it. */
export const stepEvent = (tx: Tx, ref: StepRef, { type, actor, ...facts }: Happening): Promise<number | null> =>
  append(tx, ref.run, { type, ...(actor && { actor }), ...stepFacts(ref, facts) });

/** Key, line and payload of a step's event, as the stream has them. */
export function stepFacts(
  { run, step, item, name }: StepRef,
  { key, briefing, payload }: StepFacts,
): Required<StepFacts> {
  return {
    key: `${run.runId}/${step}${item === null ? '' : `/${item}`}/${key}`,
    briefing: `#${run.number} ${name}${item === null ? '' : ` (${item + 1})`}: ${briefing}`,
    payload: { step, ...(item !== null && { item }), ...payload },
  };
}

function append(
  tx: Tx,
  run: RunRef,
  { key, type, briefing, payload = {}, actor = SYSTEM }: Happening,
): Promise<number | null> {
  return appendEvent(tx, {
    organisationId: run.organisationId,
    projectId: run.projectId,
    key,
    type,
    runId: run.runId,
    repositoryId: run.repository?.id ?? null,
    actor,
    briefing,
    payload,
  });
}
