import { ActivityFailure, ApplicationFailure, sleep } from '@temporalio/workflow';
import type { Json } from '../../domain/json.js';
import type { ActionStep, AgentStep } from '../../domain/plan.js';
import { delayAfter } from '../../domain/retry.js';
import type { ActionRequest } from '../../domain/work.js';
import { work } from '../activities.js';
import type { Item, RunState } from '../run-state.js';

/**
 * What Baton does itself, and what an agent does through Baton in a run without a repository. A retryable error is
 * retried as the step's policy says.
 */
export async function runAction(step: ActionStep | AgentStep, state: RunState, item: Item | null): Promise<Json> {
  const repository = state.repositoryOf(step, item);
  const request: ActionRequest = {
    ref: state.refOf(step.id, item?.index),
    action: step.action,
    params: state.params(step, item),
    repository,
    branch: repository && state.workBranch(repository),
    branchSuffix: state.request.input.branchSuffix,
    approvals: step.kind === 'action' ? step.approvals : [],
    ...(step.kind === 'agent' && { agent: step.agent }),
    reads: step.reads,
  };
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { output, branch } = await work(step.timeoutMs, step.name).runAction(request);
      if (repository && branch !== null) state.keepBranch(repository, branch);
      return output;
    } catch (error) {
      const delayMs = mayPass(error) ? delayAfter(step.retry, attempt) : null;
      if (delayMs === null) throw error;
      await sleep(delayMs);
    }
  }
}

/** Activities mark errors of the world, which the same call may not meet again, where they are made. */
function mayPass(error: unknown): boolean {
  if (!(error instanceof ActivityFailure) || !(error.cause instanceof ApplicationFailure)) return false;
  return (error.cause.details?.[0] as { retryable?: boolean } | undefined)?.retryable === true;
}
