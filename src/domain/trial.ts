import type { GateResult } from './gate.js';
import type { RepositoryRef } from './run-input.js';
import type { StepFailure, StepRef } from './work.js';

export type TrialStatus = 'pending' | 'running' | 'done' | 'failed' | 'cancelled';

/** Set-up or a gate of a trial. */
export interface TrialPhase {
  readonly name: 'setup' | GateResult['gate'];
  readonly status: 'running' | GateResult['verdict'];
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** Null while it runs. */
  readonly durationMs: number | null;
  readonly command: string | null;
  readonly exitCode: number | null;
  /** One sentence: what the gate would say. */
  readonly summary: string;
  /** The end of the output. */
  readonly tail: string;
  /** How to fix it; null where nothing is to be fixed, or the output says it. */
  readonly mend: string | null;
}

/** One try of a configuration on the default branch of a repository. */
export interface TrialRef {
  readonly organisationId: string;
  readonly projectId: string;
  readonly trialId: string;
  readonly repository: RepositoryRef;
  readonly requestedBy: string;
}

export interface TrialActivities {
  /** Runs set-up and gates, and keeps what they say. */
  tryConfig(ref: TrialRef): Promise<void>;
  /** Ends a trial that did not come to its own end. Null: it was cancelled. */
  endTrial(request: { readonly ref: TrialRef; readonly failure: StepFailure | null }): Promise<void>;
}

export const trialWorkflowId = ({ trialId }: Pick<TrialRef, 'trialId'>): string => `trial-${trialId}`;

/** A trial in the place of a step: worktree and log are kept as those of a run are. */
export const stepOfTrial = ({ organisationId, projectId, trialId, repository, requestedBy }: TrialRef): StepRef => ({
  run: {
    organisationId,
    projectId,
    runId: trialId,
    number: 0,
    pipeline: 'trial',
    repository,
    issue: null,
    taskId: null,
    requestedBy,
    trial: true,
  },
  step: 'trial',
  name: 'Trial',
  item: null,
});

/** Whether everything that was tried passed; a trial that found nothing to try has not. */
export const hasPassed = (status: TrialStatus, phases: readonly Pick<TrialPhase, 'status'>[]): boolean =>
  status === 'done' && phases.length > 0 && phases.every((phase) => phase.status === 'pass');
