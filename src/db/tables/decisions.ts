import type { Generated } from 'kysely';
import type { Person, Requirement } from '../../domain/approval.js';
import type { QuestionOption } from '../../domain/question.js';
import type { Risk } from '../../domain/risk.js';
import type { JsonColumn, MaybeJson, MaybeTime, Owned, Time } from './columns.js';

/** What people are asked, and what they said. */
export interface DecisionTables {
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
  approval_comments: Owned & {
    id: Generated<string>;
    approval_id: string;
    person_id: string;
    key: string;
    body: string;
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
}
