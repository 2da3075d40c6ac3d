import type { Json } from './json.js';
import type { RiskTier } from './policies.js';
import type { PlanStep } from './plan.js';
import { isStepOpen, type StepStatus } from './run-state.js';
import type { HandoffPlace } from './tdd.js';

/** How a person steps in: one union, so that a kind that is missing somewhere does not compile. */
export type Override =
  /** The step counts as skipped, whatever it was at. */
  | { readonly kind: 'skip'; readonly step: string }
  /** The step counts as succeeded, with this output. */
  | { readonly kind: 'complete'; readonly step: string; readonly output: Json }
  /** What the step still has to do is done by this agent, by name; of a hand-off, what is left to one place in it. */
  | { readonly kind: 'reassign'; readonly step: string; readonly agent: string }
  /** The run is cancelled, and a new one begins from the step. */
  | { readonly kind: 'reset'; readonly step: string }
  /** Nothing new starts; what runs is let finish. */
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'cancel' }
  /** What the rules say of the run's risk no longer counts; what was asked for stays asked. */
  | { readonly kind: 'risk'; readonly tier: RiskTier };

export type OverrideKind = Override['kind'];

/** What the run's workflow carries out; a reset and a cancellation end it from outside. */
export type RunOverride = Exclude<Override, { readonly kind: 'reset' | 'cancel' }>;

/** Who a step is given to; `places` are those of a hand-off that the agent can take, none in any other step. */
export interface Reassignment {
  readonly agent: string;
  readonly places: readonly HandoffPlace[];
}

/** An override with who wants it and why. */
export interface OverrideOrder<T extends Override = Override> {
  readonly override: T;
  readonly by: { readonly id: string; readonly handle: string };
  readonly reason: string;
  /** Names it in its organisation: the same key is the same override, and counts once. */
  readonly key: string;
  /** Where the request came from, for the audit trail. */
  readonly origin: {
    readonly address: string | null;
    readonly userAgent: string | null;
    readonly session: string | null;
  } | null;
}

/** Where a run stands, as far as it matters to who wants to step in. */
export interface OverrideStanding {
  /** `ending`: it was cancelled or reset, and its steps clean up. */
  readonly phase: 'open' | 'ending' | 'ended';
  readonly paused: boolean;
  /** Whether another run called it. */
  readonly called: boolean;
  readonly steps: readonly PlanStep[];
  readonly statuses: ReadonlyMap<string, StepStatus>;
}

export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** Why an override is not possible now, as a code and a sentence; null when it is. */
export function refuseOverride(override: Override, standing: OverrideStanding): Refusal | null {
  if (standing.phase === 'ended')
    return { code: 'run-ended', message: 'The run has ended; rerun it from a step instead.' };
  if (standing.phase === 'ending')
    return { code: 'run-ending', message: 'The run is being cancelled; nothing else can be done with it any more.' };
  switch (override.kind) {
    case 'pause':
      return standing.paused ? { code: 'paused-already', message: 'The run is paused already.' } : null;
    case 'resume':
      return standing.paused ? null : { code: 'not-paused', message: 'The run is not paused.' };
    case 'cancel':
    case 'risk':
      return null;
    default:
      return refuseOfStep(override, standing);
  }
}

function refuseOfStep(
  override: Extract<Override, { readonly step: string }>,
  { called, steps, statuses }: OverrideStanding,
): Refusal | null {
  const step = steps.find(({ id }) => id === override.step);
  if (!step) {
    const known = steps.map(({ id }) => id).join(', ');
    return { code: 'step-not-found', message: `The run has no step ${override.step}; it has ${known}.` };
  }
  if (override.kind === 'reset') {
    return called
      ? {
          code: 'run-called',
          message: 'Another run called this one and waits for it: reset that one to the step that calls.',
        }
      : null;
  }
  const status = statuses.get(step.id)!;
  if (!isStepOpen(status)) return stepEnded(step.name, status);
  if (override.kind === 'complete' && step.kind === 'approval')
    return {
      code: 'not-for-approvals',
      message: `${step.name} is given by people: let them decide it, or skip it.`,
    };
  if (override.kind === 'reassign' && step.kind !== 'agent' && step.kind !== 'handoff')
    return {
      code: 'no-agent-step',
      message: `${step.name} is not done by an agent of its own, so nobody can take it over.`,
    };
  return null;
}

/** The refusal of what comes after the end of its step. */
export const stepEnded = (name: string, status: StepStatus): Refusal => ({
  code: 'step-ended',
  message: `${name} has ended already: it ${status === 'skipped' || status === 'cancelled' ? 'was ' : ''}${status}.`,
});

type OrganisationRole = 'admin' | 'author' | 'reviewer' | 'reader';

/**
 * The least role that may: who reviews may hold a run, who starts runs may change what one does, and only an
 * administrator takes the decision from those whom an approval asks, or may ask: by calling a run less risky.
 */
export function roleForOverride(override: Override, steps: readonly PlanStep[]): OrganisationRole {
  switch (override.kind) {
    case 'pause':
    case 'resume':
      return 'reviewer';
    case 'skip':
      return steps.find(({ id }) => id === override.step)?.kind === 'approval' ? 'admin' : 'author';
    case 'complete':
    case 'reassign':
    case 'reset':
    case 'cancel':
      return 'author';
    case 'risk':
      return override.tier === 'high' ? 'author' : 'admin';
  }
}

const DONE: Readonly<Record<OverrideKind, string>> = {
  skip: 'skipped',
  complete: 'completed',
  reassign: 'reassigned',
  reset: 'reset the run to',
  pause: 'paused the run',
  resume: 'resumed the run',
  cancel: 'cancelled the run',
  risk: 'set the risk of the run',
};

/** One line for people: `maya skipped Implement: it is there already`. */
export function describeOverride({ kind, step, to, by, reason }: OverrideFacts): string {
  const what = step === null ? '' : ` ${step}`;
  const whom = to === null ? '' : ` to ${to}`;
  return `${by} ${DONE[kind]}${what}${whom}: ${reason}`;
}

export interface OverrideFacts {
  readonly kind: OverrideKind;
  /** Name of the step that it is of. */
  readonly step: string | null;
  /** Who the step was given to, or the tier that the run was given. */
  readonly to: string | null;
  readonly by: string;
  readonly reason: string;
}

export const overrideFacts = ({ override, by, reason }: OverrideOrder, step: string | null): OverrideFacts => ({
  kind: override.kind,
  step,
  to: override.kind === 'reassign' ? override.agent : override.kind === 'risk' ? override.tier : null,
  by: by.handle,
  reason,
});
