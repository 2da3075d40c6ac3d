import { ApplicationFailure, CancellationScope, condition, defineUpdate, setHandler } from '@temporalio/workflow';
import type { Json } from '../domain/json.js';
import { refuseOverride, type OverrideOrder, type OverrideStanding, type RunOverride } from '../domain/override.js';
import type { PlanStep } from '../domain/plan.js';
import { openRunStatus, readySteps, type RunStatus, type StepStatus } from '../domain/run-state.js';
import type { RecordedOverride } from '../domain/work.js';
import { record } from './activities.js';
import { describeFailure } from './failure.js';
import { inTurn } from './in-turn.js';
import type { RunState } from './run-state.js';

export const override = defineUpdate<null, [order: OverrideOrder<RunOverride>]>('override');

/**
 * How people step into one run, one after the other. An override counts, and is answered, when it is in the record with
 * what it does there; only then the run acts on it.
 */
export function openOverrides(state: RunState) {
  let phase: 'starting' | OverrideStanding['phase'] = 'starting';
  let changed = (): void => undefined;
  let underWay = 0;
  const turn = inTurn(1);
  const running = new Map<string, CancellationScope>();
  /** Steps of which an override is being written: what they come to waits for it. */
  const claimed = new Set<string>();
  /** How steps end that people decided on. */
  const decided = new Map<string, DecidedEnd>();

  const refuse = ({ override }: OverrideOrder<RunOverride>): void => {
    const refused = refuseOverride(override, {
      phase: phase === 'starting' ? 'open' : phase,
      paused: state.paused,
      called: state.request.input.depth > 0,
      steps: state.request.plan.steps,
      statuses: state.statuses,
    });
    if (refused) throw ApplicationFailure.nonRetryable(refused.message, refused.code);
  };

  setHandler(
    override,
    async (order: OverrideOrder<RunOverride>) => {
      underWay += 1;
      try {
        await CancellationScope.nonCancellable(() => turn(() => carryOut(order)));
        return null;
      } finally {
        underWay -= 1;
        changed();
      }
    },
    {
      // Validators run synchronously: an async one could never refuse.
      validator: (order: OverrideOrder<RunOverride>) => {
        if (phase !== 'starting') refuse(order);
      },
    },
  );

  async function carryOut(order: OverrideOrder<RunOverride>): Promise<void> {
    await condition(() => phase !== 'starting');
    refuse(order);
    const { override } = order;
    const step = 'step' in override ? state.request.plan.steps.find(({ id }) => id === override.step)! : null;
    if (step) claimed.add(step.id);
    try {
      const recorded = await record
        .recordOverride({
          run: state.run,
          order,
          ref: step && state.refOf(step.id),
          reads: step?.reads ?? [],
          runStatus: statusAfter(override),
        })
        .catch((error: unknown) => ({ kind: 'refused', ...describeFailure(error) }) as const);
      if (recorded.kind === 'refused') throw ApplicationFailure.nonRetryable(recorded.message, recorded.code);
      takeEffect(override, recorded);
    } finally {
      if (step) claimed.delete(step.id);
    }
  }

  /** What the run is once it goes on: one that waited for people runs again where it lets a step start. */
  function statusAfter(override: RunOverride): RunStatus {
    const statuses = new Map(state.statuses);
    if (override.kind === 'skip' || override.kind === 'complete') statuses.set(override.step, 'skipped');
    const isPaused = override.kind === 'pause' || (state.paused && override.kind !== 'resume');
    const starts = !isPaused && readySteps(state.request.plan, statuses).length > 0;
    return starts ? 'running' : openRunStatus(statuses.values());
  }

  function takeEffect(
    override: RunOverride,
    { output, places }: Extract<RecordedOverride, { kind: 'recorded' }>,
  ): void {
    switch (override.kind) {
      case 'pause':
      case 'resume':
        state.paused = override.kind === 'pause';
        return;
      case 'skip':
        end(override.step, { status: 'skipped', output: null });
        return;
      case 'complete':
        end(override.step, { status: 'succeeded', output });
        return;
      case 'risk':
        return;
      case 'reassign':
        state.reassigned.give(override.step, { agent: override.agent, places });
    }
  }

  /** A step that is at work comes to its end first: whoever works at it is stopped, and cleans up. */
  function end(step: string, decision: DecidedEnd): void {
    const scope = running.get(step);
    decided.set(step, decision);
    state.statuses.set(step, scope ? 'running' : take(step, decision));
    scope?.cancel();
  }

  function take(step: string, { status, output }: DecidedEnd): StepStatus {
    state.keepOutput(step, output);
    return status;
  }

  /** Runs a step so that people can end it: then it ends as they said, whatever else came of it. */
  async function around(step: PlanStep, work: () => Promise<StepStatus>): Promise<StepStatus> {
    const scope = new CancellationScope();
    running.set(step.id, scope);
    const settled = await scope.run(work).then(
      (status) => ({ status }),
      (error: unknown) => ({ error }),
    );
    await CancellationScope.nonCancellable(() => condition(() => !claimed.has(step.id)));
    running.delete(step.id);
    const decision = decided.get(step.id);
    if (decision) return take(step.id, decision);
    if ('error' in settled) throw settled.error;
    return settled.status;
  }

  return {
    around,
    /** Whether the run stays although nothing runs: something is being decided, or it is paused before a step. */
    holds: (ready: readonly PlanStep[]): boolean => underWay > 0 || (state.paused && ready.length > 0),
    /** From here on people can step in; `whenChanged` is called when they did. */
    open: (whenChanged: () => void): void => {
      phase = 'open';
      changed = whenChanged;
    },
    /** The run was cancelled, or ends: it takes no more. */
    close: (to: 'ending' | 'ended'): void => {
      phase = to;
    },
  };
}

export type Overrides = ReturnType<typeof openOverrides>;

interface DecidedEnd {
  readonly status: 'skipped' | 'succeeded';
  readonly output: Json;
}
