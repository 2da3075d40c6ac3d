import { sql } from 'kysely';
import type { FiledFinding } from '../domain/finding-issue.js';
import type { RunRef } from '../domain/work.js';
import type { Tx } from './connection.js';

/** The findings of a kind of scan for which a repository has issues, and how those stand. */
export const filedFindings = (tx: Tx, repositoryId: string, gate: string): Promise<FiledFinding[]> =>
  tx
    .selectFrom('finding_issues as f')
    .innerJoin('issues as i', (join) =>
      join.onRef('i.repository_id', '=', 'f.repository_id').onRef('i.number', '=', 'f.number'),
    )
    .select(['f.fingerprint', 'f.number', 'f.gone', 'i.state', 'i.labels'])
    .where('f.repository_id', '=', repositoryId)
    .where('f.gate', '=', gate)
    .orderBy('f.number')
    .execute();

interface Filed {
  readonly organisationId: string;
  readonly repositoryId: string;
  readonly gate: string;
  readonly fingerprint: string;
  readonly number: number;
  readonly gone: boolean;
}

/** Remembers the issue of a finding, and whether the finding is gone. */
export async function keepFiled(
  tx: Tx,
  { organisationId, repositoryId, gate, fingerprint, number, gone }: Filed,
): Promise<void> {
  await tx
    .insertInto('finding_issues')
    .values({ organisation_id: organisationId, repository_id: repositoryId, gate, fingerprint, number, gone })
    .onConflict((conflict) =>
      conflict
        .columns(['repository_id', 'gate', 'fingerprint'])
        .doUpdateSet({ number, gone, changed_at: sql<Date>`now()` }),
    )
    .execute();
}

/** Who asked for a run: what it does on a forge is done in that person's name. */
export async function requesterOf(
  tx: Tx,
  { runId, organisationId }: RunRef,
): Promise<{ organisationId: string; personId: string; handle: string }> {
  const { id, handle } = await tx
    .selectFrom('runs as r')
    .innerJoin('people as p', 'p.id', 'r.requested_by')
    .select(['p.id', 'p.handle'])
    .where('r.id', '=', runId)
    .executeTakeFirstOrThrow();
  return { organisationId, personId: id, handle };
}
