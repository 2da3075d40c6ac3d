import type { Plan, PlanStep } from './plan.js';

export const RUN_STATUSES = ['pending', 'running', 'waiting', 'succeeded', 'failed', 'cancelled'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

export const STEP_STATUSES = [...RUN_STATUSES, 'skipped'] as const;
export type StepStatus = (typeof STEP_STATUSES)[number];

export const isRunOpen = (status: RunStatus): boolean =>
  status === 'pending' || status === 'running' || status === 'waiting';

export const isStepOpen = (status: StepStatus): boolean =>
  status === 'pending' || status === 'running' || status === 'waiting';

/** A step lets those after it start when it succeeded, or was skipped because its condition did not hold. */
const letsOthersStart = (status: StepStatus | undefined): boolean => status === 'succeeded' || status === 'skipped';

/** The steps that may start now, in plan order: pending, with everything before them done. */
export function readySteps(plan: Plan, statuses: ReadonlyMap<string, StepStatus>): readonly PlanStep[] {
  return plan.steps.filter(
    (step) =>
      statuses.get(step.id) === 'pending' &&
      step.dependsOn.every((dependency) => letsOthersStart(statuses.get(dependency))),
  );
}

/** What a run is while it is open: waiting when nothing moves but people, otherwise running. */
export function openRunStatus(statuses: Iterable<StepStatus>): 'running' | 'waiting' {
  let waiting = false;
  for (const status of statuses) {
    if (status === 'running') return 'running';
    waiting ||= status === 'waiting';
  }
  return waiting ? 'waiting' : 'running';
}
