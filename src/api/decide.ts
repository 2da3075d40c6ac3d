import {
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { decisionOf, getApproval } from '../db/approval-views.js';
import { jobRoles } from '../db/people.js';
import type { ApprovalState, Decision } from '../domain/approval.js';
import { BatonError } from '../domain/errors.js';
import { isTemporalAway } from './away.js';
import type { ApiDeps } from './deps.js';
import type { Call } from './route.js';

const ANSWER_MS = 5_000;

interface Verdict {
  readonly verdict: 'approve' | 'reject';
  readonly note: string | null;
}

/**
 * Brings a person's decision to the run, which alone decides whether it counts. The update's id is made of the
 * request's key: sent again, it is the same update, and counts once.
 */
export async function decide(call: Call, approvalId: string, { verdict, note }: Verdict, deps: ApiDeps) {
  const { personId, handle } = call.principal;
  const { approval, workflowId, roles, earlier } = await call.read(async (tx) => {
    const found = await getApproval(tx, approvalId, call.principal);
    const run = await tx
      .selectFrom('runs')
      .select(['workflow_id as workflowId', 'project_id as projectId'])
      .where('id', '=', found.run.id)
      .executeTakeFirstOrThrow();
    return {
      approval: found,
      workflowId: run.workflowId,
      roles: await jobRoles(tx, run.projectId, personId),
      earlier: await decisionOf(tx, approvalId, personId),
    };
  });
  const answer = (state: ApprovalState) => ({
    approval: approvalId,
    decision: verdict,
    state: state.kind,
    missing: state.kind === 'open' ? state.missing : null,
  });
  if (approval.status !== 'open') {
    // The answer to an earlier try was lost, but its decision was made.
    if (call.again && earlier === verdict && (approval.status === 'approved' || approval.status === 'rejected')) {
      return { approval: approvalId, decision: verdict, state: approval.status, missing: null };
    }
    throw new BatonError(
      'approval-not-open',
      `This approval is ${approval.status}; there is nothing to decide any more.`,
    );
  }
  const decision: Decision = { by: { id: personId, handle, roles }, verdict, note };
  const updateId = `${approval.step.id}/${call.key}`;
  try {
    const state = await deps.temporal.withDeadline(Date.now() + ANSWER_MS, () =>
      deps.temporal.workflow
        .getHandle(workflowId)
        .executeUpdate<ApprovalState, [string, Decision]>('decide', { args: [approval.step.id, decision], updateId }),
    );
    return answer(state);
  } catch (error) {
    throw explain(error);
  }
}

function explain(error: unknown): unknown {
  if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure) {
    return new BatonError(error.cause.type ?? 'decision-refused', `${error.cause.message}.`);
  }
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isTemporalAway(error)) {
    return new BatonError(
      'decision-unknown',
      'The run did not answer in time: no worker may be running. The decision may still count; send it again with the same Idempotency-Key to see.',
      { cause: error },
    );
  }
  if (error instanceof WorkflowNotFoundError) {
    return new BatonError('approval-not-open', 'The run has ended; there is nothing to decide any more.', {
      cause: error,
    });
  }
  return error;
}
