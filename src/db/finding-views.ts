import { SEVERITIES } from '../domain/findings.js';
import type { Tx } from './connection.js';
import { decodeCursor, pageOf, type Page, type PageRequest } from './cursor.js';

const LIST = 'findings';

export type RunFindingView = Awaited<ReturnType<typeof selectFindings>>[number];

/** One page of what the gates, scanners and reviewers of a run found, most severe first. */
export async function listRunFindings(
  tx: Tx,
  runId: string,
  { cursor, limit }: PageRequest,
): Promise<Page<RunFindingView>> {
  const start = Number(decodeCursor(LIST, 'number', cursor) ?? 0);
  const rows = await selectFindings(tx, runId, { start, limit: limit + 1 });
  return pageOf(LIST, rows, limit, () => start + limit);
}

/** By its whole key, so that a page begins where the one before it ended. */
export const selectFindings = (tx: Tx, runId: string, { start, limit }: { start: number; limit: number }) =>
  tx
    .selectFrom('findings')
    .select(['step', 'item', 'attempt', 'gate', 'commit', 'rule', 'severity', 'message', 'file', 'line', 'fix'])
    .where('run_id', '=', runId)
    .orderBy((eb) => eb.fn('array_position', [eb.val([...SEVERITIES]), 'severity']))
    .orderBy('step')
    .orderBy('item')
    .orderBy('attempt')
    .orderBy('gate')
    .orderBy('commit')
    .orderBy('position')
    .offset(start)
    .limit(limit)
    .execute();
