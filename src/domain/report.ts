import { summariseChecks, writeCompliance, type ReportedCompliance } from './compliance-report.js';
import type { Finding, GateResult } from './gate.js';
import { writeFinding, type ReportBlock } from './report-block.js';
import { countBySeverity, describeCounts } from './scan.js';

/** What one scan of a repository says, for a report. */
export interface ReportedScan {
  readonly gate: string;
  readonly repository: string;
  readonly commit: string;
  readonly result: Pick<GateResult, 'summary' | 'partial'> &
    ({ readonly verdict: 'pass' | 'fail' } | { readonly verdict: 'inconclusive'; readonly mend: string });
  readonly findings: readonly Finding[];
}

/** What would make a scan whole; null: it is. */
export const mendOf = ({ result }: Pick<ReportedScan, 'result'>): string | null =>
  result.verdict === 'inconclusive' ? result.mend : (result.partial ?? null);

/** Repositories that one line names. */
const MAX_NAMES = 10;

/** A line for people: what was found, in how much, and what nobody knows; how far standards are kept. */
export function summariseReport(
  scans: readonly ReportedScan[],
  others: readonly Finding[],
  compliance: readonly ReportedCompliance[] = [],
): string {
  if (compliance.length === 0) return summariseFindings(scans, others);
  const checks = summariseChecks(compliance);
  return scans.length + others.length === 0 ? checks : `${checks}; ${summariseFindings(scans, others)}`;
}

function summariseFindings(scans: readonly ReportedScan[], others: readonly Finding[]): string {
  const findings = [...scans.flatMap((scan) => scan.findings), ...others];
  const repositories = new Set(scans.map(({ repository }) => repository)).size;
  const unclear = [
    ...new Set(scans.filter((scan) => mendOf(scan) !== null).map(({ repository }) => repository)),
  ].sort();
  const where =
    scans.length === 0
      ? ''
      : ` in ${counted(scans.length, 'scan')} of ${counted(repositories, 'repository', 'repositories')}`;
  const more = unclear.length > MAX_NAMES ? ` and ${unclear.length - MAX_NAMES} more` : '';
  const doubt =
    unclear.length === 0
      ? ''
      : `; ${unclear.length} of ${counted(repositories, 'repository', 'repositories')} could not be looked at completely: ${unclear.slice(0, MAX_NAMES).join(', ')}${more}`;
  return `${describeCounts(countBySeverity(findings))}${where}${doubt}`;
}

const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

export function writeReport(
  title: string,
  scans: readonly ReportedScan[],
  others: readonly Finding[],
  compliance: readonly ReportedCompliance[] = [],
): ReportBlock[] {
  return [
    { kind: 'title', text: title },
    { kind: 'text', text: `${summariseReport(scans, others, compliance)}.` },
    ...writeCompliance(compliance),
    ...scans.flatMap((scan) => writeScan(scan)),
    ...(others.length > 0 ? [{ kind: 'heading', text: 'Further findings' } as const, ...others.map(writeFinding)] : []),
  ];
}

function writeScan(scan: ReportedScan): ReportBlock[] {
  const { repository, gate, commit, result, findings } = scan;
  const mend = mendOf(scan);
  return [
    { kind: 'heading', text: `${repository}: ${gate}` },
    { kind: 'text', text: `${result.verdict} at ${commit.slice(0, 10)}: ${result.summary}` },
    ...(mend === null ? [] : [{ kind: 'text', text: `Inconclusive. To mend it: ${mend}` } as const]),
    ...findings.map(writeFinding),
  ];
}
