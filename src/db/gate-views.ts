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

/** What reviewers found in a run, most severe first. */
export async function listFindings(tx: Tx, runId: string) {
  const rows = await tx
    .selectFrom('findings')
    .select(['step', 'item', 'attempt', 'rule', 'severity', 'message', 'file', 'line', 'fix', 'commit'])
    .where('run_id', '=', runId)
    .orderBy((eb) => eb.fn('array_position', [eb.val(['critical', 'high', 'medium', 'low', 'info']), 'severity']))
    .orderBy('position')
    .execute();
  return rows.map(({ step, item, attempt, ...view }) => ({ of: key({ step, item, attempt }), view }));
}

export const attemptKey = key;
