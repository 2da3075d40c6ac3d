import {
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { BatonError } from '../domain/errors.js';
import { isTemporalAway } from './away.js';
import type { ApiDeps } from './deps.js';

const ANSWER_MS = 5_000;

export interface SentUpdate<A extends [unknown, ...unknown[]]> {
  readonly workflowId: string;
  readonly name: string;
  readonly args: A;
  /** Made of the request's key: sent again, it is the same update, and counts once. */
  readonly updateId: string;
}

/** What people are told where an update does not count, or may not. */
export interface UpdateWords {
  /** Code of a refusal that brings none. */
  readonly refused: string;
  /** Where nobody answered in time. */
  readonly unknown: string;
  /** Where Temporal does not know the workflow any more. */
  readonly ended: { readonly code: string; readonly message: string };
}

/**
 * Asks a workflow for an update and waits for its answer.
 * @throws BatonError the refusal of the workflow; `decision-unknown` where no worker answers in time; that it has ended.
 */
export async function sendUpdate<T, A extends [unknown, ...unknown[]]>(
  { temporal }: Pick<ApiDeps, 'temporal'>,
  { workflowId, name, args, updateId }: SentUpdate<A>,
  words: UpdateWords,
): Promise<T> {
  try {
    return await temporal.withDeadline(Date.now() + ANSWER_MS, () =>
      temporal.workflow.getHandle(workflowId).executeUpdate<T, A>(name, { args, updateId }),
    );
  } catch (error) {
    throw explain(error, words);
  }
}

function explain(error: unknown, { refused, unknown, ended }: UpdateWords): unknown {
  if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure) {
    const { type, message } = error.cause;
    return new BatonError(type ?? refused, message.endsWith('.') ? message : `${message}.`);
  }
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isTemporalAway(error))
    return new BatonError('decision-unknown', unknown, { cause: error });
  if (error instanceof WorkflowNotFoundError) return new BatonError(ended.code, ended.message, { cause: error });
  return error;
}
