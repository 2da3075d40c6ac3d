import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { Adapter } from '../schema/agent.js';
import type { Person, Requirement } from '../domain/approval.js';
import type { Breaker } from '../domain/breaker.js';
import type { Risk, RiskOverride } from '../domain/risk.js';
import type { EscalationCause, EscalationFacts, ReachedLevel } from '../domain/escalation.js';
import type { GateResult, Severity } from '../domain/gate.js';
import type { ActionMode } from '../domain/catalogue.js';
import type { ItemStatus } from '../domain/checklist.js';
import type { Confinement, Execution } from '../domain/execution.js';
import type { Json, JsonObject } from '../domain/json.js';
import type { ChannelKind, QuietHours } from '../domain/notice.js';
import type { OverrideKind } from '../domain/override.js';
import type { PermissionLayer } from '../domain/permissions.js';
import type { Plan } from '../domain/plan.js';
import type { Question, QuestionOption } from '../domain/question.js';
import type { RunStatus, StepStatus } from '../domain/run-state.js';
import type { AgentReport, StepWork } from '../domain/step-work.js';
import type { Priority, TaskStatus, TaskType } from '../domain/task.js';
import type { Candidate } from '../domain/assignment.js';

type Time = ColumnType<Date, Date | string | undefined, Date | string>;
type MaybeTime = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
type JsonColumn<T> = ColumnType<T, string, string>;
type MaybeJson<T> = ColumnType<T | null, string | null | undefined, string | null>;

interface Owned {
  organisation_id: string;
}

/** Who did something: a person, an agent, or Baton itself. */
export interface Actor {
  readonly kind: 'person' | 'agent' | 'system';
  readonly id: string | null;
  readonly name: string;
}

/** An error as it is kept and shown. */
export interface RecordedError {
  readonly code: string;
  readonly message: string;
  readonly details?: JsonObject;
}

export type OrganisationRole = 'admin' | 'author' | 'reviewer' | 'reader';

export interface Database {
  organisations: {
    id: Generated<string>;
    organisation_id: ColumnType<string, never, never>;
    name: string;
    last_run_number: Generated<number>;
    created_at: Time;
  };
  people: Owned & {
    id: Generated<string>;
    handle: string;
    name: string;
    role: OrganisationRole;
    created_at: Time;
    left_at: MaybeTime;
  };
  teams: Owned & { id: Generated<string>; name: string; created_at: Time };
  team_members: Owned & { team_id: string; person_id: string };
  team_roles: Owned & { team_id: string; project_id: string; role: string };
  api_keys: Owned & {
    id: Generated<string>;
    person_id: string;
    hash: Buffer;
    label: string;
    kind: 'key' | 'sign-in' | 'session';
    created_at: Time;
    expires_at: MaybeTime;
    used_at: MaybeTime;
  };
  projects: Owned & { id: Generated<string>; name: string; created_at: Time };
  job_roles: Owned & { project_id: string; person_id: string; role: string };
  repositories: Owned & {
    id: Generated<string>;
    project_id: string;
    name: string;
    forge: 'local';
    remote_url: string;
    default_branch: string;
    protected_branches: string[];
    last_number: Generated<number>;
    /** Whether its branches were ever looked at: what is there at the first look was not pushed. */
    heads_known: Generated<boolean>;
    created_at: Time;
  };
  branch_heads: Owned & { repository_id: string; branch: string; commit: string | null; pushes: Generated<number> };
  own_pushes: Owned & { repository_id: string; branch: string; commit: string; run_id: string; created_at: Time };
  agents: Owned & {
    id: Generated<string>;
    project_id: string;
    name: string;
    type: 'claude' | 'codex' | 'copilot' | 'cursor' | 'gemini' | 'opencode' | 'custom';
    kind: 'LLM' | 'RULE' | 'API' | 'SCRIPT';
    adapter: Adapter;
    roles: string[];
    description: Generated<string>;
    version: Generated<string>;
    entry: JsonColumn<JsonObject>;
    risk_level: 'AUTO' | 'APPROVAL_REQUIRED';
    status: Generated<Candidate['status']>;
    owner_id: string | null;
    limits: ColumnType<JsonObject, string | undefined, string>;
    /** As it was given; what is left out is as Baton has it. */
    permissions: ColumnType<PermissionLayer, string | undefined, string>;
    created_at: Time;
  };
  breakers: Owned & {
    kind: 'provider' | 'agent';
    /** A provider, or an agent's id. */
    name: string;
    /** Of a provider's key; empty for an agent. */
    fingerprint: string;
    state: Breaker['state'];
    failures: number;
    openings: number;
    opened_at: MaybeTime;
    reset_at: MaybeTime;
    reason: string | null;
    changed_at: Time;
  };
  role_territories: Owned & { project_id: string; role: string; globs: string[] };
  capabilities: Owned & {
    agent_id: string;
    name: string;
    description: Generated<string>;
    input_schema: MaybeJson<JsonObject>;
    output_schema: MaybeJson<JsonObject>;
    mode: ActionMode | null;
    /** Whether what it changed is opened as a pull request. */
    pull_request: Generated<boolean>;
  };
  issues: Owned & {
    id: Generated<string>;
    repository_id: string;
    number: number;
    title: string;
    body: Generated<string>;
    acceptance_criteria: Generated<string>;
    labels: Generated<string[]>;
    state: Generated<'open' | 'closed'>;
    author_id: string;
    created_at: Time;
  };
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
    cost_usd: number | null;
    error: MaybeJson<RecordedError>;
    started_at: Time;
    ended_at: MaybeTime;
  };
  gate_results: Owned & {
    id: Generated<string>;
    run_id: string;
    step: string;
    item: number | null;
    attempt: number;
    gate: string;
    commit: string;
    verdict: GateResult['verdict'];
    summary: string;
    result: JsonColumn<GateResult>;
    /** Null: of before it was kept. */
    repository_id: string | null;
    created_at: Time;
  };
  findings: Owned & {
    run_id: string;
    step: string;
    item: number | null;
    attempt: number;
    /** Null: a reviewer's. */
    gate: string | null;
    position: number;
    commit: string;
    rule: string;
    severity: Severity;
    message: string;
    file: string | null;
    line: number | null;
    fix: string | null;
    /** Of a scanner's: what it is known by from scan to scan. */
    fingerprint: string | null;
  };
  finding_issues: Owned & {
    repository_id: string;
    gate: string;
    fingerprint: string;
    number: number;
    /** Whether the last scan did not find it any more. */
    gone: Generated<boolean>;
    changed_at: Time;
  };
  issue_comments: Owned & {
    id: Generated<string>;
    issue_id: string;
    author: JsonColumn<Actor>;
    body: string;
    marker: string;
    created_at: Time;
  };
  test_runs: Owned & {
    id: Generated<string>;
    repository_id: string;
    run_id: string;
    step: string;
    item: number | null;
    attempt: number;
    commit: string;
    tree: string;
    at: Time;
  };
  test_results: Owned & {
    test_run_id: string;
    position: number;
    name: string;
    verdict: 'pass' | 'fail' | 'skip';
    duration_ms: number | null;
  };
  approvals: Owned & {
    id: Generated<string>;
    run_id: string;
    step: string;
    status: Generated<'open' | 'approved' | 'rejected' | 'expired' | 'cancelled'>;
    requirements: JsonColumn<readonly Requirement[]>;
    /** What it lets happen: the run goes on, an agent acts, a change lands. */
    purpose: Generated<'step' | 'act' | 'land'>;
    risk: MaybeJson<Risk>;
    excluded: Generated<string[]>;
    sole_member: Generated<boolean>;
    repository_id: string | null;
    base: string | null;
    commit: string | null;
    patch_id: string | null;
    requested_at: Time;
    expires_at: MaybeTime;
    settled_at: MaybeTime;
  };
  decisions: Owned & {
    approval_id: string;
    person_id: string;
    verdict: 'approve' | 'reject';
    note: string | null;
    /** As they were when they decided: with their roles, and in whose place. */
    person: MaybeJson<Person>;
    created_at: Time;
  };
  questions: Owned & {
    id: string;
    run_id: string;
    step: string;
    item: number | null;
    attempt: number;
    agent_id: string | null;
    asked_by: 'agent' | 'system';
    /** Of the step: where the answer is brought. */
    workflow_id: string;
    text: string;
    options: JsonColumn<readonly QuestionOption[]>;
    recommended: string | null;
    free_text: boolean;
    answerers: string[];
    status: Generated<'open' | 'answered' | 'expired' | 'cancelled'>;
    asked_at: Time;
    expires_at: Time;
    settled_at: MaybeTime;
    answered_by: string | null;
    answer: string | null;
    answer_text: string | null;
    reason: string | null;
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
  approval_comments: Owned & {
    id: Generated<string>;
    approval_id: string;
    person_id: string;
    key: string;
    body: string;
    created_at: Time;
  };
  absences: Owned & {
    id: Generated<string>;
    person_id: string;
    delegate_id: string | null;
    starts_at: Time;
    ends_at: Time;
    note: string | null;
    created_at: Time;
  };
  policy_versions: Owned & {
    id: Generated<string>;
    repository_id: string | null;
    version: number;
    source: string;
    reason: string;
    status: Generated<'proposed' | 'active' | 'superseded' | 'rejected'>;
    proposed_by: string;
    created_at: Time;
    decided_by: string | null;
    decided_at: MaybeTime;
    note: string | null;
    sole_member: Generated<boolean>;
  };
  pull_requests: Owned & {
    id: Generated<string>;
    repository_id: string;
    number: number;
    title: string;
    body: string;
    head: string;
    base: string;
    state: Generated<'open' | 'merged' | 'closed'>;
    labels: Generated<string[]>;
    reviewers: Generated<string[]>;
    run_id: string | null;
    merged_commit: string | null;
    created_at: Time;
    merged_at: MaybeTime;
  };
  reviews: Owned & {
    id: Generated<string>;
    pull_request_id: string;
    author: string;
    verdict: 'approve' | 'reject' | 'comment';
    body: string;
    marker: string;
    created_at: Time;
  };
  review_comments: Owned & {
    id: Generated<string>;
    pull_request_id: string;
    author: string;
    commit: string;
    file: string;
    line: number | null;
    body: string;
    marker: string;
    created_at: Time;
  };
  checks: Owned & {
    repository_id: string;
    commit: string;
    name: string;
    conclusion: 'success' | 'failure' | 'neutral';
    summary: string;
    created_at: Time;
  };
  artifacts: Owned & {
    id: Generated<string>;
    run_id: string;
    step: string | null;
    item: number | null;
    attempt: number | null;
    kind: 'log' | 'output' | 'diff' | 'report' | 'events' | 'session' | 'context';
    name: string;
    media_type: string;
    bytes: Generated<number>;
    chunks: Generated<number>;
    closed: Generated<boolean>;
    created_at: Time;
  };
  artifact_chunks: Owned & { artifact_id: string; position: number; body: Buffer };
  idempotency_keys: Owned & {
    person_id: string;
    key: string;
    request_hash: string;
    status: number | null;
    body: MaybeJson<Json>;
    claim: string | null;
    claimed_until: MaybeTime;
    created_at: Time;
  };
  worktrees: Owned & {
    host: string;
    name: string;
    repository_id: string;
    run_id: string;
    step: string;
    created_at: Time;
  };
  channels: Owned & {
    id: Generated<string>;
    name: string;
    kind: ChannelKind;
    settings: JsonColumn<JsonObject>;
    /** Name of the variable of the workers that holds its secret. */
    secret_env: string | null;
    quiet_hours: MaybeJson<QuietHours>;
    created_at: Time;
  };
  notices: Owned & {
    id: Generated<string>;
    key: string;
    /** Its name: the notice waits for a channel that is not there yet, and outlives it. */
    channel: string;
    event: string;
    run_id: string | null;
    urgent: Generated<boolean>;
    title: string;
    text: string;
    data: ColumnType<JsonObject, string | undefined, string>;
    attachments: Generated<string[]>;
    status: Generated<'pending' | 'sent' | 'failed'>;
    round: Generated<number>;
    attempts: Generated<number>;
    error: MaybeJson<RecordedError>;
    remote_id: string | null;
    created_at: Time;
    held_until: MaybeTime;
    dispatched_at: MaybeTime;
    settled_at: MaybeTime;
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
  escalations: Owned & {
    id: Generated<string>;
    project_id: string | null;
    cause: EscalationCause;
    subject: string;
    title: string;
    since: Time;
    run_id: string | null;
    facts: ColumnType<EscalationFacts, string | undefined, string>;
    status: Generated<'open' | 'cleared' | 'ended'>;
    levels: ColumnType<readonly ReachedLevel[], string | undefined, string>;
    created_at: Time;
    dispatched_at: MaybeTime;
    closed_at: MaybeTime;
    signalled_at: MaybeTime;
  };
  event_keys: Owned & { key: string };
  events: Owned & {
    id: Generated<number>;
    xid: ColumnType<string, never, never>;
    at: Time;
    project_id: string | null;
    key: string;
    type: string;
    run_id: string | null;
    repository_id: string | null;
    actor: JSONColumnType<Actor>;
    briefing: string;
    payload: JSONColumnType<JsonObject>;
  };
  audit: Owned & {
    id: Generated<number>;
    at: Time;
    actor: JSONColumnType<Actor>;
    action: string;
    resource: string;
    details: JSONColumnType<JsonObject>;
    outcome: 'success' | 'failure' | 'denied' | 'unknown';
    address: string | null;
    user_agent: string | null;
    session: string | null;
    previous_hash: ColumnType<Buffer | null, never, never>;
    hash: ColumnType<Buffer, never, never>;
  };
}
