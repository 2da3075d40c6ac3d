import { BatonError } from '../domain/errors.js';
import type { GateSpec } from '../domain/gate.js';
import type { CommandResult } from '../sandbox/command.js';
import { readInside } from '../sandbox/read-inside.js';
import { facts, noCommand, runCommand } from './command-gate.js';
import type { Gate, GateContext } from './gate.js';
import { parseLcov } from './reports/lcov.js';

const MAX_REPORT_BYTES = 64 * 1024 * 1024;
const REMOVE_MS = 60_000;

/** The repository's own coverage command passes, and its lcov report shows enough lines covered. */
export const coverage: Gate<Extract<GateSpec, { kind: 'coverage' }>> = async ({ minimumPercent }, context) => {
  const { coverage: configured } = context.config;
  if (!configured) return noCommand('coverage', 'coverage', context);
  const left = await removeReport(configured.report, context);
  if (left) return { ...facts('coverage', configured.command, left, context), ...notRemoved(configured.report) };
  const { ran, inconclusive } = await runCommand('coverage', configured, context);
  if (inconclusive) return inconclusive;
  const known = facts('coverage', configured.command, ran, context);
  if (ran.exitCode !== 0)
    return { ...known, summary: `the coverage command fails with exit code ${ran.exitCode}`, verdict: 'fail' };

  const report = await readReport(context.policy.workspace.path, configured.report);
  if (typeof report !== 'string')
    return { ...known, summary: report.summary, verdict: 'inconclusive', mend: report.mend };
  const { covered, total } = parseLcov(report);
  if (total === 0) {
    return {
      ...known,
      summary: `${configured.report} reports no lines`,
      verdict: 'inconclusive',
      mend: `Make \`${configured.command}\` write an lcov report to ${configured.report}.`,
    };
  }
  const percent = Math.floor((covered / total) * 1000) / 10;
  const enough = (covered / total) * 100 >= minimumPercent;
  return {
    ...known,
    summary: `${percent} % of lines covered (${covered} of ${total}), at least ${minimumPercent} % asked for`,
    verdict: enough ? 'pass' : 'fail',
  };
};

/**
 * A report that lies there already proves nothing: the gates before this one ran the change's own code. In the sandbox:
 * the path to it may be a link. Null when nothing is there any more, otherwise what was said.
 */
async function removeReport(report: string, { execute, policy, signal }: GateContext): Promise<CommandResult | null> {
  const ran = await execute({ argv: ['rm', '-rf', '--', report], timeoutMs: REMOVE_MS, signal }, policy);
  return ran.outcome === 'exited' && ran.exitCode === 0 ? null : ran;
}

const notRemoved = (report: string) =>
  ({
    summary: `${report} is there before the command, and cannot be removed`,
    verdict: 'inconclusive',
    mend: `Let nothing but the coverage command write ${report}, nor guard its folder.`,
  }) as const;

async function readReport(root: string, path: string): Promise<string | { summary: string; mend: string }> {
  try {
    const report = await readInside(root, path, MAX_REPORT_BYTES);
    return (
      report?.toString('utf8') ?? {
        summary: `there is no ${path} after the command`,
        mend: `Set coverage.report in .baton/repository.yaml to where the lcov report is written.`,
      }
    );
  } catch (error) {
    if (error instanceof BatonError)
      return { summary: `${path} cannot be read: ${error.message}`, mend: `Write a plain lcov file to ${path}.` };
    throw error;
  }
}
