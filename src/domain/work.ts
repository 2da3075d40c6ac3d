import type { ApprovalState, AskedPolicy, Decision, OpenApproval, Person } from './approval.js';
import type { AttemptFailure } from './attempt.js';
import type { AskedGate, GateResult } from './gate.js';
import type { Json, JsonObject } from './json.js';
import type { EscalationActivities } from './escalation.js';
import type { TrialActivities } from './trial.js';
import type { NoticeActivities } from './notice.js';
import type { OverrideOrder, Reassignment, RunOverride } from './override.js';
import type { AgentRef } from './plan.js';
import type { GivenAnswer, Question, QuestionActivities, QuestionSettings } from './question.js';
import type { LandingBlock } from './landing.js';
import type { RetryPolicy } from './retry.js';
import type { StepSandbox } from './sandbox-settings.js';
import type { RepositoryRef } from './run-input.js';
import type { RunStatus, StepStatus } from './run-state.js';
import type { HandoffPlace, TddPhase } from './tdd.js';

/** What workflows and activities say to each other. Small values and ids; whole outputs stay in the record. */

export interface RunRef {
  readonly organisationId: string;
  readonly projectId: string;
  readonly runId: string;
  readonly number: number;
  readonly pipeline: string;
  readonly repository: RepositoryRef | null;
  readonly issue: { readonly number: number; readonly title: string } | null;
  readonly taskId: string | null;
  readonly requestedBy: string;
  /** Set where this is the trial of a configuration, whose id is `runId`: there is no run. */
  readonly trial?: true;
}

export interface StepRef {
  readonly run: RunRef;
  readonly step: string;
  readonly name: string;
  /** Index of a mapped step's item, 0-based; null where the step is not mapped, and for the mapped step as a whole. */
  readonly item: number | null;
}

export interface StepFailure {
  readonly code: string;
  readonly message: string;
}

/** A step that Baton does itself. */
export interface ActionRequest {
  readonly ref: StepRef;
  readonly action: string;
  /** Set where an agent that acts through Baton itself does it, in a run without a repository. */
  readonly agent?: AgentRef;
  readonly params: JsonObject;
  readonly repository: RepositoryRef | null;
  /** The run's branch in that repository; null where none was made. */
  readonly branch: string | null;
  readonly branchSuffix: string;
  readonly approvals: readonly string[];
  readonly reads: readonly (readonly string[])[];
}

export interface ActionResult {
  /** Only what `reads` asks for. */
  readonly output: Json;
  /** Where the action made the run's branch. */
  readonly branch: string | null;
}

/** A step that an agent does: what the step workflow needs to know. */
export interface AgentStepRequest {
  readonly ref: StepRef;
  /** Attempts that were made before the step was given to another agent; left out: none. */
  readonly after?: number;
  readonly agent: AgentRef;
  /** The agent that `same` stands for. */
  readonly sameAs: string | null;
  /** The step whose conversation that agent goes on with; null begins a new one. */
  readonly resumes: string | null;
  readonly action: string;
  readonly params: JsonObject;
  readonly issue: JsonObject | null;
  readonly repository: RepositoryRef;
  readonly branch: string;
  readonly gates: readonly AskedGate[];
  /** Whether an agent that was to change something may leave all as it is. */
  readonly optional: boolean;
  readonly timeoutMs: number;
  readonly retry: RetryPolicy;
  readonly questions: QuestionSettings;
  /** Required actions, each a line; left out: none. */
  readonly checklist?: readonly string[];
  /** What its programs may take, gates included; left out: as the agent's entry has it. */
  readonly sandbox?: StepSandbox;
  /** What a program is told at the beginning of an attempt, at most; left out: as the entry of its agent has it. */
  readonly contextTokens?: number;
  readonly reads: readonly (readonly string[])[];
  /** Set where the agent resolves why a change cannot land; the step itself goes on afterwards. */
  readonly resolution?: Resolution;
}

/** What an agent begins with that makes a change land. */
export interface Resolution {
  /** Head of the branch that the change is to land on: the first parent of what is made. */
  readonly base: string;
  /** Head of the run's branch: its second parent. */
  readonly head: string;
  /** A commit on `base` with both changes merged; files in conflict have markers. */
  readonly draft: string;
  /** Files in conflict. */
  readonly files: readonly string[];
  /** What both sides are for, with their diffs, and what fails. */
  readonly brief: string;
}

/** The workflow that asks how a change that cannot land goes on, and does that. */
export interface LandingRequest {
  readonly block: LandingBlock;
  readonly message: string;
  /** For the agent that may resolve it; its `agent` is the one of `agentId`. */
  readonly step: AgentStepRequest;
  /** Null: no agent made the change. */
  readonly agentId: string | null;
}

export interface LandingResult {
  /** `again`: the merge begins again. */
  readonly kind: 'again' | 'end';
  /** Attempts that were made in all. */
  readonly after: number;
}

export interface DraftRequest {
  readonly ref: StepRef;
  readonly repository: RepositoryRef;
  /** Of the run. */
  readonly branch: string;
  /** Why the change could not land. */
  readonly message: string;
  readonly agentId: string | null;
  /** Milliseconds since the epoch, from the workflow: the date of the draft. */
  readonly atMs: number;
}

export interface DraftedResolution extends Resolution {
  /** The branch that the change is to land on. */
  readonly target: string;
  /** The agent that may resolve it. */
  readonly agent: AssignedAgent | null;
}

export interface AgentStepResult {
  readonly output: Json;
  readonly agentId: string;
  readonly commit: string | null;
}

/** Test-driven work between a tester and a developer. */
export interface HandoffRequest {
  readonly ref: StepRef;
  readonly tester: AgentRef;
  readonly developer: AgentRef;
  /** Who people gave places in it to before it began. */
  readonly reassigned: readonly Reassignment[];
  readonly integration: boolean;
  readonly params: JsonObject;
  readonly issue: JsonObject | null;
  readonly repository: RepositoryRef;
  readonly branch: string;
  /** Of each phase's attempts. */
  readonly timeoutMs: number;
  readonly retry: RetryPolicy;
  readonly questions: QuestionSettings;
  readonly sandbox?: StepSandbox;
  readonly contextTokens?: number;
}

export interface PhaseResult {
  readonly phase: TddPhase;
  readonly by: HandoffPlace;
  readonly agentId: string;
  /** Null where the phase left all as it was. */
  readonly commit: string | null;
}

export interface HandoffResult {
  /** The last commit that a phase made. */
  readonly commit: string | null;
  readonly phases: readonly PhaseResult[];
}

export interface AssignedAgent {
  readonly id: string;
  readonly name: string;
  /** Id of the agent that the step names and that this one stands for, as it holds the role; left out: itself. */
  readonly for?: string;
  /** The role that it was asked for as; left out: as itself, in any of its roles. */
  readonly as?: string;
}

export interface AttemptRequest extends Omit<AgentStepRequest, 'agent' | 'sameAs' | 'retry' | 'gates' | 'questions'> {
  readonly attempt: number;
  readonly agent: AssignedAgent;
  /** Milliseconds since the epoch, from the workflow: fixes the commit's dates, so that a retry makes the same commit. */
  readonly startedAtMs: number;
  /** Why the attempt before was not enough, null where it only asked; and the commit that it left. */
  readonly previous: {
    readonly failure: AttemptFailure | null;
    readonly commit: string | null;
    readonly base: string;
  } | null;
  /** What people answered to the questions of this step, oldest first. */
  readonly answers: readonly GivenAnswer[];
}

export type AttemptResult =
  /** `commit` is null where the action only looks. `base` is the commit that the attempt stood on. */
  | {
      readonly kind: 'worked';
      readonly base: string;
      readonly commit: string | null;
      /** Required actions that are not marked as done; left out: none. */
      readonly leftOpen?: readonly string[];
    }
  /** The agent cannot go on before people have answered; `commit` is what it has edited so far. */
  | { readonly kind: 'asked'; readonly base: string; readonly commit: string | null; readonly question: Question }
  /** The agent's provider takes no more for now. That is no failure; `commit` is what it has edited so far. */
  | {
      readonly kind: 'limited';
      readonly base: string;
      readonly commit: string | null;
      readonly provider: string;
      readonly resumeAtMs: number;
      /** Whether a breaker kept it from beginning, so that it has met no limit itself; left out: no. */
      readonly held?: boolean;
    }
  | { readonly kind: 'failed'; readonly base: string; readonly failure: AttemptFailure; readonly retryable: boolean };

export interface GateRequest {
  readonly ref: StepRef;
  readonly attempt: number;
  readonly repository: RepositoryRef;
  readonly commit: string;
  /** Whether the attempt made the commit; otherwise it stands on it and left it as it was. */
  readonly changed: boolean;
  readonly gates: readonly AskedGate[];
  /** How often people had inconclusive gates run again: what was inconclusive is not taken from the record. Left out: never. */
  readonly again?: number;
  readonly sandbox?: StepSandbox;
}

export interface PublishRequest extends Pick<AttemptRequest, 'ref' | 'attempt' | 'action'> {
  /** Null: a person made the commit. */
  readonly agent: AssignedAgent | null;
  readonly repository: RepositoryRef;
  readonly branch: string;
  readonly commit: string;
  /** Milliseconds since the epoch, from the workflow: the date of a draft of a conflict. */
  readonly atMs: number;
  /** Files of a conflict that the commit resolves; left out: none. */
  readonly resolves?: readonly string[];
  /** The commit makes the run's change land: where the run's branch has moved, it is refused. */
  readonly resolution?: Resolution;
}

/** The change does not apply on what the branch holds now. */
export interface Conflict {
  readonly kind: 'conflict';
  readonly files: readonly string[];
  /** Head of the branch. */
  readonly base: string;
  /** A commit on `base` whose files hold both sides, with conflict markers. */
  readonly draft: string;
  /** For whoever resolves it: what both sides are for, and their diffs. */
  readonly brief: string;
}

export interface TakeBranchRequest {
  readonly ref: StepRef;
  readonly attempt: number;
  readonly repository: RepositoryRef;
  /** Of the run. */
  readonly branch: string;
  /** Resolved by a person. */
  readonly taken: string;
  /** Head of the run's branch at the time of the conflict. */
  readonly base: string;
  /** What else it contains: the head of the branch that the change is to land on. Left out: nothing. */
  readonly target?: { readonly branch: string; readonly commit: string };
}

export type TakenBranch =
  { readonly kind: 'taken'; readonly commit: string } | { readonly kind: 'refused'; readonly message: string };

export type Publication =
  | { readonly kind: 'published'; readonly commit: string }
  /** The branch had moved: the commit was rebased, and what was proved of it must be proved again. */
  | { readonly kind: 'moved'; readonly rebased: string }
  | Conflict
  /** On top of what the branch holds now the change is one that the agent may not make. */
  | { readonly kind: 'refused'; readonly failure: AttemptFailure; readonly retryable: boolean };

export interface FinishStepRequest {
  /** Whether only the attempt ends, as the step goes on; left out: both end. */
  readonly keepsStep?: boolean;
  readonly ref: StepRef;
  readonly attempt: number;
  readonly agent: AssignedAgent | null;
  readonly outcome:
    | {
        readonly kind: 'succeeded';
        readonly commit: string | null;
        readonly branch: string;
        readonly repositoryId: string;
      }
    | { readonly kind: 'failed'; readonly failure: StepFailure }
    | { readonly kind: 'cancelled' }
    /** The step goes on with another agent. */
    | { readonly kind: 'taken-over' };
  readonly reads: readonly (readonly string[])[];
}

export interface RecordStepRequest {
  readonly ref: StepRef;
  readonly status: StepStatus;
  readonly input?: Json;
  readonly output?: Json;
  readonly failure?: StepFailure;
}

/** What an approval lets happen: a step of people's own, what an agent is about to do, a change that is about to land. */
export type ApprovalPurpose =
  | { readonly kind: 'step'; readonly policy: AskedPolicy }
  /** `approvedBefore`: people approved this very step right before it. */
  | { readonly kind: 'act'; readonly action: string; readonly approvedBefore: boolean }
  | { readonly kind: 'land' };

export interface RequestApprovalRequest {
  readonly ref: StepRef;
  readonly purpose: ApprovalPurpose;
  /** The change that is decided on: the run's branch in this repository; null where the run made none. */
  readonly repository: RepositoryRef | null;
  readonly branch: string | null;
  readonly expiresAtMs: number;
  readonly runStatus: RunStatus;
}

export interface RecordDecisionRequest {
  readonly ref: StepRef;
  readonly decision: Decision;
  readonly state: ApprovalState;
}

export interface RecordOverrideRequest {
  readonly run: RunRef;
  readonly order: OverrideOrder<RunOverride>;
  /** The step that it is of. */
  readonly ref: StepRef | null;
  readonly reads: readonly (readonly string[])[];
  /** What the run is after it. */
  readonly runStatus: RunStatus;
}

export type RecordedOverride =
  /**
   * `output`: only what `reads` asks for of a completed step's; `places`: those of a hand-off that whoever it was given to
   * can take.
   */
  | { readonly kind: 'recorded'; readonly output: Json; readonly places: readonly HandoffPlace[] }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string };

export interface RecordCommentRequest {
  readonly ref: StepRef;
  readonly by: Person;
  readonly body: string;
  /** The same key is the same comment. */
  readonly key: string;
}

export interface SettleApprovalRequest {
  readonly ref: StepRef;
  /** Whether the step ends with its approval: others only begin. */
  readonly endsStep: boolean;
  readonly outcome: 'approved' | 'rejected' | 'expired' | 'cancelled';
  readonly failure?: StepFailure;
  readonly runStatus: RunStatus;
}

/** Why a run failed; `step` is empty where no step did. */
export interface RunFailure extends StepFailure {
  readonly step: string;
}

export interface EndRunRequest {
  readonly run: RunRef;
  readonly status: 'succeeded' | 'failed' | 'cancelled';
  readonly failure: RunFailure | null;
  /** Steps that never started, with what became of them. */
  readonly unstarted: 'skipped' | 'cancelled';
}

export interface OpenChildRequest {
  readonly ref: StepRef;
  readonly pipeline: string;
  readonly version: number;
  readonly context: JsonObject;
  readonly repository: RepositoryRef | null;
  readonly workflowId: string;
  readonly branchSuffix: string;
  readonly depth: number;
}

/** One schedule of a pipeline, by its place among those of its file. */
export interface ScheduleRef {
  readonly organisationId: string;
  readonly pipelineId: string;
  readonly index: number;
}

/** What workflows may call. Implemented in `src/activities`, each idempotent. */
export interface Activities extends TrialActivities, NoticeActivities, EscalationActivities, QuestionActivities {
  runAction(request: ActionRequest): Promise<ActionResult>;
  assignAgent(request: AgentStepRequest): Promise<AssignedAgent>;
  runAttempt(request: AttemptRequest): Promise<AttemptResult>;
  runGates(request: GateRequest): Promise<readonly GateResult[]>;
  judgeReview(request: {
    readonly ref: StepRef;
    readonly attempt: number;
    readonly failOn: string;
  }): Promise<AttemptFailure | null>;
  failAttempt(request: {
    readonly ref: StepRef;
    readonly attempt: number;
    readonly agent: AssignedAgent;
    readonly failure: StepFailure;
  }): Promise<void>;
  /** The agent that the way up leads to; null where the project has none. */
  findOrchestrator(request: { readonly run: RunRef }): Promise<AssignedAgent | null>;
  /** Ends the orchestrator's attempt and gives what it tells the agent; null where it gives the step up. */
  takeAdvice(request: {
    readonly ref: StepRef;
    readonly attempt: number;
    readonly agent: AssignedAgent;
  }): Promise<string | null>;
  publishCommit(request: PublishRequest): Promise<Publication>;
  /** Chooses the branch that a run's work goes to; the same answer as long as the repository's branches are the same. */
  chooseBranch(request: {
    readonly run: RunRef;
    readonly repository: RepositoryRef;
    readonly wanted: string;
  }): Promise<string>;
  /** Takes a commit of a branch that a person resolved a conflict on. */
  takeBranch(request: TakeBranchRequest): Promise<TakenBranch>;
  /** Merges what a change is to land on into it, for whoever resolves what is in the way. */
  draftResolution(request: DraftRequest): Promise<DraftedResolution>;
  finishStep(request: FinishStepRequest): Promise<Json>;
  recordStep(request: RecordStepRequest): Promise<void>;
  /** Ends a step that is mapped over repositories, by name in the order of its items; gives only what `reads` asks for. */
  joinItems(request: {
    readonly ref: StepRef;
    readonly repositories: readonly string[];
    readonly reads: readonly (readonly string[])[];
  }): Promise<Json>;
  takeOver(request: {
    readonly run: RunRef;
    readonly of: string;
    readonly steps: readonly { readonly id: string; readonly reads: readonly (readonly string[])[] }[];
    readonly branch: { readonly name: string; readonly startAt: string } | null;
  }): Promise<
    Readonly<Record<string, { readonly status: StepStatus; readonly output: Json; readonly agentId: string | null }>>
  >;
  /** Null where nothing has to be asked. */
  requestApproval(request: RequestApprovalRequest): Promise<OpenApproval | null>;
  recordDecision(request: RecordDecisionRequest): Promise<void>;
  recordComment(request: RecordCommentRequest): Promise<void>;
  settleApproval(request: SettleApprovalRequest): Promise<void>;
  recordOverride(request: RecordOverrideRequest): Promise<RecordedOverride>;
  openChildRun(request: OpenChildRequest): Promise<{ readonly runId: string; readonly number: number }>;
  endRun(request: EndRunRequest): Promise<void>;
  /** `at` is the time that it is for, ISO 8601. */
  startScheduledRun(request: ScheduleRef & { readonly at: string }): Promise<void>;
  expireAudit(request: { readonly olderThanDays: number }): Promise<number>;
}
