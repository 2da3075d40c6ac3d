import { appendAudit } from '../../db/audit.js';
import type { Tx } from '../../db/connection.js';
import { SYSTEM } from '../../db/events.js';
import type { PullRequest } from '../../forge/forge.js';
import type { RunRef } from '../../domain/work.js';

/** Writes into the audit trail that a change has landed on a protected branch, and whose run it was. */
export const auditMerge = (
  tx: Tx,
  run: RunRef,
  { number, head, base }: Pick<PullRequest, 'number' | 'head' | 'base'>,
  commit: string,
): Promise<void> =>
  appendAudit(tx, {
    organisationId: run.organisationId,
    actor: SYSTEM,
    action: 'repository.merge',
    resource: `repository:${run.repository?.name ?? ''}`,
    details: { run: run.number, requestedBy: run.requestedBy, pullRequest: number, head, base, commit },
    outcome: 'success',
  });
