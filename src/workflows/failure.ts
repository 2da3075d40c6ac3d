import { ActivityFailure, ApplicationFailure, ChildWorkflowFailure, TimeoutFailure } from '@temporalio/workflow';
import { BatonError } from '../domain/errors.js';
import type { JsonObject } from '../domain/json.js';
import type { StepFailure } from '../domain/work.js';

/** What went wrong, as people read it: Temporal's wrappers taken off, a time-out said in words. */
export function describeFailure(error: unknown): StepFailure {
  if (error instanceof ActivityFailure || error instanceof ChildWorkflowFailure) return describeFailure(error.cause);
  if (error instanceof BatonError) return { code: error.code, message: error.message };
  if (error instanceof ApplicationFailure) return { code: error.type ?? 'internal', message: error.message };
  if (error instanceof TimeoutFailure) {
    return { code: 'timed-out', message: 'It did not end in the time that the step gives it' };
  }
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}

/** Fails a workflow with a code and a sentence, and what a program may ask of it; Temporal does not try it again. */
export const failWith = ({ code, message }: StepFailure, details?: JsonObject): ApplicationFailure =>
  ApplicationFailure.nonRetryable(message, code, ...(details ? [details] : []));
