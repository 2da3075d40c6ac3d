import { sql } from 'kysely';
import { BatonError } from '../domain/errors.js';
import type { Tx } from './connection.js';
import type { AttemptFilter } from './refusal-views.js';

export type ArtifactView = Awaited<ReturnType<typeof listRunArtifacts>>[number];

const columns = [
  'id',
  'step',
  'item',
  'attempt',
  'kind',
  'name',
  'media_type as mediaType',
  'bytes',
  'closed',
  'created_at as createdAt',
] as const;

/** Everything that a run kept, oldest first. */
export function listRunArtifacts(tx: Tx, runId: string) {
  return tx
    .selectFrom('artifacts')
    .select(columns)
    .where('run_id', '=', runId)
    .orderBy('created_at')
    .orderBy('name')
    .execute();
}

export async function getArtifact(tx: Tx, id: string): Promise<ArtifactView> {
  const row = await tx.selectFrom('artifacts').select(columns).where('id', '=', id).executeTakeFirst();
  if (!row) throw new BatonError('artifact-not-found', `There is no artifact ${id}.`);
  return row;
}

/** The files that attempts keep what their agents did in, in the order in which the attempts began. */
export function listEventFiles(tx: Tx, runId: string, { step, item, attempt }: AttemptFilter) {
  return tx
    .selectFrom('artifacts as f')
    .innerJoin('attempts as t', (join) =>
      join
        .onRef('t.run_id', '=', 'f.run_id')
        .onRef('t.step', '=', 'f.step')
        .on(sql<boolean>`t.item is not distinct from f.item`)
        .onRef('t.attempt', '=', 'f.attempt'),
    )
    .select(['f.id', 'f.bytes', 't.step', 't.item', 't.attempt'])
    .where('f.run_id', '=', runId)
    .where('f.kind', '=', 'events')
    .where('f.name', '=', 'events.ndjson')
    .$if(step !== undefined, (query) => query.where('t.step', '=', step!))
    .$if(item !== undefined, (query) => query.where('t.item', '=', item!))
    .$if(attempt !== undefined, (query) => query.where('t.attempt', '=', attempt!))
    .orderBy('t.started_at')
    .orderBy('t.id')
    .execute();
}
