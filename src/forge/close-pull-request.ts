import { appendAudit } from '../db/audit.js';
import type { Tx } from '../db/connection.js';
import { clearEscalation } from '../db/escalations.js';
import { appendEvent, SYSTEM } from '../db/events.js';
import type { ClosedPullRequest } from './forge.js';

/** What an escalation of a pull request is known by. */
export const escalationSubject = (pullRequestId: string): string => `pull-request:${pullRequestId}`;

/** Closes one that is open; nothing waits for its decision any more. */
export async function closePullRequest(
  tx: Tx,
  organisationId: string,
  { pullRequestId, why }: ClosedPullRequest,
): Promise<void> {
  const closed = await tx
    .updateTable('pull_requests as q')
    .from('repositories as r')
    .set({ state: 'closed' })
    .whereRef('r.id', '=', 'q.repository_id')
    .where('q.id', '=', pullRequestId)
    .where('q.state', '=', 'open')
    .returning([
      'q.number',
      'q.title',
      'q.run_id as runId',
      'r.id as repositoryId',
      'r.name as repository',
      'r.project_id as projectId',
    ])
    .executeTakeFirst();
  if (!closed) return;
  const { number, title, runId, repositoryId, repository, projectId } = closed;
  await clearEscalation(tx, 'pr-stale', escalationSubject(pullRequestId));
  await appendEvent(tx, {
    organisationId,
    projectId,
    key: `pull-request/${pullRequestId}/closed`,
    type: 'repo.pr.closed',
    runId,
    repositoryId,
    actor: SYSTEM,
    briefing: `#${number} ${title} is closed: ${why}`,
    payload: { number },
  });
  await appendAudit(tx, {
    organisationId,
    actor: SYSTEM,
    action: 'pull-request.close',
    resource: `pull-request:${repository}#${number}`,
    details: { why },
    outcome: 'success',
  });
}
