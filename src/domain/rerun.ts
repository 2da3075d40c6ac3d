import { descendants } from './graph.js';
import type { Plan, PlanStep } from './plan.js';
import type { StepStatus } from './run-state.js';

/** What the record keeps of a step of an earlier run. */
export interface RecordedStep {
  readonly id: string;
  readonly status: StepStatus;
  /** The commit that it put on the run's branch; null where it wrote nothing. */
  readonly commit: string | null;
  /** Order in which it ended, 1-based; null where it did not. */
  readonly endedAs: number | null;
  /** Whether that commit is in another repository than the run's own: such a step is always done again. */
  readonly elsewhere?: boolean;
}

export interface RerunPlan {
  /** Steps whose recorded results the new run takes over. */
  readonly takeOver: readonly string[];
  /** Where the new branch starts; null: at the base branch, as the first run did. */
  readonly startAt: string | null;
}

/**
 * What a rerun from `from` keeps: finished steps that do not come after it, and whose commits lie below the first
 * commit that is made again (a step that wrote on top of one that is redone is redone as well). One branch is made, in
 * the run's own repository: what wrote elsewhere is done again, with all that comes after it.
 */
export function planRerun(plan: Plan, recorded: readonly RecordedStep[], from: string): RerunPlan {
  const byId = new Map(recorded.map((step) => [step.id, step]));
  const elsewhere = recorded.filter((step) => step.elsewhere === true).map((step) => step.id);
  let redone = new Set([from, ...elsewhere].flatMap((id) => [...descendants(plan.steps, id)]));
  for (;;) {
    const firstRedone = Math.min(
      ...recorded
        .filter((step) => redone.has(step.id) && step.commit !== null && step.elsewhere !== true)
        .map((step) => step.endedAs ?? Infinity),
    );
    const onTop = recorded.find(
      (step) => !redone.has(step.id) && step.commit !== null && (step.endedAs ?? 0) > firstRedone,
    );
    if (!onTop) break;
    redone = new Set([...redone, ...descendants(plan.steps, onTop.id)]);
  }
  const takeOver = plan.steps
    .map((step) => byId.get(step.id))
    .filter(
      (step) =>
        step !== undefined && !redone.has(step.id) && (step.status === 'succeeded' || step.status === 'skipped'),
    )
    .map((step) => step!);
  const last = takeOver
    .filter((step) => step.commit !== null)
    .sort((a, b) => b.endedAs! - a.endedAs!)
    .at(0);
  return { takeOver: takeOver.map((step) => step.id), startAt: last?.commit ?? null };
}

/** The first step of a run that ended which was not done; null where all were. */
export const resumesAt = (steps: readonly PlanStep[], statuses: ReadonlyMap<string, StepStatus>): string | null =>
  steps.find(({ id }) => !['succeeded', 'skipped'].includes(statuses.get(id) ?? 'pending'))?.id ?? null;
