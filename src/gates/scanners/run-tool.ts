import type { ToolReport } from '../../domain/scan.js';
import { clocksOf } from '../../sandbox/clocks.js';
import type { CommandResult } from '../../sandbox/command.js';
import type { ReadOnlyBind } from '../../sandbox/policy.js';
import type { ScanContext } from './scanner.js';

const TIMEOUT_MS = 10 * 60_000;
/** A report that is longer is cut, and then says nothing that could be relied on. */
const MAX_REPORT_BYTES = 32 * 1024 * 1024;

interface ToolCommand {
  readonly tool: string;
  readonly argv: readonly string[];
  /** Default: the checkout. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Files of the host that it needs, shown where they lie. */
  readonly needs: readonly string[];
  /** What it exits with when it worked, whether it found something or not. */
  readonly exitCodes: readonly number[];
  readonly network?: boolean;
}

type ToolRun =
  { readonly ran: CommandResult; readonly failed: null } | { readonly ran: null; readonly failed: ToolReport };

/** Runs a scanner in the sandbox to an end that it can have when all went well; otherwise it is inconclusive. */
export async function runTool(command: ToolCommand, context: ScanContext): Promise<ToolRun> {
  const { tool, argv, needs, cwd, env, network = false } = command;
  const ran = await context.execute(
    {
      argv,
      ...(cwd !== undefined && { cwd }),
      env: { CI: 'true', NO_COLOR: '1', npm_config_update_notifier: 'false', ...env },
      timeoutMs: TIMEOUT_MS,
      maxOutputBytes: MAX_REPORT_BYTES,
      signal: context.signal,
      clocks: clocksOf(TIMEOUT_MS),
      onOutput: (stream, chunk) => (stream === 'stderr' ? context.log(chunk) : undefined),
      onNotice: ({ what }) => void context.log(Buffer.from(`\n— ${tool} ${what} —\n`)),
    },
    {
      ...context.policy,
      network: network ? 'host' : 'none',
      readOnly: [...(context.policy.readOnly ?? []), ...needs.map(shownAsItLies)],
    },
  );
  context.signal.throwIfAborted();
  if (ran.outcome !== 'exited')
    return {
      ran: null,
      failed: unclear(tool, `it ended as ${ran.outcome}`, 'Scan a smaller repository, or give the worker more memory.'),
    };
  if (!command.exitCodes.includes(ran.exitCode ?? -1)) {
    const said = ran.tail.trim().slice(-300);
    return {
      ran: null,
      failed: unclear(tool, `it failed with exit code ${ran.exitCode}: ${said}`, "See the step's log."),
    };
  }
  if (ran.stdoutCut)
    return {
      ran: null,
      failed: unclear(tool, 'its report is longer than Baton reads', 'Keep generated files out of the repository.'),
    };
  return { ran, failed: null };
}

/** Paths are the same inside and outside, so that a command line is right in either. */
const shownAsItLies = (path: string): ReadOnlyBind => ({ source: path, target: path });

export const unclear = (
  tool: string,
  why: string,
  mend: string,
  findings: ToolReport['findings'] = [],
): ToolReport => ({
  tool,
  findings,
  inconclusive: { why, mend },
});
