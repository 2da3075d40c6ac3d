import { sql } from 'kysely';
import { BatonError } from '../domain/errors.js';
import type { ActionMode } from '../domain/catalogue.js';
import type { JsonObject } from '../domain/json.js';
import type { PermissionLayer } from '../domain/permissions.js';
import { tellBreaker } from './breakers.js';
import type { Tx } from './connection.js';
import type { Database } from './schema.js';

type Row = Database['agents'];

export interface NewAgent {
  readonly organisationId: string;
  readonly projectId: string;
  readonly name: string;
  readonly type: Row['type'];
  readonly kind: Row['kind'];
  readonly adapter: Row['adapter'];
  readonly roles: readonly string[];
  readonly description: string;
  readonly version: string;
  readonly riskLevel: Row['risk_level'];
  readonly entry: JsonObject;
  readonly limits: JsonObject;
  /** Left out: those of every agent. */
  readonly permissions?: PermissionLayer;
  /** Null: the organisation's own. */
  readonly ownerId: string | null;
  readonly capabilities: readonly {
    readonly name: string;
    readonly description: string;
    readonly inputSchema: JsonObject | null;
    readonly outputSchema: JsonObject | null;
    /** Null: as the catalogue says, or it only looks. */
    readonly mode: ActionMode | null;
    /** Whether what it changed is opened as a pull request; left out: no. */
    readonly pullRequest?: boolean;
  }[];
}

/** Lets a paused agent have new steps again. Throws `agent-not-found`, `agent-not-paused`. */
export async function resumeAgent(tx: Tx, projectId: string, name: string): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('agents')
    .set({ status: 'idle' })
    .where('project_id', '=', projectId)
    .where('name', '=', name)
    .where('status', '=', 'paused')
    .executeTakeFirst();
  if (numUpdatedRows > 0n) return;
  const known = await tx
    .selectFrom('agents')
    .select('status')
    .where('project_id', '=', projectId)
    .where('name', '=', name)
    .executeTakeFirst();
  if (!known) throw new BatonError('agent-not-found', `This project has no agent ${name}.`);
  throw new BatonError('agent-not-paused', `The agent ${name} is not paused; it is ${known.status}.`);
}

/** Registers an agent, or brings the known one of that name up to date; to one that is started another way its failures say nothing. */
export async function saveAgent(tx: Tx, agent: NewAgent): Promise<string> {
  const known = await startOf(tx, agent);
  const facts = {
    type: agent.type,
    kind: agent.kind,
    adapter: agent.adapter,
    roles: [...agent.roles],
    description: agent.description,
    version: agent.version,
    entry: JSON.stringify(agent.entry),
    risk_level: agent.riskLevel,
    owner_id: agent.ownerId,
    limits: JSON.stringify(agent.limits),
    permissions: JSON.stringify(agent.permissions ?? {}),
  };
  const { id } = await tx
    .insertInto('agents')
    .values({ organisation_id: agent.organisationId, project_id: agent.projectId, name: agent.name, ...facts })
    .onConflict((conflict) => conflict.columns(['project_id', 'name']).doUpdateSet(facts))
    .returning('id')
    .executeTakeFirstOrThrow();
  await tx.deleteFrom('capabilities').where('agent_id', '=', id).execute();
  for (const { name, description, inputSchema, outputSchema, mode, pullRequest } of agent.capabilities) {
    await tx
      .insertInto('capabilities')
      .values({
        organisation_id: agent.organisationId,
        agent_id: id,
        name,
        description,
        input_schema: inputSchema && JSON.stringify(inputSchema),
        output_schema: outputSchema && JSON.stringify(outputSchema),
        mode,
        pull_request: pullRequest ?? false,
      })
      .execute();
  }
  if (known && !known.isSame) await tellBreaker(tx, agentBreaker(agent, id), { kind: 'replaced' }, new Date());
  return id;
}

const agentBreaker = ({ organisationId, projectId, name }: NewAgent, id: string) =>
  ({ kind: 'agent', organisationId, projectId, name, id }) as const;

/** Whether the known agent of that name is started the same way; undefined: there is none. */
const startOf = (tx: Tx, { projectId, name, adapter, entry }: NewAgent) =>
  tx
    .selectFrom('agents')
    .select(sql<boolean>`adapter = ${adapter} and entry = ${JSON.stringify(entry)}::jsonb`.as('isSame'))
    .where('project_id', '=', projectId)
    .where('name', '=', name)
    .forUpdate()
    .executeTakeFirst();
