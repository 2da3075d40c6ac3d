import { BatonError } from '../domain/errors.js';
import type { Tx } from './connection.js';
import { appendEvent } from './events.js';
import { memberCalled } from './members.js';
import type { Principal } from './people.js';

export interface Absence {
  readonly startsAt: Date;
  readonly endsAt: Date;
  /** Handle of whoever decides meanwhile; null: nobody does. */
  readonly delegate: string | null;
  readonly note: string | null;
}

/** Who is away now, and who decides in their place. */
export const currentAbsences = (tx: Tx) =>
  tx
    .selectFrom('absences')
    .select(['person_id as personId', 'delegate_id as delegateId', 'ends_at as endsAt'])
    .where('starts_at', '<=', new Date())
    .where('ends_at', '>', new Date())
    .execute();

/** The absences of a person that are not over, the next first. */
export const absencesOf = (tx: Tx, personId: string) =>
  tx
    .selectFrom('absences as a')
    .leftJoin('people as d', 'd.id', 'a.delegate_id')
    .select(['a.id', 'a.starts_at as startsAt', 'a.ends_at as endsAt', 'd.handle as delegate', 'a.note'])
    .where('a.person_id', '=', personId)
    .where('a.ends_at', '>', new Date())
    .orderBy('a.starts_at')
    .execute();

/** Handles of those who may decide in a person's place. */
export async function possibleDelegates(tx: Tx, personId: string): Promise<string[]> {
  const rows = await tx
    .selectFrom('people')
    .select('handle')
    .where('id', '<>', personId)
    .where('role', '<>', 'reader')
    .where('left_at', 'is', null)
    .orderBy('handle')
    .execute();
  return rows.map(({ handle }) => handle);
}

/** Says that a person is away for a time, and who decides in their place. Throws `person-not-found`, `absence-overlaps`. */
export async function openAbsence(
  tx: Tx,
  { organisationId, personId, handle }: Principal,
  { startsAt, endsAt, delegate, note }: Absence,
): Promise<string> {
  const stand = delegate === null ? null : await memberCalled(tx, delegate);
  if (stand?.id === personId)
    throw new BatonError('own-delegate', 'You cannot stand in for yourself; name somebody else, or nobody.');
  if (stand?.role === 'reader')
    throw new BatonError('delegate-cannot-decide', `${stand.handle} may only look; name somebody who may decide.`);
  await tx.selectFrom('people').select('id').where('id', '=', personId).forUpdate().execute();
  const other = await tx
    .selectFrom('absences')
    .select(['starts_at as from', 'ends_at as until'])
    .where('person_id', '=', personId)
    .where('starts_at', '<', endsAt)
    .where('ends_at', '>', startsAt)
    .executeTakeFirst();
  if (other)
    throw new BatonError(
      'absence-overlaps',
      `You are away already from ${other.from.toISOString()} to ${other.until.toISOString()}; end that first.`,
    );
  const { id } = await tx
    .insertInto('absences')
    .values({
      organisation_id: organisationId,
      person_id: personId,
      delegate_id: stand?.id ?? null,
      starts_at: startsAt,
      ends_at: endsAt,
      note,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await appendEvent(tx, {
    organisationId,
    projectId: null,
    key: `absence/${id}/opened`,
    type: 'person.away',
    actor: { kind: 'person', id: personId, name: handle },
    briefing: `${handle} is away until ${endsAt.toISOString()}${stand ? `; ${stand.handle} decides meanwhile` : ''}`,
    payload: { from: startsAt.toISOString(), until: endsAt.toISOString(), delegate: stand?.handle ?? null },
  });
  return id;
}

/** Ends an absence now. Throws `absence-not-found`. */
export async function endAbsence(tx: Tx, { organisationId, personId, handle }: Principal, id: string): Promise<void> {
  const now = new Date();
  const row = await tx
    .selectFrom('absences')
    .select('starts_at as startsAt')
    .where('id', '=', id)
    .where('person_id', '=', personId)
    .where('ends_at', '>', now)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw new BatonError('absence-not-found', `You have no absence ${id} that is not over.`);
  if (row.startsAt >= now) await tx.deleteFrom('absences').where('id', '=', id).execute();
  else await tx.updateTable('absences').set({ ends_at: now }).where('id', '=', id).execute();
  await appendEvent(tx, {
    organisationId,
    projectId: null,
    key: `absence/${id}/ended`,
    type: 'person.back',
    actor: { kind: 'person', id: personId, name: handle },
    briefing: `${handle} is back`,
    payload: {},
  });
}
