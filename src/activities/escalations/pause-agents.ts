import { appendAudit } from '../../db/audit.js';
import { SYSTEM } from '../../db/events.js';
import type { Tx } from '../../db/connection.js';

/** Agents get no new step from now on; what they are at they finish. Returns the names of those that were paused. */
export async function pauseAgents(
  tx: Tx,
  organisationId: string,
  ids: readonly string[],
  why: string,
): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  const paused = await tx
    .updateTable('agents')
    .set({ status: 'paused' })
    .where('id', 'in', [...ids])
    .where('status', '<>', 'paused')
    .returning('name')
    .execute();
  const names = paused.map(({ name }) => name).sort();
  for (const name of names)
    await appendAudit(tx, {
      organisationId,
      actor: SYSTEM,
      action: 'agent.pause',
      resource: `agent:${name}`,
      details: { why },
      outcome: 'success',
    });
  return names;
}
