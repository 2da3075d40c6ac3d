import { sql } from 'kysely';
import type { AdapterName } from '../../agents/find-harness.js';
import { parseEntry } from '../../agents/parse-entry.js';
import type { Tx } from '../../db/connection.js';
import { roleEntry } from '../../schema/agent-entry.js';
import { actionMode, type ActionMode } from '../../domain/catalogue.js';
import { BatonError } from '../../domain/errors.js';
import type { JsonObject } from '../../domain/json.js';
import type { Spent } from '../../domain/usage.js';
import type { AssignedAgent, AttemptRequest, StepRef } from '../../domain/work.js';
import type { ActivityDeps } from '../deps.js';
import { persist } from '../persist.js';

export interface AgentRow {
  readonly name: string;
  readonly roles: readonly string[];
  readonly adapter: AdapterName | 'role';
  readonly entry: JsonObject;
  inputSchema(capability: string): JsonObject | null;
  outputSchema(capability: string): JsonObject | null;
  /** What the action does to the workspace when this agent does it. */
  mode(action: string): ActionMode;
  /** What the agent is asked for: the action, or, where it stands for another, what that one makes of it. */
  asked(action: string): string;
}

export const loadAgent = (deps: ActivityDeps, { run }: StepRef, assigned: AssignedAgent): Promise<AgentRow> =>
  persist(deps, run.organisationId, async (tx) => {
    const agent = await agentRow(tx, assigned.id);
    const named = assigned.for === undefined ? agent : await agentRow(tx, assigned.for);
    const actions = named === agent ? {} : parseEntry(roleEntry, named.entry, 'role').actions;
    const capabilities = await tx
      .selectFrom('capabilities')
      .select(['name', 'input_schema', 'output_schema', 'mode'])
      .where('agent_id', '=', named.id)
      .execute();
    const find = (name: string) => capabilities.find((capability) => capability.name === name);
    return {
      ...agent,
      inputSchema: (name) => find(name)?.input_schema ?? null,
      outputSchema: (name) => find(name)?.output_schema ?? null,
      mode: (name) => actionMode(name, find(name)?.mode ?? null),
      asked: (name) => actions[name] ?? name,
    };
  });

async function agentRow(tx: Tx, id: string) {
  const agent = await tx
    .selectFrom('agents')
    .select(['id', 'name', 'roles', 'adapter', 'entry'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (!agent) throw new BatonError('agent-not-found', `The agent ${id} is gone.`);
  return agent;
}

/** What a conversation is found by, and the attempt that had it last. */
export interface Session {
  readonly name: string;
  readonly step: string;
  readonly item: number | null;
  readonly attempt: number;
  /** What the attempts that had it used. */
  readonly spent: Spent;
}

/**
 * The conversation that an agent goes on with: that of its last attempt at this step, or at the step that `same`
 * names. Another agent than the one that had it begins anew.
 */
export const openSession = (deps: ActivityDeps, { ref, agent, resumes }: AttemptRequest): Promise<Session | null> =>
  persist(deps, ref.run.organisationId, async (tx) => {
    const row = await tx
      .selectFrom('attempts')
      .select(['session as name', 'step', 'item', 'attempt'])
      .where('run_id', '=', ref.run.runId)
      .where('agent_id', '=', agent.id)
      .where('session', 'is not', null)
      .where((eb) =>
        eb.or([
          eb.and([eb('step', '=', ref.step), eb('item', 'is not distinct from', ref.item)]),
          ...(resumes === null ? [] : [eb('step', '=', resumes)]),
        ]),
      )
      .orderBy('started_at', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (!row) return null;
    const name = row.name!;
    const total = (column: 'cost_usd' | 'tokens_in' | 'cache_read_tokens' | 'cache_write_tokens' | 'tokens_out') =>
      sql<number>`coalesce(sum(${sql.ref(column)}), 0)`;
    const spent = await tx
      .selectFrom('attempts')
      .select([
        total('cost_usd').as('costUsd'),
        total('tokens_in').as('inputTokens'),
        total('cache_read_tokens').as('cacheReadTokens'),
        total('cache_write_tokens').as('cacheWriteTokens'),
        total('tokens_out').as('outputTokens'),
      ])
      .where('agent_id', '=', agent.id)
      .where('session', '=', name)
      .executeTakeFirstOrThrow();
    return { ...row, name, spent };
  });
