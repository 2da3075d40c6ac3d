import { readArtifact } from '../../artifacts/artifacts.js';
import type { Attachment } from '../../channels/message.js';
import type { Tx } from '../../db/connection.js';
import { BatonError } from '../../domain/errors.js';

/** What a mail server takes in all. */
const MAX_BYTES = 10 * 1024 * 1024;

/** The artifacts that go with a notice. Throws `artifact-not-found`, `attachments-too-large`. */
export async function readAttachments(tx: Tx, ids: readonly string[]): Promise<Attachment[]> {
  await requireAttachable(tx, ids);
  const attachments: Attachment[] = [];
  for (const id of ids) {
    const { name, mediaType, bytes } = await tx
      .selectFrom('artifacts')
      .select(['name', 'media_type as mediaType', 'bytes'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    const body = await readArtifact(tx, id, { start: 0, maxBytes: bytes });
    attachments.push({ name: name.slice(name.lastIndexOf('/') + 1), mediaType, body });
  }
  return attachments;
}

/** Throws where one of the artifacts is not there, or they are too large in all. */
export async function requireAttachable(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const known = await tx
    .selectFrom('artifacts')
    .select(['id', 'bytes'])
    .where('id', 'in', [...ids])
    .execute();
  const missing = ids.find((id) => !known.some((artifact) => artifact.id === id));
  if (missing !== undefined) throw new BatonError('artifact-not-found', `There is no artifact ${missing} to attach.`);
  const bytes = known.reduce((sum, artifact) => sum + artifact.bytes, 0);
  if (bytes > MAX_BYTES)
    throw new BatonError(
      'attachments-too-large',
      `The attachments have ${bytes} bytes; a mail carries at most ${MAX_BYTES}.`,
    );
}
