import type { Generated } from 'kysely';
import type { TrialPhase, TrialStatus } from '../../domain/trial.js';
import type { StepFailure } from '../../domain/work.js';
import type { Actor, JsonColumn, MaybeTime, Owned, Time } from './columns.js';

/** Projects, their repositories, and what the forge knows of these. */
export interface ProjectTables {
  projects: Owned & { id: Generated<string>; name: string; created_at: Time };
  job_roles: Owned & { project_id: string; person_id: string; role: string };
  repositories: Owned & {
    id: Generated<string>;
    project_id: string;
    name: string;
    forge: 'local';
    remote_url: string;
    /** Where it was imported from, without credentials. */
    source: string | null;
    default_branch: string;
    protected_branches: string[];
    last_number: Generated<number>;
    /** Whether its branches were ever looked at: what is there at the first look was not pushed. */
    heads_known: Generated<boolean>;
    created_at: Time;
    /** When it was removed; its files are at `remote_url` until they are purged, then that is empty. */
    removed_at: MaybeTime;
  };
  trials: Owned & {
    id: Generated<string>;
    repository_id: string;
    requested_by: string;
    /** The text of `.baton/repository.yaml` that is tried. */
    config: string;
    commit: string;
    status: Generated<TrialStatus>;
    phases: JsonColumn<readonly TrialPhase[]>;
    error: JsonColumn<StepFailure> | null;
    created_at: Time;
    dispatched_at: MaybeTime;
    ended_at: MaybeTime;
  };
  branch_heads: Owned & { repository_id: string; branch: string; commit: string | null; pushes: Generated<number> };
  own_pushes: Owned & { repository_id: string; branch: string; commit: string; run_id: string; created_at: Time };
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
  issue_comments: Owned & {
    id: Generated<string>;
    issue_id: string;
    author: JsonColumn<Actor>;
    body: string;
    marker: string;
    created_at: Time;
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
}
