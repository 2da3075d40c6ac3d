import { BatonError } from '../domain/errors.js';
import type { CommandResult } from '../sandbox/command.js';
import { readInside } from '../sandbox/read-inside.js';
import type { GateContext } from './gate.js';

const MAX_REPORT_BYTES = 64 * 1024 * 1024;
const REMOVE_MS = 60_000;
/** Their paths have to fit into one command. */
const REMOVED_AT_ONCE = 200;

/**
 * A report that lies there already proves nothing: the gates before this one ran the change's own code. In the sandbox:
 * the path to it may be a link. Null when nothing is there any more, otherwise what was said.
 */
export async function removeReports(
  reports: readonly string[],
  { execute, policy, signal }: GateContext,
): Promise<CommandResult | null> {
  for (let at = 0; at < reports.length; at += REMOVED_AT_ONCE) {
    const some = reports.slice(at, at + REMOVED_AT_ONCE);
    const ran = await execute({ argv: ['rm', '-rf', '--', ...some], timeoutMs: REMOVE_MS, signal }, policy);
    if (ran.outcome !== 'exited' || ran.exitCode !== 0) return ran;
  }
  return null;
}

/** What to say of a report that cannot be removed. */
export const notRemoved = (report: string, command: string) =>
  ({
    summary: `${report} is there before the command, and cannot be removed`,
    verdict: 'inconclusive',
    mend: `Let nothing but the ${command} command write ${report}, nor guard its folder.`,
  }) as const;

export type ReportRead =
  | { readonly kind: 'read'; readonly text: string }
  | { readonly kind: 'missing' }
  /** It is no plain file of the worktree, or too large. */
  | { readonly kind: 'refused'; readonly why: string };

/** Reads the report that a command has written, where it is a plain file of the worktree. */
export async function readReport({ policy, onRefused }: GateContext, path: string): Promise<ReportRead> {
  try {
    const report = await readInside(policy.workspace.path, path, MAX_REPORT_BYTES);
    return report ? { kind: 'read', text: report.toString('utf8') } : { kind: 'missing' };
  } catch (error) {
    if (!(error instanceof BatonError)) throw error;
    onRefused?.(error.message);
    return { kind: 'refused', why: error.message };
  }
}
