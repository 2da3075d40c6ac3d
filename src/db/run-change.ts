import { BatonError } from '../domain/errors.js';
import { suggest } from '../domain/suggest.js';
import type { Tx } from './connection.js';

export interface RunChange {
  readonly repository: string;
  readonly remoteUrl: string;
  readonly base: string;
  readonly commit: string;
}

/**
 * From which commit to which a run, or one of its steps, changed the run's repository: published commits of finished
 * steps only. Throws `step-not-found`, `change-not-found`.
 */
export async function changeOfRun(tx: Tx, runId: string, step: string | undefined): Promise<RunChange> {
  const attempts = await tx
    .selectFrom('attempts as t')
    .innerJoin('steps as s', (join) =>
      join
        .onRef('s.run_id', '=', 't.run_id')
        .onRef('s.step', '=', 't.step')
        .on('s.item', 'is not distinct from', (eb) => eb.ref('t.item')),
    )
    .innerJoin('runs as r', 'r.id', 't.run_id')
    .innerJoin('repositories as repo', 'repo.id', 'r.repository_id')
    .select(['repo.name as repository', 'repo.remote_url as remoteUrl', 't.step', 't.base', 's.commit'])
    .where('t.run_id', '=', runId)
    .where('t.status', '=', 'succeeded')
    .where('t.base', 'is not', null)
    .where('s.commit', 'is not', null)
    .orderBy('s.ended_at')
    .execute();
  const changes = attempts.filter((attempt) => step === undefined || attempt.step === step);
  const first = changes[0];
  const last = changes.at(-1);
  if (first?.base != null && last?.commit != null) {
    return { repository: first.repository, remoteUrl: first.remoteUrl, base: first.base, commit: last.commit };
  }
  if (step !== undefined) await requireStep(tx, runId, step);
  throw new BatonError(
    'change-not-found',
    step === undefined ? 'This run has changed nothing yet.' : `The step ${step} has changed nothing, or not yet.`,
  );
}

/** What an approval is bound to. Throws `approval-not-found`, and `change-not-found` where it is about no change. */
export async function changeOfApproval(tx: Tx, id: string): Promise<RunChange> {
  const row = await tx
    .selectFrom('approvals as a')
    .leftJoin('repositories as repo', 'repo.id', 'a.repository_id')
    .select(['repo.name as repository', 'repo.remote_url as remoteUrl', 'a.base', 'a.commit'])
    .where('a.id', '=', id)
    .executeTakeFirst();
  if (!row) throw new BatonError('approval-not-found', `There is no approval ${id}.`);
  const { repository, remoteUrl, base, commit } = row;
  if (repository === null || remoteUrl === null || base === null || commit === null) {
    throw new BatonError('change-not-found', 'This approval is not about a change.');
  }
  return { repository, remoteUrl, base, commit };
}

async function requireStep(tx: Tx, runId: string, step: string): Promise<void> {
  const rows = await tx.selectFrom('steps').select('step').distinct().where('run_id', '=', runId).execute();
  const ids = rows.map((row) => row.step);
  if (ids.includes(step)) return;
  const near = suggest(step, ids);
  throw new BatonError(
    'step-not-found',
    `This run has no step ${step}${near === null ? `; it has ${ids.join(', ')}.` : `; did you mean ${near}?`}`,
  );
}
