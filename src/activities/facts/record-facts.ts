import { sql } from 'kysely';
import type { Tx } from '../../db/connection.js';
import type { Repository } from '../../db/repositories.js';
import { SCAN_KINDS } from '../../domain/gate.js';
import type { JsonObject } from '../../domain/json.js';
import { isProtectedBranch } from '../../git/publish.js';

const REVIEW_DAYS = 90;
const SCAN_DAYS = 31;

/** What Baton's own record shows of a repository: who let changes in, what scanned it, what is written down of acts. */
export async function recordFacts(
  tx: Tx,
  { id, name, defaultBranch, protectedBranches }: Repository,
  auditRetentionDays: number | null,
): Promise<JsonObject> {
  const { entries } = await tx
    .selectFrom('audit')
    .select(sql<number>`count(*)::int`.as('entries'))
    .executeTakeFirstOrThrow();
  const { scans } = await tx
    .selectFrom('gate_results')
    .select(sql<number>`count(*)::int`.as('scans'))
    .where('repository_id', '=', id)
    .where('gate', 'in', [...SCAN_KINDS])
    .where('verdict', '<>', 'inconclusive')
    .where('created_at', '>', sql<Date>`now() - make_interval(days => ${SCAN_DAYS})`)
    .executeTakeFirstOrThrow();
  const merges = await mergesOf(tx, { id, name });
  return {
    repository: { name, defaultBranch, protected: isProtectedBranch(protectedBranches, defaultBranch) },
    review: {
      days: REVIEW_DAYS,
      merges: merges.length,
      unapproved: merges.flatMap(({ approved, pullRequest }) => (approved ? [] : [`pull request #${pullRequest}`])),
    },
    scans: { days: SCAN_DAYS, recent: scans },
    audit: { entries, retentionDays: auditRetentionDays },
  };
}

/** What landed on the protected branches, and whether a person had approved it, in the run or one that it repeats. */
const mergesOf = (
  tx: Tx,
  { id, name }: Pick<Repository, 'id' | 'name'>,
): Promise<{ pullRequest: number; approved: boolean }[]> =>
  tx
    .selectFrom('audit as e')
    .leftJoin('runs as r', (join) => join.on('r.number', '=', sql<number>`(e.details->>'run')::int`))
    .select([
      sql<number>`(e.details->>'pullRequest')::int`.as('pullRequest'),
      (eb) =>
        eb
          .exists(
            eb
              .selectFrom('approvals as a')
              .innerJoin('runs as ar', 'ar.id', 'a.run_id')
              .innerJoin('decisions as d', 'd.approval_id', 'a.id')
              .select('a.id')
              .where('a.status', '=', 'approved')
              .where('d.verdict', '=', 'approve')
              .where(sql<boolean>`coalesce(ar.root_id, ar.id) = coalesce(r.root_id, r.id)`),
          )
          .$castTo<boolean>()
          .as('approved'),
    ])
    .where('e.action', '=', 'repository.merge')
    // Rows of older versions have the name alone, which a rename changes.
    .where(sql<boolean>`coalesce(e.details->>'repositoryId' = ${id}, e.resource = ${`repository:${name}`})`)
    .where('e.outcome', '=', 'success')
    .where('e.at', '>', sql<Date>`now() - make_interval(days => ${REVIEW_DAYS})`)
    .orderBy('e.id')
    .execute();
