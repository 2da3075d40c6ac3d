import { sql } from 'kysely';
import type { Tx } from '../db/connection.js';
import { BatonError } from '../domain/errors.js';

/** No chunk is larger: what is read or written at once stays small, whatever the artifact's size. */
export const MAX_CHUNK_BYTES = 256 * 1024;

/** What an artifact is known by: opening it again gives the same one. */
export interface ArtifactKey {
  readonly organisationId: string;
  readonly runId: string;
  /** Whether `runId` is the id of a trial. */
  readonly trial?: true | undefined;
  readonly step: string | null;
  readonly item: number | null;
  readonly attempt: number | null;
  readonly kind: 'log' | 'output' | 'diff' | 'report' | 'events' | 'session' | 'context';
  readonly name: string;
}

/** An artifact that can be written to, and how much of it is there: where a repeated writer goes on. */
export interface OpenedArtifact {
  readonly id: string;
  readonly bytes: number;
}

/** Makes the artifact, or finds it where it was made before. */
export async function openArtifact(tx: Tx, key: ArtifactKey & { readonly mediaType: string }): Promise<OpenedArtifact> {
  const created = await tx
    .insertInto('artifacts')
    .values({
      organisation_id: key.organisationId,
      run_id: key.trial ? null : key.runId,
      trial_id: key.trial ? key.runId : null,
      step: key.step,
      item: key.item,
      attempt: key.attempt,
      kind: key.kind,
      name: key.name,
      media_type: key.mediaType,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning(['id', 'bytes'])
    .executeTakeFirst();
  return created ?? (await findArtifact(tx, key))!;
}

/** The artifact that was made with this key, null where none was. */
export async function findArtifact(tx: Tx, key: ArtifactKey): Promise<OpenedArtifact | null> {
  const found = await tx
    .selectFrom('artifacts')
    .select(['id', 'bytes'])
    .where(key.trial ? 'trial_id' : 'run_id', '=', key.runId)
    .where('step', 'is not distinct from', key.step)
    .where('item', 'is not distinct from', key.item)
    .where('attempt', 'is not distinct from', key.attempt)
    .where('kind', '=', key.kind)
    .where('name', '=', key.name)
    .executeTakeFirst();
  return found ?? null;
}

/**
 * Adds to the end. With `atByte`, the offset at which `body` belongs, a repeated append adds only what is missing.
 * Returns the artifact's size. Throws `artifact-not-found`, `artifact-closed`, `artifact-gap`.
 */
export async function appendArtifact(
  tx: Tx,
  id: string,
  body: Uint8Array,
  { atByte }: { readonly atByte?: number } = {},
): Promise<number> {
  const artifact = await tx
    .selectFrom('artifacts')
    .select(['organisation_id as organisationId', 'bytes', 'chunks', 'closed'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (!artifact) throw new BatonError('artifact-not-found', `There is no artifact ${id}.`);
  const rest = missingPart(artifact.bytes, body, atByte);
  if (rest.length === 0) return artifact.bytes;
  if (artifact.closed)
    throw new BatonError('artifact-closed', `The artifact ${id} is closed: nothing can be added to it.`);

  const chunks = [];
  for (let start = 0; start < rest.length; start += MAX_CHUNK_BYTES)
    chunks.push(rest.subarray(start, start + MAX_CHUNK_BYTES));
  for (const [index, chunk] of chunks.entries()) {
    await tx
      .insertInto('artifact_chunks')
      .values({
        organisation_id: artifact.organisationId,
        artifact_id: id,
        position: artifact.chunks + index,
        body: Buffer.from(chunk),
      })
      .execute();
  }
  const bytes = artifact.bytes + rest.length;
  await tx
    .updateTable('artifacts')
    .set({ bytes, chunks: artifact.chunks + chunks.length })
    .where('id', '=', id)
    .execute();
  return bytes;
}

function missingPart(bytes: number, body: Uint8Array, atByte = bytes): Uint8Array {
  if (atByte > bytes) {
    throw new BatonError('artifact-gap', `An artifact of ${bytes} bytes cannot go on at byte ${atByte}.`, {
      details: { bytes, atByte },
    });
  }
  return body.subarray(bytes - atByte);
}

/** Makes the artifact's body this one, whole, in the place of what an earlier writer gave it. */
export async function replaceArtifact(tx: Tx, id: string, body: Uint8Array): Promise<void> {
  await tx.updateTable('artifacts').set({ bytes: 0, chunks: 0 }).where('id', '=', id).execute();
  await reopenArtifact(tx, id);
  await tx.deleteFrom('artifact_chunks').where('artifact_id', '=', id).execute();
  await appendArtifact(tx, id, body);
  await closeArtifact(tx, id);
}

/** Lets a repeated writer go on with what the one before had closed. */
export async function reopenArtifact(tx: Tx, id: string): Promise<void> {
  await tx.updateTable('artifacts').set({ closed: false }).where('id', '=', id).execute();
}

/** Says that the artifact is whole: readers that follow it may stop. */
export async function closeArtifact(tx: Tx, id: string): Promise<void> {
  await tx.updateTable('artifacts').set({ closed: true }).where('id', '=', id).execute();
}

export interface ArtifactRange {
  /** 0-based. */
  readonly start: number;
  readonly maxBytes: number;
}

/** The bytes of an artifact from `start` on, at most `maxBytes`; empty behind its end. */
export async function readArtifact(tx: Tx, id: string, { start, maxBytes }: ArtifactRange): Promise<Buffer> {
  const end = start + maxBytes;
  const { rows } = await sql<{ part: Buffer }>`
    with placed as (
      select position, coalesce(sum(octet_length(body)) over (order by position rows between unbounded preceding and 1 preceding), 0) as at,
        octet_length(body) as bytes
      from artifact_chunks where artifact_id = ${id}
    )
    select substring(c.body from greatest(${start}::bigint - p.at, 0)::int + 1 for (least(${end}::bigint - p.at, p.bytes) - greatest(${start}::bigint - p.at, 0))::int) as part
    from placed p join artifact_chunks c on c.artifact_id = ${id} and c.position = p.position
    where p.at + p.bytes > ${start}::bigint and p.at < ${end}::bigint
    order by p.position`.execute(tx);
  return Buffer.concat(rows.map(({ part }) => part));
}
