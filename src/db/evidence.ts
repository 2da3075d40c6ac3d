import { SEVERITIES } from '../domain/findings.js';
import type { Tx } from './connection.js';
import { listFindings, listGates, type FindingView, type GateView } from './gate-views.js';

export interface Evidence {
  /** Newest result of each gate of each step, oldest first. */
  readonly gates: readonly GateView[];
  /** Most severe first. */
  readonly findings: readonly FindingView[];
}

/** What speaks for and against the change of a run. Of steps that a rerun took over, what the run before found. */
export async function evidenceOf(tx: Tx, runId: string): Promise<Evidence> {
  const { gates, findings } = await standing(tx, runId);
  const views = findings.map(({ view }) => view);
  return {
    gates: gates.map(({ view }) => view),
    findings: views.toSorted((one, other) => SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity)),
  };
}

/** Findings that stand, each with the step that it is of. */
export async function standingFindings(
  tx: Tx,
  runId: string,
): Promise<readonly (FindingView & { readonly step: string })[]> {
  const { findings } = await standing(tx, runId);
  return findings.map(({ of, view }) => ({ ...view, step: of.slice(0, of.indexOf('/')) }));
}

async function standing(tx: Tx, runId: string): Promise<Collected> {
  const { gates, findings } = await collect(tx, runId);
  const gateOf = (of: string, gate: string) => `${of.split('/', 2).join('/')}/${gate}`;
  const newest = new Map(gates.map((gate) => [gateOf(gate.of, gate.view.gate), gate]));
  // What an earlier commit was found to have is mended by now.
  const stands = ({ of, view }: Collected['findings'][number]) => {
    if (view.gate === null) return true;
    const last = newest.get(gateOf(of, view.gate));
    return last?.of === of && last.view.commit === view.commit;
  };
  return { gates: [...newest.values()], findings: findings.filter(stands) };
}

interface Collected {
  readonly gates: Awaited<ReturnType<typeof listGates>>;
  readonly findings: Awaited<ReturnType<typeof listFindings>>;
}

async function collect(tx: Tx, runId: string): Promise<Collected> {
  const own = { gates: await listGates(tx, runId), findings: await listFindings(tx, runId) };
  const run = await tx.selectFrom('runs').select('rerun_of').where('id', '=', runId).executeTakeFirstOrThrow();
  if (run.rerun_of === null) return own;
  const earlier = await collect(tx, run.rerun_of);
  const takenOver = await stepsWithoutAttempts(tx, runId);
  const isTakenOver = ({ of }: { of: string }) => takenOver.has(of.slice(0, of.indexOf('/')));
  return {
    gates: [...earlier.gates.filter(isTakenOver), ...own.gates],
    findings: [...earlier.findings.filter(isTakenOver), ...own.findings],
  };
}

/** Agents' steps that are done although no agent worked at them in this run. */
async function stepsWithoutAttempts(tx: Tx, runId: string): Promise<ReadonlySet<string>> {
  const rows = await tx
    .selectFrom('steps as s')
    .leftJoin('attempts as t', (join) => join.onRef('t.run_id', '=', 's.run_id').onRef('t.step', '=', 's.step'))
    .select('s.step')
    .where('s.run_id', '=', runId)
    .where('s.status', '=', 'succeeded')
    .where('t.id', 'is', null)
    .execute();
  return new Set(rows.map(({ step }) => step));
}
