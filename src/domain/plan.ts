import type { AskedPolicy } from './approval.js';
import type { AskedGate } from './gate.js';
import type { QuestionSettings } from './question.js';
import type { RetryPolicy } from './retry.js';
import type { StepSandbox } from './sandbox-settings.js';
import type { Template } from './template.js';

/**
 * A pipeline, compiled: everything that a run needs to know, and nothing to look up. It is stored by version and
 * passed whole into the workflow (at most `PLAN_LIMITS.planBytes`).
 */
export interface Plan {
  readonly name: string;
  readonly description: string | null;
  readonly triggers: readonly Trigger[];
  /** In an order in which every step comes after all that it depends on. */
  readonly steps: readonly PlanStep[];
}

export type Trigger =
  | { readonly kind: 'label'; readonly label: string }
  | {
      readonly kind: 'event';
      readonly type: string;
      readonly filters: Readonly<Record<string, readonly string[]>>;
      /** Whether pull requests that runs open start it; left out: they do. */
      readonly ownPullRequests?: boolean;
    }
  | ScheduleTrigger
  | { readonly kind: 'manual' };

export interface ScheduleTrigger {
  readonly kind: 'schedule';
  readonly cron: string;
  readonly timeZone: string;
  /** What becomes of a time at which a run of the time before is still open; left out: `skip`. */
  readonly overlap?: Overlap;
  /** How late a run may start after a time that nobody served, as Temporal was down; left out: an hour. */
  readonly catchUpMs?: number;
  /** The repository that its runs work in; left out: none, a run is for the project. */
  readonly repository?: string;
}

export const OVERLAPS = ['skip', 'allow'] as const;
export type Overlap = (typeof OVERLAPS)[number];

/** Who does an agent step. `same` is the identity that did `step`, its session resumed. */
export type AgentRef =
  | { readonly kind: 'any' }
  | { readonly kind: 'same'; readonly step: string }
  | { readonly kind: 'role'; readonly role: string }
  | { readonly kind: 'named'; readonly name: string };

/** A step that is done for each item of a list. */
export interface StepMap {
  readonly over: Template;
  readonly concurrency: number;
  /**
   * The items are names of repositories, and the step gives one output for all of them instead of a list. With `project`
   * it is mapped only in a run without a repository of its own.
   */
  readonly repositories?: 'named' | 'project';
}

interface StepBase {
  /** `[a-z0-9-]`, unique in the plan, made from the name where the file gives none. */
  readonly id: string;
  readonly name: string;
  readonly dependsOn: readonly string[];
  /** A CEL expression; the step is skipped where it is false. */
  readonly when: string | null;
  /** Names the repository that the step works in; null is the run's own. */
  readonly repository: Template | null;
  readonly map: StepMap | null;
  readonly timeoutMs: number;
  readonly retry: RetryPolicy;
  readonly params: { readonly [name: string]: Template };
  /** Output paths that later expressions read: only these come back into the workflow. `[]` is the whole output. */
  readonly reads: readonly (readonly string[])[];
}

/** What Baton does itself, in one activity. */
export interface ActionStep extends StepBase {
  readonly kind: 'action';
  readonly action: string;
  /** Ids of the approvals that come before it; `merge` needs at least one. */
  readonly approvals: readonly string[];
  /** Of a merge: how it asks people where the change cannot land. Left out: as `PAID_QUESTION_DEFAULTS` has it. */
  readonly questions?: QuestionSettings;
}

/** What an agent does in a worktree, proved by gates on the commit that comes of it. */
export interface AgentStep extends StepBase {
  readonly kind: 'agent';
  readonly agent: AgentRef;
  readonly action: string;
  readonly gates: readonly AskedGate[];
  /** Left out: as `QUESTION_DEFAULTS` has it. */
  readonly questions?: QuestionSettings;
  /** Required actions: each a text, or an expression that gives one or a list of them; left out: none. */
  readonly checklist?: readonly Template[];
  /** Left out: as the entry of its agent has it. */
  readonly sandbox?: StepSandbox;
  /** What a program is told at the beginning of an attempt, at most; left out: as the entry of its agent has it. */
  readonly contextTokens?: number;
}

/** Where people decide. */
export interface ApprovalStep extends StepBase {
  readonly kind: 'approval';
  readonly policy: AskedPolicy;
}

/** Another pipeline, run as a child with runs of its own. */
export interface PipelineStep extends StepBase {
  readonly kind: 'pipeline';
  readonly pipeline: string;
}

/** Test-driven work between a tester and a developer: a workflow of its own, proved phase by phase. */
export interface HandoffStep extends StepBase {
  readonly kind: 'handoff';
  readonly tester: AgentRef;
  readonly developer: AgentRef;
  /** Whether integration tests are written, too. */
  readonly integration: boolean;
  /** Left out: as `QUESTION_DEFAULTS` has it. */
  readonly questions?: QuestionSettings;
  readonly sandbox?: StepSandbox;
  readonly contextTokens?: number;
}

export type PlanStep = ActionStep | AgentStep | ApprovalStep | PipelineStep | HandoffStep;

/** Payload limits of architecture decision 3, checked at the edge and again where a value enters the workflow. */
export const PLAN_LIMITS = {
  planBytes: 1024 * 1024,
  steps: 1000,
  stepOutputBytes: 8 * 1024,
  runOutputBytes: 1024 * 1024,
  mapItems: 500,
  contextBytes: 64 * 1024,
} as const;
