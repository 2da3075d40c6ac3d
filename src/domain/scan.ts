import { blocks, type Finding, type Severity } from './gate.js';

/** What a scanner found. `anchor` is what stays the same of it when lines move; null: the text of its line. */
export interface ScanFinding extends Finding {
  readonly anchor: string | null;
}

/** What one tool says of a tree. Tools fail open: without a proof that it looked, its silence says nothing. */
export type ToolReport =
  | {
      readonly tool: string;
      readonly findings: readonly ScanFinding[];
      /** What shows that it looked, and how old what it knows is. */
      readonly proof: string;
      readonly inconclusive: null;
    }
  | {
      readonly tool: string;
      readonly findings: readonly ScanFinding[];
      readonly inconclusive: { readonly why: string; readonly mend: string };
    };

export type ScanVerdict = { readonly summary: string } & (
  | { readonly verdict: 'pass' }
  /** `partial`: what would fix the part of it that is inconclusive, `why`: what its tools could not do. */
  | { readonly verdict: 'fail'; readonly partial?: string; readonly why?: string }
  | { readonly verdict: 'inconclusive'; readonly mend: string; readonly why: string }
);

/**
 * What the tools of a scan say together. Something that blocks is a fail whoever found it; a pass takes all tools.
 *
 * @param findings of all of them, each once.
 */
export function judgeScan(
  reports: readonly ToolReport[],
  findings: readonly Finding[],
  failOn: Severity | 'never',
): ScanVerdict {
  const found = describeCounts(countBySeverity(findings));
  const unclear = reports.flatMap(({ tool, inconclusive }) => (inconclusive ? [{ tool, ...inconclusive }] : []));
  const doubts = unclear.map(({ tool, why }) => `${tool}: ${why}`).join('; ');
  const mend = [...new Set(unclear.map((doubt) => doubt.mend))].join(' ');
  const why = unclear.map(({ tool, why: reason }) => asSentence(tool, reason)).join('; ');
  const blocked = findings.some((finding) => blocks(finding, failOn));
  if (unclear.length > 0) {
    return blocked
      ? { verdict: 'fail', summary: `${found}; inconclusive: ${doubts}`, partial: mend, why }
      : { verdict: 'inconclusive', summary: `${doubts} (${found})`, mend, why };
  }
  if (blocked) return { verdict: 'fail', summary: found };
  return { verdict: 'pass', summary: `${found} by ${reports.map(({ tool }) => tool).join(', ')}` };
}

/** `it is not installed` of gitleaks as `gitleaks is not installed`. */
const asSentence = (tool: string, why: string): string =>
  why.startsWith('it ') ? `${tool} ${why.slice(3)}` : `${tool}: ${why}`;

export type SeverityCounts = Readonly<Record<Severity | 'total', number>>;

export function countBySeverity(findings: readonly Pick<Finding, 'severity'>[]): SeverityCounts {
  const counts = { critical: 0, high: 0, medium: 0, low: 0, info: 0, total: findings.length };
  for (const { severity } of findings) counts[severity] += 1;
  return counts;
}

/** `2 critical, 1 low`, or that there is nothing. */
export function describeCounts({ total, ...counts }: SeverityCounts): string {
  if (total === 0) return 'nothing found';
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => `${count} ${severity}`)
    .join(', ');
}
