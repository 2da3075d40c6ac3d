import { sql } from 'kysely';
import { BatonError } from '../domain/errors.js';
import { territoryFor } from '../domain/territory.js';
import { agentPolicyOf } from '../schema/agent-policy.js';
import { listAgents } from './agent-views.js';
import type { Tx } from './connection.js';
import { decodeCursor, pageOf, type PageRequest } from './cursor.js';
import { territoriesOf } from './territories.js';

interface Project {
  readonly id: string;
  readonly name: string;
}

/** One agent of a project, with what it may do. Throws `agent-not-found`. */
export async function getAgent(tx: Tx, project: Project, name: string) {
  const { items } = await listAgents(tx, { project: project.name, name, limit: 1 });
  const [agent] = items;
  if (!agent) throw new BatonError('agent-not-found', `The project ${project.name} has no agent ${name}.`);
  const { adapter, entry } = await tx
    .selectFrom('agents')
    .select(['adapter', 'entry'])
    .where('id', '=', agent.id)
    .executeTakeFirstOrThrow();
  const known = await territoriesOf(tx, project.id);
  const territory = agent.roles.map((role) => {
    const owned = territoryFor([role], role, '', known);
    return { role, globs: owned?.flatMap(({ globs }) => globs) ?? null };
  });
  return { ...agent, policy: agentPolicyOf(adapter, entry), territory };
}

/** Which agents there are of each adapter, by name. */
export const agentsByAdapter = (tx: Tx) =>
  tx
    .selectFrom('agents as a')
    .innerJoin('projects as p', 'p.id', 'a.project_id')
    .select(['a.adapter', 'a.name', 'p.name as project'])
    .orderBy('a.name')
    .orderBy('p.name')
    .execute();

/** The attempts of an agent in all runs, the newest first. */
export async function listAgentAttempts(tx: Tx, { agent, cursor, limit }: PageRequest & { readonly agent: string }) {
  const before = decodeCursor('attempts', 'uuid', cursor);
  const rows = await tx
    .selectFrom('attempts as t')
    .innerJoin('runs as r', 'r.id', 't.run_id')
    .innerJoin('pipelines as p', 'p.id', 'r.pipeline_id')
    .innerJoin('steps as s', (join) =>
      join.onRef('s.run_id', '=', 't.run_id').onRef('s.step', '=', 't.step').on('s.item', 'is', null),
    )
    .leftJoin('repositories as home', 'home.id', 'r.repository_id')
    .leftJoin('issues as i', 'i.id', 'r.issue_id')
    .select(['t.id', 't.run_id as runId', 't.step', 't.item', 't.attempt', 't.status', 't.summary', 't.error'])
    .select([
      't.tokens_in as tokensIn',
      't.tokens_out as tokensOut',
      't.cost_usd as costUsd',
      't.list_price as listPrice',
    ])
    .select([
      't.started_at as startedAt',
      't.ended_at as endedAt',
      'r.number',
      'p.name as pipeline',
      's.name as stepName',
    ])
    .select(['home.name as repository', 'i.number as issueNumber', 'i.title as issueTitle'])
    .where('t.agent_id', '=', agent)
    .$if(before !== null, (query) =>
      query.where(
        sql<boolean>`(t.started_at, t.id) < (select b.started_at, b.id from attempts b where b.id = ${before}::uuid)`,
      ),
    )
    .orderBy('t.started_at', 'desc')
    .orderBy('t.id', 'desc')
    .limit(limit + 1)
    .execute();
  const page = pageOf('attempts', rows, limit, ({ id }) => id);
  return {
    next: page.next,
    items: page.items.map(
      ({ runId, number, pipeline, repository, issueNumber, issueTitle, step, stepName, item, ...attempt }) => ({
        ...attempt,
        run: {
          ...{ id: runId, number, pipeline, repository },
          issue: issueNumber === null ? null : { number: issueNumber, title: issueTitle ?? '' },
        },
        step: { id: step, name: stepName, item },
      }),
    ),
  };
}
