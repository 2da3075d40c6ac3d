import type { Tx } from '../../db/connection.js';
import { territoriesOf } from '../../db/territories.js';
import { BatonError } from '../../domain/errors.js';
import { tokenDenial, type Denial, type Grant } from '../../domain/permissions.js';
import { territoryFor } from '../../domain/territory.js';
import type { AttemptRequest } from '../../domain/work.js';
import type { ActivityDeps } from '../deps.js';
import { persist } from '../persist.js';

/** What the agent of an attempt may do, doing this action; the one that does it, also where it stands for another. */
export const grantOf = (
  deps: ActivityDeps,
  { ref: { run }, agent }: Pick<AttemptRequest, 'ref' | 'agent'>,
  action: string,
): Promise<Grant> =>
  persist(deps, run.organisationId, async (tx) => {
    const { roles, ...own } = await agentOf(tx, agent.id);
    const known = await territoriesOf(tx, run.projectId);
    return { ...own, territory: territoryFor(roles, agent.as ?? null, action, known) };
  });

async function agentOf(tx: Tx, id: string) {
  const row = await tx
    .selectFrom('agents')
    .select(['name as agent', 'roles', 'permissions as given'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row) throw new BatonError('agent-not-found', `The agent ${id} is gone.`);
  return row;
}

/** Why the agent may not go on with the task: it has used up its tokens, in all attempts at it; null where it may. */
export const refuseTokens = (
  deps: ActivityDeps,
  { ref: { run }, agent }: Pick<AttemptRequest, 'ref' | 'agent'>,
): Promise<Denial | null> =>
  persist(deps, run.organisationId, async (tx) => {
    const { used } = await tx
      .selectFrom('attempts as t')
      .innerJoin('runs as r', 'r.id', 't.run_id')
      .select(({ fn, eb }) =>
        fn
          .coalesce(
            fn.sum<string>(eb(fn.coalesce('t.tokens_in', eb.lit(0)), '+', fn.coalesce('t.tokens_out', eb.lit(0)))),
            eb.lit(0),
          )
          .as('used'),
      )
      .where('t.agent_id', '=', agent.id)
      .where((eb) =>
        eb.or([eb('r.id', '=', run.runId), ...(run.taskId === null ? [] : [eb('r.task_id', '=', run.taskId)])]),
      )
      .executeTakeFirstOrThrow();
    return tokenDenial(await agentOf(tx, agent.id), Number(used));
  });
