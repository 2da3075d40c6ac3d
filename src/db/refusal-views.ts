import { sql } from 'kysely';
import type { JsonObject } from '../domain/json.js';
import type { Tx } from './connection.js';
import { decodeCursor, pageOf, type PageRequest } from './cursor.js';
import type { Actor } from './schema.js';

export interface AttemptFilter {
  readonly step?: string | undefined;
  readonly item?: number | undefined;
  readonly attempt?: number | undefined;
}

type Kind = 'network' | 'limit' | 'result' | 'permission';
const KINDS: readonly unknown[] = ['network', 'limit', 'result', 'permission'] satisfies Kind[];

/** What of a run's attempts was refused, oldest first, as the audit trail has it. */
export async function listRefusals(
  tx: Tx,
  runId: string,
  { step, item, attempt, cursor, limit }: AttemptFilter & PageRequest,
) {
  const after = decodeCursor('refusals', 'number', cursor);
  const rows = await tx
    .selectFrom('audit')
    .select(['id', 'at', 'actor', 'details'])
    .where('action', 'in', ['sandbox.refuse', 'commit.refuse'])
    .where('resource', '=', `run:${runId}`)
    .where(sql<boolean>`details ? 'attempt'`)
    .$if(step !== undefined, (query) => query.where(sql<boolean>`details ->> 'step' = ${step}`))
    .$if(item !== undefined, (query) => query.where(sql<boolean>`details ->> 'item' = ${String(item)}`))
    .$if(attempt !== undefined, (query) => query.where(sql<boolean>`details ->> 'attempt' = ${String(attempt)}`))
    .$if(after !== null, (query) => query.where('id', '>', Number(after)))
    .orderBy('id')
    .limit(limit + 1)
    .execute();
  const page = pageOf('refusals', rows, limit, ({ id }) => id);
  return { next: page.next, items: page.items.map(({ at, actor, details }) => ({ at, ...toRefusal(actor, details) })) };
}

function toRefusal(actor: Actor, { run: _run, step, item, attempt, kind, what, ...details }: JsonObject) {
  return {
    step: step as string,
    item: typeof item === 'number' ? item : null,
    attempt: attempt as number,
    agent: actor.kind === 'agent' ? actor.name : null,
    kind: KINDS.includes(kind) ? (kind as Kind) : null,
    what: what as string,
    details,
  };
}
