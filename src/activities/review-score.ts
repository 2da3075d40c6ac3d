import { parseEntry } from '../agents/parse-entry.js';
import type { Tx } from '../db/connection.js';
import type { JsonObject } from '../domain/json.js';
import { qualityScore } from '../domain/quality-score.js';
import type { AssignedAgent, FinishStepRequest } from '../domain/work.js';
import { roleEntry } from '../schema/agent-entry.js';
import { planOf } from './assign-agent.js';

/**
 * What a review adds to its step's output where it was done under the name of another agent: the score that what it found
 * gives the change, and the comments on its lines.
 */
export async function reviewScore(
  tx: Tx,
  { ref, attempt, agent }: Pick<FinishStepRequest, 'ref' | 'attempt'> & { readonly agent: AssignedAgent | null },
): Promise<JsonObject> {
  if (agent?.for === undefined) return {};
  const named = await tx.selectFrom('agents').select('entry').where('id', '=', agent.for).executeTakeFirstOrThrow();
  const step = (await planOf(tx, ref.run.runId)).steps.find(({ id }) => id === ref.step);
  const { actions } = parseEntry(roleEntry, named.entry, 'role');
  if (step?.kind !== 'agent' || actions[step.action]?.startsWith('review.') !== true) return {};
  const findings = await tx
    .selectFrom('findings')
    .select(['severity', 'message', 'file', 'line'])
    .where('run_id', '=', ref.run.runId)
    .where('step', '=', ref.step)
    .where('item', 'is not distinct from', ref.item)
    .where('attempt', '=', attempt)
    .where('gate', 'is', null)
    .orderBy('position')
    .execute();
  return {
    qualityScore: qualityScore(findings),
    comments: findings.map(({ file, line, severity, message }) => ({ file, line, body: `${severity}: ${message}` })),
  };
}
