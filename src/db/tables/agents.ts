import type { ColumnType, Generated } from 'kysely';
import type { Candidate } from '../../domain/candidate.js';
import type { Breaker } from '../../domain/breaker.js';
import type { ActionMode } from '../../domain/catalogue.js';
import type { JsonObject } from '../../domain/json.js';
import type { PermissionLayer } from '../../domain/permissions.js';
import type { WorkerReport } from '../../domain/preconditions.js';
import type { Adapter } from '../../schema/agent.js';
import type { JsonColumn, MaybeJson, MaybeTime, Owned, Time } from './columns.js';

/** Agents, what they can do, and where they are held back. */
export interface AgentTables {
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
  role_territories: Owned & { project_id: string; role: string; globs: string[] };
  worker_reports: Owned & {
    /** A worker's name. */
    worker: string;
    programs: JsonColumn<WorkerReport['programs']>;
    /** Names of the key variables that are set. */
    variables: string[];
    seen_at: Time;
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
}
