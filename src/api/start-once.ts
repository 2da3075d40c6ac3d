import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { ApiDeps } from './deps.js';

const START_MS = 5_000;

export interface Start {
  readonly type: string;
  readonly workflowId: string;
  readonly argument: object;
  /** One line for Temporal's own list. */
  readonly summary: string;
}

/** Starts a workflow, once for its id: started already is done. */
export async function startOnce(
  { temporal, taskQueue }: Pick<ApiDeps, 'temporal' | 'taskQueue'>,
  { type, workflowId, argument, summary }: Start,
): Promise<void> {
  try {
    await temporal.withDeadline(Date.now() + START_MS, () =>
      temporal.workflow.start(type, {
        workflowId,
        taskQueue,
        args: [argument],
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        staticSummary: summary,
      }),
    );
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
