import { CancellationScope, isCancellation } from '@temporalio/workflow';
import type { TrialRef } from '../domain/trial.js';
import { record, work } from './activities.js';
import { describeFailure } from './failure.js';

/** A set-up has an hour at most, a gate six. */
const TRIAL_MS = 8 * 3_600_000;

/** Tries a configuration once on the default branch; how it ended is in the record. */
export async function trial(ref: TrialRef): Promise<void> {
  try {
    await work(TRIAL_MS, `trial of ${ref.repository.name}`).tryConfig(ref);
  } catch (error) {
    const failure = isCancellation(error) ? null : describeFailure(error);
    await CancellationScope.nonCancellable(() => record.endTrial({ ref, failure }));
  }
}
