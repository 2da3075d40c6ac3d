import { BatonError } from '../domain/errors.js';
import type { GateSpec } from '../domain/gate.js';
import { judgePatch, type LineCoverage } from '../domain/patch-coverage.js';
import { exitAndCause, facts, foundOrTail, noCommand, runCommand } from './command-gate.js';
import type { Gate, GateContext } from './gate.js';
import { notRemoved, readReport, removeReports } from './report-file.js';
import { parseCobertura } from './reports/cobertura.js';
import { parseGoCover } from './reports/go-cover.js';
import { parseLcov } from './reports/lcov.js';

/**
 * The repository's own coverage command passes, and its report (lcov, Cobertura or Go's own) shows enough lines covered. Where
 * the repository asks for it, a change on too little coverage is judged by the lines that it adds.
 */
export const coverage: Gate<Extract<GateSpec, { kind: 'coverage' }>> = async ({ minimumPercent }, context) => {
  const { coverage: configured } = context.config;
  if (!configured) return noCommand('coverage', 'coverage', context);
  const left = await removeReports([configured.report], context);
  if (left)
    return { ...facts('coverage', configured.command, left, context), ...notRemoved(configured.report, 'coverage') };
  const { ran, brokenOff } = await runCommand('coverage', configured, context);
  if (brokenOff) return brokenOff;
  const known = facts('coverage', configured.command, ran, context);
  if (ran.exitCode !== 0) {
    const summary = `the coverage command fails with ${exitAndCause(ran)}`;
    return { ...known, summary, verdict: 'fail', findings: foundOrTail({ ...known, summary }, [], 'high') };
  }

  const report = await readCoverage(context, configured.report);
  if ('summary' in report) return { ...known, ...report, verdict: 'inconclusive' };
  const { covered, total } = report;
  if (total === 0) {
    return {
      ...known,
      summary: `${configured.report} reports no lines`,
      verdict: 'inconclusive',
      mend: `Make \`${configured.command}\` write an lcov, Cobertura or Go report to ${configured.report}.`,
    };
  }
  const percent = Math.floor((covered / total) * 1000) / 10;
  const enough = (covered / total) * 100 >= minimumPercent;
  const whole = `${percent} % of lines covered (${covered} of ${total}), at least ${minimumPercent} % asked for`;
  if (enough) return { ...known, summary: whole, verdict: 'pass', lines: report };
  const before = configured.patch ? await context.coverageBase() : null;
  const patch = before && judgePatch(before, report, minimumPercent);
  const summary = patch ? `${whole}; ${patch.summary}` : whole;
  if (patch?.isEnough) return { ...known, summary, verdict: 'pass' };
  const tooLow = { rule: 'coverage', severity: 'medium', message: summary, file: null, line: null, fix: null } as const;
  return { ...known, summary, verdict: 'fail', findings: [tooLow] };
};

interface Unreadable {
  readonly summary: string;
  readonly mend: string;
}

async function readCoverage(context: GateContext, path: string): Promise<LineCoverage | Unreadable> {
  const report = await readReport(context, path);
  const mend = `Write a plain lcov, Cobertura or Go coverage file to ${path}.`;
  switch (report.kind) {
    case 'missing':
      return {
        summary: `there is no ${path} after the command`,
        mend: `Set coverage.report in .baton/repository.yaml to where the lcov, Cobertura or Go report is written.`,
      };
    case 'refused':
      return { summary: `${path} cannot be read: ${report.why}`, mend };
    case 'read':
      try {
        if (/^\s*</.test(report.text)) return await parseCobertura(report.text);
        return report.text.startsWith('mode: ') ? parseGoCover(report.text) : parseLcov(report.text);
      } catch (error) {
        if (error instanceof BatonError) return { summary: `${path} ${error.message}`, mend };
        throw error;
      }
  }
}
