import type { GateResult, ScanSpec } from '../domain/gate.js';
import { judgeScan, type ToolReport } from '../domain/scan.js';
import { scan } from './scan.js';
import type { ScanContext } from './scanners/scanner.js';

/** What kept programs find in a checkout. A pass takes the proof of each that it looked. */
export async function scanGate(spec: ScanSpec, commit: string, context: ScanContext): Promise<GateResult> {
  const startedAt = performance.now();
  const { reports, findings: found } = await scan(spec.kind, { ...context, network: spec.network });
  const findings = found
    .filter(({ severity }) => spec.only?.includes(severity) ?? true)
    .filter(({ file }) => spec.paths === undefined || (file !== null && spec.paths.includes(file)));
  const told = reports.map(tell).join('\n');
  await context.log(Buffer.from(`${told}\n`));
  return {
    gate: spec.kind,
    commit,
    command: null,
    exitCode: null,
    tail: told.slice(-2_000),
    logArtifact: null,
    findings,
    ...(spec.paths && { narrowed: true as const }),
    durationMs: Math.round(performance.now() - startedAt),
    ...judgeScan(reports, findings, spec.failOn),
  };
}

const tell = (report: ToolReport): string =>
  report.inconclusive
    ? `${report.tool}: inconclusive, ${report.inconclusive.why}. ${report.inconclusive.mend}`
    : `${report.tool}: ${report.findings.length} found (${report.proof})`;
