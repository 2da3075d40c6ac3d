import { grantedApprovals } from '../../db/approvals.js';
import { appendAudit } from '../../db/audit.js';
import type { Tx } from '../../db/connection.js';
import { SYSTEM } from '../../db/events.js';
import { activePolicies } from '../../db/policies.js';
import type { JsonObject } from '../../domain/json.js';
import type { PullRequest } from '../../forge/forge.js';
import type { RepositoryRef } from '../../domain/run-input.js';
import type { RunRef } from '../../domain/work.js';

/**
 * Writes into the audit trail that a change has landed on a protected branch, whose run it was, and who approved it, or
 * which policies let it land without a human, and who approved those.
 */
export async function auditMerge(
  tx: Tx,
  run: RunRef,
  repository: RepositoryRef,
  { number, head, base }: Pick<PullRequest, 'number' | 'head' | 'base'>,
  commit: string,
): Promise<void> {
  const approvedBy = (await grantedApprovals(tx, run.runId))
    .filter(({ purpose }) => purpose !== 'act')
    .flatMap(({ approvers }) => approvers);
  const details: JsonObject = {
    run: run.number,
    repositoryId: repository.id,
    requestedBy: run.requestedBy,
    approvedBy: [...new Set(approvedBy)],
    pullRequest: number,
    head,
    base,
    commit,
    ...(approvedBy.length === 0 && { allowedBy: await activePolicies(tx, repository.id) }),
  };
  await appendAudit(tx, {
    organisationId: run.organisationId,
    actor: SYSTEM,
    action: 'repository.merge',
    resource: `repository:${repository.name}`,
    details,
    outcome: 'success',
  });
}
