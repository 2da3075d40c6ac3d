import { CancellationScope, isCancellation } from '@temporalio/workflow';
import type { Json } from '../../domain/json.js';
import type { ApprovalStep } from '../../domain/plan.js';
import { openRunStatus } from '../../domain/run-state.js';
import type { SettleApprovalRequest } from '../../domain/work.js';
import { record } from '../activities.js';
import type { Approvals } from '../approvals.js';
import { failWith } from '../failure.js';
import type { RunState } from '../run-state.js';

/** Where people decide: the run waits, durably, until the policy is met, somebody rejects, or the time is over. */
export async function runApproval(step: ApprovalStep, state: RunState, approvals: Approvals): Promise<Json> {
  const ref = state.refOf(step.id);
  const repository = state.repositoryOf(step, null);
  const settle = (outcome: SettleApprovalRequest['outcome'], failure?: SettleApprovalRequest['failure']) =>
    record.settleApproval({
      ref,
      outcome,
      ...(failure && { failure }),
      runStatus: openRunStatus(state.statuses.values()),
    });

  state.statuses.set(step.id, 'waiting');
  state.show();
  const request = () =>
    record.requestApproval({
      ref,
      policy: step.policy,
      branch: repository && state.workBranch(repository),
      repository,
      expiresAtMs: Date.now() + step.timeoutMs,
      runStatus: openRunStatus(state.statuses.values()),
    });
  try {
    const result = await approvals.ask(step.id, request, step.timeoutMs);
    state.statuses.set(step.id, 'running');
    switch (result.kind) {
      case 'approved':
        await settle('approved');
        return { by: [...result.by] };
      case 'rejected': {
        const note = result.note === null ? '' : `: ${result.note}`;
        const failure = { code: 'rejected', message: `${result.by} rejected ${step.name}${note}` };
        await settle('rejected', failure);
        throw failWith(failure);
      }
      case 'expired':
      case 'open': {
        const failure = { code: 'approval-expired', message: `Nobody decided ${step.name} in time` };
        await settle('expired', failure);
        throw failWith(failure);
      }
    }
  } catch (error) {
    if (isCancellation(error)) await CancellationScope.nonCancellable(() => settle('cancelled'));
    throw error;
  }
}
