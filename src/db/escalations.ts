import { sql } from 'kysely';
import type { EscalationCause, EscalationFacts } from '../domain/escalation.js';
import type { Tx } from './connection.js';
import { decodeCursor, pageOf, type PageRequest } from './cursor.js';
import { createNotice } from './notices.js';

export interface NewEscalation {
  readonly organisationId: string;
  readonly projectId: string | null;
  readonly cause: EscalationCause;
  /** What it is about, `<kind>:<id>`: a cause and a subject have one open escalation. */
  readonly subject: string;
  /** The subject for people. */
  readonly title: string;
  readonly since: Date;
  readonly runId: string | null;
  readonly facts: EscalationFacts;
}

/**
 * Says that a cause lasts: its path begins as soon as this transaction is through. One that is open already stays as it
 * is.
 */
export async function openEscalation(tx: Tx, escalation: NewEscalation): Promise<void> {
  await tx
    .insertInto('escalations')
    .values({
      organisation_id: escalation.organisationId,
      project_id: escalation.projectId,
      cause: escalation.cause,
      subject: escalation.subject,
      title: escalation.title,
      since: escalation.since,
      run_id: escalation.runId,
      facts: JSON.stringify(escalation.facts),
    })
    .onConflict((conflict) =>
      conflict.columns(['organisation_id', 'cause', 'subject']).where('status', '=', 'open').doNothing(),
    )
    .execute();
}

/** Says that a cause is gone: nothing more is done for it, and who was paged is told, also where its path was at its end. */
export const clearEscalation = (tx: Tx, cause: EscalationCause, subject: string): Promise<void> =>
  clear(tx, cause, 'subject', subject);

/** The same of all that a run has of a cause. */
export const clearEscalationsOfRun = (tx: Tx, cause: EscalationCause, runId: string): Promise<void> =>
  clear(tx, cause, 'run_id', runId);

async function clear(tx: Tx, cause: EscalationCause, by: 'subject' | 'run_id', value: string): Promise<void> {
  const cleared = await tx
    .updateTable('escalations')
    .set({ status: 'cleared', closed_at: sql<Date>`now()` })
    .where('cause', '=', cause)
    .where(by, '=', value)
    .where('status', '<>', 'cleared')
    .returning('id')
    .execute();
  for (const { id } of cleared) await resolveIncidents(tx, id);
}

/** A pager's incident ends with its cause; one that was not sent yet is not sent any more. */
async function resolveIncidents(tx: Tx, escalationId: string): Promise<void> {
  const paged = await tx
    .selectFrom('notices as n')
    .innerJoin('channels as c', 'c.name', 'n.channel')
    .select(['n.id', 'n.organisation_id as organisationId', 'n.channel', 'n.event', 'n.run_id as runId', 'n.title'])
    .where('n.key', 'like', `escalation/${escalationId}/%`)
    .where('c.kind', '=', 'pager')
    .execute();
  for (const { id, title, ...notice } of paged) {
    await tx
      .updateTable('notices')
      .set({
        status: 'failed',
        settled_at: sql<Date>`now()`,
        error: JSON.stringify({ code: 'cause-gone', message: 'What it is about was over before it was sent.' }),
      })
      .where('id', '=', id)
      .where('status', '=', 'pending')
      .execute();
    await createNotice(tx, {
      ...notice,
      key: `resolved/${id}`,
      urgent: true,
      title: `Over: ${title}`,
      text: '',
      data: { resolves: id },
    });
  }
}

/** Escalations whose workflow is to be started, or told that their cause is gone. */
export const undispatchedEscalations = (tx: Tx, limit: number) =>
  tx
    .selectFrom('escalations')
    .select(['id', 'organisation_id as organisationId', 'cause', 'title', 'since', 'status'])
    .where((eb) =>
      eb.or([eb('dispatched_at', 'is', null), eb.and([eb('status', '=', 'cleared'), eb('signalled_at', 'is', null)])]),
    )
    .orderBy('created_at')
    .limit(limit)
    .execute();

export interface EscalationFilter extends PageRequest {
  readonly status?: 'open' | 'cleared' | 'ended' | undefined;
  /** Id of a run. */
  readonly run?: string;
}

/** Escalations, newest first. */
export async function listEscalations(tx: Tx, { cursor, limit, status, run }: EscalationFilter) {
  const after = decodeCursor('escalations', 'uuid', cursor);
  let query = tx
    .selectFrom('escalations as e')
    .leftJoin('runs as r', 'r.id', 'e.run_id')
    .select([
      'e.id',
      'e.cause',
      'e.subject',
      'e.title',
      'e.since',
      'r.number as run',
      'e.status',
      'e.levels',
      'e.closed_at as closedAt',
    ])
    .orderBy('e.created_at', 'desc')
    .orderBy('e.id', 'desc')
    .limit(limit + 1);
  if (after !== null)
    query = query.where(
      sql<boolean>`(e.created_at, e.id) < (select b.created_at, b.id from escalations b where b.id = ${after}::uuid)`,
    );
  if (status !== undefined) query = query.where('e.status', '=', status);
  if (run !== undefined) query = query.where('e.run_id', '=', run);
  return pageOf('escalations', await query.execute(), limit, (row) => row.id);
}
