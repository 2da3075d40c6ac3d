import type { Log, ReportingDescriptor, Result, Run } from 'sarif';
import type { RunFindingView } from '../db/finding-views.js';
import type { Severity } from '../domain/gate.js';

/** https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
const LEVELS: Readonly<Record<Severity, Result.level>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
};
/** As code scanners read it: 0–10, CVSS's bands. */
const SECURITY_SEVERITY: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.0',
  info: '0.0',
};

interface SarifOf {
  readonly run: number;
  readonly findings: readonly RunFindingView[];
  /** Whether there are more than these. */
  readonly cut: boolean;
}

/** What a run found, in SARIF 2.1.0: one run of it for each gate, and one for the reviewers. */
export function toSarif({ run, findings, cut }: SarifOf): Log {
  const tools = new Map<string, RunFindingView[]>();
  for (const finding of findings) {
    const tool = finding.gate ?? 'review';
    tools.set(tool, [...(tools.get(tool) ?? []), finding]);
  }
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [...tools].map(([tool, found]) => runOf(run, tool, found)),
    ...(cut && { properties: { cut } }),
  };
}

function runOf(run: number, tool: string, findings: readonly RunFindingView[]): Run {
  const ids = [...new Set(findings.map(({ rule }) => rule))];
  const rules = ids.map((id): ReportingDescriptor => ({ id }));
  const places = new Map(ids.map((id, index) => [id, index]));
  return {
    tool: { driver: { name: `Baton ${tool}`, rules } },
    automationDetails: { id: `baton/run/${run}/${tool}` },
    columnKind: 'utf16CodeUnits',
    results: findings.map((finding) => resultOf(finding, places.get(finding.rule)!)),
  };
}

function resultOf(
  { rule, severity, message, file, line, fix, step, item, attempt, commit }: RunFindingView,
  ruleIndex: number,
): Result {
  return {
    ruleId: rule,
    ruleIndex,
    level: LEVELS[severity],
    message: { text: fix === null ? message : `${message}\n\n${fix}` },
    ...(file !== null && {
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: uriOf(file), uriBaseId: '%SRCROOT%' },
            ...(line !== null && { region: { startLine: line } }),
          },
        },
      ],
    }),
    properties: {
      severity,
      'security-severity': SECURITY_SEVERITY[severity],
      step,
      ...(item !== null && { item }),
      attempt,
      commit,
    },
  };
}

/** Relative, whatever characters it has. */
const uriOf = (path: string): string => path.split('/').map(encodeURIComponent).join('/');
