import { CancellationScope, isCancellation } from '@temporalio/workflow';
import { findAction, MERGE } from '../../domain/catalogue.js';
import type { Json } from '../../domain/json.js';
import type { ApprovalStep, PlanStep } from '../../domain/plan.js';
import { openRunStatus } from '../../domain/run-state.js';
import type { ApprovalPurpose, SettleApprovalRequest } from '../../domain/work.js';
import { record } from '../activities.js';
import type { Approvals } from '../approvals.js';
import { failWith } from '../failure.js';
import type { RunState } from '../run-state.js';

/** How long people have for what no step of the pipeline asks. */
const CLEARANCE_TIMEOUT_MS = 7 * 24 * 3600_000;

/** Where people decide: the run waits, durably, until all that is asked is given, somebody rejects, or the time is over. */
export async function runApproval(step: ApprovalStep, state: RunState, approvals: Approvals): Promise<Json> {
  const purpose = { kind: 'step', policy: step.policy } as const;
  const by = await askPeople(step, purpose, step.timeoutMs, state, approvals);
  return { by: [...by] };
}

/**
 * Before an agent changes anything, and before a change lands: the run asks people where the risk is high, or where nobody
 * has approved the change, and no step of the pipeline did.
 */
export async function clear(step: PlanStep, state: RunState, approvals: Approvals): Promise<void> {
  const purpose = clearanceOf(step, state);
  if (purpose) await askPeople(step, purpose, CLEARANCE_TIMEOUT_MS, state, approvals);
}

function clearanceOf(step: PlanStep, state: RunState): ApprovalPurpose | null {
  switch (step.kind) {
    case 'action':
      return step.action === MERGE ? { kind: 'land' } : null;
    case 'agent':
      return findAction(step.action)?.by === 'agent-analysis'
        ? null
        : { kind: 'act', action: step.action, approvedBefore: state.isApprovedBefore(step) };
    case 'handoff':
      return { kind: 'act', action: 'tdd.handoff', approvedBefore: state.isApprovedBefore(step) };
    case 'approval':
    case 'pipeline':
      return null;
  }
}

/** Handles of those who approved; nobody where nothing had to be asked. */
async function askPeople(
  step: PlanStep,
  purpose: ApprovalPurpose,
  timeoutMs: number,
  state: RunState,
  approvals: Approvals,
): Promise<readonly string[]> {
  const ref = state.refOf(step.id);
  const repository = state.repositoryBefore(step);
  const endsStep = purpose.kind === 'step';
  const settle = (outcome: SettleApprovalRequest['outcome'], failure?: SettleApprovalRequest['failure']) =>
    record.settleApproval({
      ref,
      endsStep,
      outcome,
      ...(failure && { failure }),
      runStatus: openRunStatus(state.statuses.values()),
    });

  state.statuses.set(step.id, 'waiting');
  // Whether anything is asked is known only when it is asked, but for what the pipeline asks itself.
  if (endsStep) state.show();
  const request = () =>
    record.requestApproval({
      ref,
      purpose,
      branch: repository && state.workBranch(repository),
      repository,
      expiresAtMs: Date.now() + timeoutMs,
      runStatus: openRunStatus(state.statuses.values()),
    });
  try {
    const result = await approvals.ask(step.id, request, timeoutMs, () => state.show());
    state.statuses.set(step.id, 'running');
    switch (result.kind) {
      case 'not-needed':
        return [];
      case 'approved':
        await settle('approved');
        return result.by;
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
