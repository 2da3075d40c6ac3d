import { summariseChecks, writeCompliance, type ReportedCompliance } from './compliance-report.js';
import { describeCoverage, scanTitle, type ScanCoverage } from './coverage.js';
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

/** What a report is about. */
export interface Reported {
  readonly scans: readonly ReportedScan[];
  /** Findings that are of no scan. */
  readonly others: readonly Finding[];
  readonly compliance: readonly ReportedCompliance[];
  readonly coverage: ScanCoverage;
}

/** A line for people: what was found, in how much, and what nobody knows; how far standards are kept. */
export function summariseReport({ scans, others, compliance, coverage }: Reported): string {
  const isChecksOnly = compliance.length > 0 && scans.length + others.length === 0;
  const unseen = describeCoverage(coverage);
  return [
    ...(compliance.length > 0 ? [summariseChecks(compliance)] : []),
    ...(isChecksOnly ? [] : [summariseFindings(scans, others)]),
    ...(unseen === null ? [] : [unseen]),
  ].join('; ');
}

function summariseFindings(scans: readonly ReportedScan[], others: readonly Finding[]): string {
  const findings = [...scans.flatMap((scan) => scan.findings), ...others];
  const repositories = new Set(scans.map(({ repository }) => repository)).size;
  const where =
    scans.length === 0
      ? ''
      : ` in ${counted(scans.length, 'scan')} of ${counted(repositories, 'repository', 'repositories')}`;
  return `${describeCounts(countBySeverity(findings))}${where}`;
}

const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

export function writeReport(title: string, reported: Reported): ReportBlock[] {
  const { scans, others, compliance, coverage } = reported;
  return [
    { kind: 'title', text: title },
    { kind: 'text', text: `${summariseReport(reported)}.` },
    ...writeGaps(coverage),
    ...writeCompliance(compliance),
    ...scans.flatMap((scan) => writeScan(scan)),
    ...(others.length > 0 ? [{ kind: 'heading', text: 'Further findings' } as const, ...others.map(writeFinding)] : []),
  ];
}

/** All that could not be looked at, with how to fix it: the summary names ten. */
function writeGaps({ gaps }: ScanCoverage): ReportBlock[] {
  if (gaps.length === 0) return [];
  const lines = gaps.map(({ repository, scan, why, fix }): ReportBlock => ({
    kind: 'text',
    text: `${repository}, ${scanTitle(scan)}: ${why}. To fix it: ${fix}`,
  }));
  return [{ kind: 'heading', text: 'Could not be looked at' }, ...lines];
}

function writeScan(scan: ReportedScan): ReportBlock[] {
  const { repository, gate, commit, result, findings } = scan;
  return [
    { kind: 'heading', text: `${repository}: ${gate}` },
    { kind: 'text', text: `${result.verdict} at ${commit.slice(0, 10)}: ${result.summary}` },
    ...findings.map(writeFinding),
  ];
}
