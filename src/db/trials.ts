import { sql } from 'kysely';
import { BatonError } from '../domain/errors.js';
import type { TrialPhase, TrialRef, TrialStatus } from '../domain/trial.js';
import type { StepFailure } from '../domain/work.js';
import type { Tx } from './connection.js';
import type { Repository } from './repositories.js';

const OPEN: readonly TrialStatus[] = ['pending', 'running'];

export interface NewTrial {
  readonly repository: Pick<Repository, 'id' | 'organisationId' | 'name'>;
  readonly requestedBy: string;
  readonly config: string;
  readonly commit: string;
}

/** Throws `trial-open` where one of the repository has not ended. */
export async function createTrial(tx: Tx, { repository, requestedBy, config, commit }: NewTrial): Promise<string> {
  const created = await tx
    .insertInto('trials')
    .values({
      organisation_id: repository.organisationId,
      repository_id: repository.id,
      requested_by: requestedBy,
      config,
      commit,
      phases: '[]',
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (created) return created.id;
  throw new BatonError(
    'trial-open',
    `A trial of ${repository.name} is running already: wait for its end, or cancel it.`,
  );
}

export async function loadTrial(
  tx: Tx,
  id: string,
): Promise<{ readonly config: string; readonly commit: string; readonly status: TrialStatus }> {
  const row = await tx
    .selectFrom('trials')
    .select(['config', 'commit', 'status'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row) throw notFound(id);
  return row;
}

export async function savePhases(tx: Tx, id: string, phases: readonly TrialPhase[]): Promise<void> {
  await tx
    .updateTable('trials')
    .set({ status: 'running', phases: JSON.stringify(phases) })
    .where('id', '=', id)
    .where('status', 'in', OPEN)
    .execute();
}

/** Ends a trial, once. */
export async function closeTrial(tx: Tx, id: string, status: TrialStatus, failure: StepFailure | null): Promise<void> {
  await tx
    .updateTable('trials')
    .set({ status, error: failure && JSON.stringify(failure), ended_at: sql<Date>`now()` })
    .where('id', '=', id)
    .where('status', 'in', OPEN)
    .execute();
}

const columns = [
  't.id',
  't.config',
  't.commit',
  't.status',
  't.phases',
  't.error',
  't.created_at as createdAt',
  't.ended_at as endedAt',
  'p.handle as requestedBy',
] as const;

const views = (tx: Tx) =>
  tx
    .selectFrom('trials as t')
    .innerJoin('people as p', 'p.id', 't.requested_by')
    .select(columns)
    .select((eb) =>
      eb
        .selectFrom('artifacts as a')
        .select('a.id')
        .whereRef('a.trial_id', '=', 't.id')
        .where('a.kind', '=', 'log')
        .orderBy('a.created_at')
        .limit(1)
        .as('logArtifact'),
    );

export async function trialView(tx: Tx, id: string) {
  const row = await views(tx).where('t.id', '=', id).executeTakeFirst();
  if (!row) throw notFound(id);
  return row;
}

/** The trials of a repository, newest first. */
export const listTrials = (tx: Tx, repositoryId: string, limit: number) =>
  views(tx).where('t.repository_id', '=', repositoryId).orderBy('t.created_at', 'desc').limit(limit).execute();

/** Trials that no workflow was started for, of all organisations. */
export const undispatchedTrials = (
  tx: Tx,
  limit: number,
): Promise<{ readonly id: string; readonly organisationId: string }[]> =>
  tx
    .selectFrom('trials')
    .select(['id', 'organisation_id as organisationId'])
    .where('dispatched_at', 'is', null)
    .orderBy('created_at')
    .limit(limit)
    .execute();

/** What the workflow of a trial is started with; null where the trial is gone with its repository. */
export async function trialRef(tx: Tx, id: string): Promise<TrialRef | null> {
  const row = await tx
    .selectFrom('trials as t')
    .innerJoin('repositories as r', 'r.id', 't.repository_id')
    .innerJoin('people as p', 'p.id', 't.requested_by')
    .select([
      't.organisation_id as organisationId',
      'r.project_id as projectId',
      'r.id',
      'r.name',
      'r.default_branch as defaultBranch',
      'p.handle as requestedBy',
    ])
    .where('t.id', '=', id)
    .executeTakeFirst();
  if (!row) return null;
  const { organisationId, projectId, requestedBy, ...repository } = row;
  return { organisationId, projectId, trialId: id, repository, requestedBy };
}

export async function markTrialDispatched(tx: Tx, id: string): Promise<void> {
  await tx
    .updateTable('trials')
    .set({ dispatched_at: sql<Date>`now()` })
    .where('id', '=', id)
    .execute();
}

const notFound = (id: string): BatonError => new BatonError('trial-not-found', `There is no trial ${id}.`);
