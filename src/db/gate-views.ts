import { SEVERITIES } from '../domain/findings.js';
import type { Tx } from './connection.js';

const key = ({ step, item, attempt }: { step: string; item: number | null; attempt: number }) =>
  `${step}/${item ?? ''}/${attempt}`;

export type GateView = Awaited<ReturnType<typeof listGates>>[number]['view'];
export type FindingView = Awaited<ReturnType<typeof listFindings>>[number]['view'];

/** The gate results of a run, oldest first, each with the attempt that it is of. */
export async function listGates(tx: Tx, runId: string) {
  const rows = await tx
    .selectFrom('gate_results')
    .select(['step', 'item', 'attempt', 'gate', 'commit', 'verdict', 'summary', 'result', 'created_at as at'])
    .where('run_id', '=', runId)
    .orderBy('created_at')
    .orderBy('gate')
    .execute();
  return rows.map(({ result, step, item, attempt, ...row }) => ({
    of: key({ step, item, attempt }),
    view: {
      ...row,
      mend: result.verdict === 'inconclusive' ? result.mend : null,
      command: result.command,
      exitCode: result.exitCode,
      tail: result.tail,
      logArtifact: result.logArtifact,
      durationMs: result.durationMs,
    },
  }));
}

/** How many findings of one gate are shown with its run; all of them have a page of their own. */
const SHOWN_OF_A_GATE = 50;

/** What reviewers and gates found in a run, most severe first. */
export async function listFindings(tx: Tx, runId: string) {
  const rows = await tx
    .selectFrom('findings')
    .select(['step', 'item', 'attempt', 'gate', 'rule', 'severity', 'message', 'file', 'line', 'fix', 'commit'])
    .where('run_id', '=', runId)
    .where((eb) => eb.or([eb('gate', 'is', null), eb('position', '<', SHOWN_OF_A_GATE)]))
    .orderBy((eb) => eb.fn('array_position', [eb.val([...SEVERITIES]), 'severity']))
    .orderBy('gate', (order) => order.asc().nullsFirst())
    .orderBy('position')
    .execute();
  return rows.map(({ step, item, attempt, ...view }) => ({ of: key({ step, item, attempt }), view }));
}

export const attemptKey = key;
