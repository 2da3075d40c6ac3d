import type { ColumnType, Generated } from 'kysely';
import type { ItemStatus } from '../../domain/checklist.js';
import type { Confinement, Execution } from '../../domain/execution.js';
import type { Json, JsonObject } from '../../domain/json.js';
import type { OverrideKind } from '../../domain/override.js';
import type { Plan } from '../../domain/plan.js';
import type { Question } from '../../domain/question.js';
import type { RiskOverride } from '../../domain/risk.js';
import type { RunStatus, StepStatus } from '../../domain/run-state.js';
import type { SetUpPurpose, SetUpStatus } from '../../domain/set-up.js';
import type { AgentReport, StepWork } from '../../domain/step-work.js';
import type { Priority, TaskStatus, TaskType } from '../../domain/task.js';
import type { ListPrice } from '../../domain/usage.js';
import type { Actor, JsonColumn, MaybeJson, MaybeTime, Owned, RecordedError, Time } from './columns.js';

/** Pipelines, and the work that is done by them. */
export interface RunTables {
  pipelines: Owned & {
    id: Generated<string>;
    project_id: string;
    name: string;
    state: 'active' | 'draft' | 'archived';
    version: Generated<number>;
    created_at: Time;
  };
  pipeline_versions: Owned & {
    pipeline_id: string;
    version: number;
    source: string;
    plan: JsonColumn<Plan>;
    unavailable: Generated<string[]>;
    created_by: string | null;
    created_at: Time;
  };
  tasks: Owned & {
    id: Generated<string>;
    project_id: string;
    repository_id: string;
    issue_id: string | null;
    type: TaskType;
    priority: Priority;
    status: Generated<TaskStatus>;
    title: string;
    branch: string | null;
    required_capability: string | null;
    affected_files: Generated<string[]>;
    agent_id: string | null;
    assigned_at: MaybeTime;
    estimated_completion: MaybeTime;
    blocked_by: Generated<string[]>;
    commits: Generated<string[]>;
    instructions: ColumnType<JsonObject, string | undefined, string>;
    requested_by: string;
    created_at: Time;
  };
  runs: Owned & {
    id: Generated<string>;
    project_id: string;
    number: number;
    workflow_id: string;
    pipeline_id: string;
    pipeline_version: number;
    repository_id: string | null;
    issue_id: string | null;
    task_id: string | null;
    parent_id: string | null;
    rerun_of: string | null;
    rerun_from: string | null;
    root_id: string | null;
    status: Generated<RunStatus>;
    priority: Priority;
    trigger: JsonColumn<JsonObject>;
    input: JsonColumn<JsonObject>;
    branch: string | null;
    error: MaybeJson<RecordedError>;
    briefing: Generated<string>;
    warnings: Generated<string[]>;
    requested_by: string;
    created_at: Time;
    dispatched_at: MaybeTime;
    /** Whether it waits for what blocks its task: it is not started. */
    held: Generated<boolean>;
    /** Nothing new starts in it. */
    paused: Generated<boolean>;
    started_at: MaybeTime;
    ended_at: MaybeTime;
    risk_override: MaybeJson<RiskOverride>;
  };
  steps: Owned & {
    id: Generated<string>;
    run_id: string;
    step: string;
    item: number | null;
    position: number;
    name: string;
    kind: string;
    status: Generated<StepStatus>;
    input: MaybeJson<Json>;
    output: MaybeJson<Json>;
    error: MaybeJson<RecordedError>;
    commit: string | null;
    started_at: MaybeTime;
    ended_at: MaybeTime;
  };
  attempts: Owned & {
    id: Generated<string>;
    run_id: string;
    step: string;
    item: number | null;
    attempt: number;
    agent_id: string | null;
    status: Generated<'running' | 'asked' | 'limited' | 'succeeded' | 'failed' | 'cancelled'>;
    base: string | null;
    commit: string | null;
    summary: Generated<string>;
    answered: Generated<boolean>;
    session: string | null;
    /** What it ended with, where that was no answer. */
    question: MaybeJson<Question>;
    /** What its agent told Baton by a tool that ends the attempt, before its program has ended. */
    report: MaybeJson<AgentReport>;
    /** When it may go on, where it ended because its provider took no more. */
    resume_at: Date | null;
    network: Generated<'none' | 'host'>;
    /** What each of its executions began with, in order. */
    executions: ColumnType<readonly Execution[], string | undefined, string>;
    /** What its programs were held to, each once. */
    confinements: ColumnType<readonly Confinement[], string | undefined, string>;
    tokens_in: number | null;
    tokens_out: number | null;
    /** Of `tokens_in`, where the program tells them apart. */
    cache_read_tokens: number | null;
    cache_write_tokens: number | null;
    /** As its program reports it. */
    cost_usd: number | null;
    /** As Baton computed it, where the program reported tokens and no cost. */
    list_price: MaybeJson<ListPrice>;
    error: MaybeJson<RecordedError>;
    started_at: Time;
    ended_at: MaybeTime;
  };
  set_ups: Owned & {
    id: Generated<string>;
    run_id: string;
    step: string;
    item: number | null;
    attempt: number;
    purpose: SetUpPurpose;
    commit: string;
    command: string;
    network: Generated<'none' | 'host'>;
    status: Generated<SetUpStatus>;
    error: string | null;
    /** The artifact with what the command printed; null: it did not run. */
    log_id: string | null;
    started_at: Time;
    ended_at: MaybeTime;
  };
  checklist_items: Owned & {
    id: Generated<string>;
    run_id: string;
    step: string;
    /** Of a mapped step, or a phase: which; the items of the checklist have positions. */
    item: number | null;
    /** 1-based. */
    position: number;
    text: string;
    source: 'required' | 'agent';
    status: Generated<ItemStatus>;
    /** Who marked it last; null: nobody yet. */
    agent_id: string | null;
    attempt: number;
    note: string | null;
    /** Whether the tree with it is where another worker finds it. */
    kept: Generated<boolean>;
    /** How often it was marked: names the events of it. */
    changes: Generated<number>;
    changed_at: Time;
  };
  step_tokens: Owned & {
    /** SHA-256. */
    hash: Buffer;
    run_id: string;
    step: string;
    item: number | null;
    attempt: number;
    about: JsonColumn<StepWork>;
    /** How often it was used. */
    calls: Generated<number>;
    made_at: Time;
  };
  worktrees: Owned & {
    host: string;
    name: string;
    repository_id: string;
    /** Null: of a trial. */
    run_id: string | null;
    step: string;
    created_at: Time;
  };
  overrides: Owned & {
    id: Generated<string>;
    run_id: string;
    key: string;
    kind: OverrideKind;
    step: string | null;
    reason: string;
    details: JsonColumn<JsonObject>;
    actor: JsonColumn<Actor>;
    created_at: Time;
    /** When the run's workflow heard of it; null: whoever starts workflows has to tell it. */
    delivered_at: MaybeTime;
    /** Of a reset: the run that goes on. */
    rerun_id: string | null;
  };
}
