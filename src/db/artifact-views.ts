import { BatonError } from '../domain/errors.js';
import type { Tx } from './connection.js';

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
