import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { RunFailure } from '../../src/domain/work.js';

/** How Temporal says that a run ended. */
export interface RunOutcome {
  readonly status: 'succeeded' | 'failed' | 'cancelled';
  readonly error: RunFailure | null;
}

export async function runOutcome(result: Promise<unknown>): Promise<RunOutcome> {
  try {
    await result;
    return { status: 'succeeded', error: null };
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const { cause } = error;
    if (cause instanceof CancelledFailure) return { status: 'cancelled', error: null };
    if (!(cause instanceof ApplicationFailure)) throw error;
    const [{ step }] = cause.details as [{ step: string }];
    return { status: 'failed', error: { code: cause.type ?? '', message: cause.message, step } };
  }
}
