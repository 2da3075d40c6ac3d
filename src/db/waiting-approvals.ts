import { refuseDecision } from '../domain/approval.js';
import type { Viewer } from './approval-views.js';
import { peopleByProject } from './approvals.js';
import type { Tx } from './connection.js';

/** Ids of the open approvals. */
interface WaitingApprovals {
  /** Which the viewer can decide. */
  readonly me: readonly string[];
  readonly others: readonly string[];
}

/** Whom the open approvals wait for. Reads what that takes, and nothing of the changes behind them. */
export async function waitingApprovals(tx: Tx, viewer: Viewer): Promise<WaitingApprovals> {
  const open = await tx
    .selectFrom('approvals as a')
    .innerJoin('runs as r', 'r.id', 'a.run_id')
    .leftJoin('decisions as d', (join) =>
      join.onRef('d.approval_id', '=', 'a.id').on('d.person_id', '=', viewer.personId),
    )
    .select(['a.id', 'a.requirements', 'a.excluded', 'r.project_id as projectId', 'd.person_id as decidedBy'])
    .where('a.status', '=', 'open')
    .execute();
  const people = peopleByProject(tx);
  const me: string[] = [];
  const others: string[] = [];
  for (const { id, requirements, excluded, projectId, decidedBy } of open) {
    const by = (await people(projectId)).find(({ id: personId }) => personId === viewer.personId);
    const wanted =
      by !== undefined &&
      viewer.role !== 'reader' &&
      decidedBy === null &&
      refuseDecision({ requirements, excluded }, [], { by, verdict: 'approve', note: null }) === null;
    (wanted ? me : others).push(id);
  }
  return { me, others };
}
