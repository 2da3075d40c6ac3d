import { tellEnd } from '../domain/command-failure.js';
import { failureCause } from '../domain/failure-cause.js';
import { HUNG, type Finding, type GateResult, type GateSpec, type Severity } from '../domain/gate.js';
import { lastLines } from '../domain/output-lines.js';
import { PREVENTIVE_ENVIRONMENT, withPreventiveFlags } from '../domain/preventive-flags.js';
import { clocksOf } from '../sandbox/clocks.js';
import type { CommandResult } from '../sandbox/command.js';
import { NOT_FOUND, tellMissingTool } from '../sandbox/toolchains/tell-missing-tool.js';
import { readInside } from '../sandbox/read-inside.js';
import type { GateContext } from './gate.js';
import { ReadableGoTest } from './readable-go-test.js';
import { redefinedScripts, scriptsOf } from './redefined-scripts.js';

/** Of what a command prints, as much is read for what it found. */
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/** The exit code of a shell that finds a program that it cannot run. */
const NOT_EXECUTABLE = 126;

export interface GateCommand {
  readonly command: string;
  readonly timeout: number;
  /** Silence after which it counts as hung; null: never. Default: half of `timeout`. */
  readonly silence?: number | null | undefined;
  /** Whether it prints the events of `go test -json`, which people read as lines of a log. */
  readonly goJson?: boolean | undefined;
}

type CommandRun =
  | { readonly ran: CommandResult; readonly brokenOff: null }
  /** It did not come to its own end: the ready result. */
  | { readonly ran: null; readonly brokenOff: GateResult };

/** Runs a repository's own command in its worktree, where it is what the default branch says that it is. */
export async function runCommand(
  gate: GateSpec['kind'],
  { command, timeout, silence, goJson = false }: GateCommand,
  context: GateContext,
): Promise<CommandRun> {
  const redefined = redefinedScripts(command, context.definitions);
  if (redefined.length > 0) return { ran: null, brokenOff: isRedefined(gate, command, redefined, context) };
  const flagged = withPreventiveFlags(command, await scriptsBeside(context));
  if (flagged !== command) await context.log(Buffer.from(`— run as ${flagged} —\n`));
  const readable = goJson ? new ReadableGoTest(context.log) : null;
  const executed = await context.execute(
    {
      argv: ['/bin/sh', '-c', flagged],
      env: { ...PREVENTIVE_ENVIRONMENT, npm_config_offline: 'true' },
      timeoutMs: timeout,
      clocks: clocksOf(timeout, silence),
      signal: context.signal,
      maxOutputBytes: MAX_OUTPUT_BYTES,
      onOutput: (stream, chunk) => (readable ? readable.take(stream, chunk) : context.log(chunk)),
      onNotice: ({ what }) => void context.log(Buffer.from(`\n— ${gate} ${what} —\n`)),
    },
    context.policy,
  );
  const ran = readable ? { ...executed, tail: await readable.end() } : executed;
  const brokenOff = whyBrokenOff(gate, command, ran, context);
  return brokenOff ? { ran: null, brokenOff } : { ran, brokenOff: null };
}

const MAX_PACKAGE_BYTES = 1024 * 1024;

async function scriptsBeside({ policy }: GateContext): Promise<Readonly<Record<string, string>>> {
  // One that cannot be read says nothing; what the command makes of it, the gate tells.
  const file = await readInside(policy.workspace.path, 'package.json', MAX_PACKAGE_BYTES).catch(() => null);
  return scriptsOf(file?.toString('utf8') ?? null) ?? {};
}

/** A script that the change itself wrote proves nothing of the change. */
const isRedefined = (
  gate: GateSpec['kind'],
  command: string,
  redefined: readonly string[],
  context: GateContext,
): GateResult => ({
  ...facts(gate, command, null, context),
  summary: `the change redefines what \`${command}\` runs: ${redefined.join(', ')}`,
  verdict: 'inconclusive',
  mend: `Leave ${redefined.length === 1 ? 'it as it is' : 'them as they are'}, or let people land that part on the default branch first; then rerun.`,
});

/** A change can make a command wait for ever, so the agent is told of it as of any failure. */
function hung(gate: GateSpec['kind'], command: string, ran: CommandResult, context: GateContext): GateResult {
  const summary = `the command \`${command}\` ${tellEnd(ran)}`;
  const known = { ...facts(gate, command, ran, context), summary };
  const fix = `If it is only slow, give ${gate} more \`silence\` in .baton/repository.yaml.`;
  const [finding] = foundOrTail({ ...known, gate }, [], 'high');
  return { ...known, verdict: 'fail', hung: true, findings: [{ ...finding!, rule: HUNG, fix }] };
}

function whyBrokenOff(
  gate: GateSpec['kind'],
  command: string,
  ran: CommandResult,
  context: GateContext,
): GateResult | null {
  const unclear = (summary: string, mend: string): GateResult => ({
    ...facts(gate, command, ran, context),
    summary,
    verdict: 'inconclusive',
    mend,
  });
  switch (ran.outcome) {
    case 'timed-out':
      return unclear(
        `the command \`${command}\` ${tellEnd(ran)}`,
        `Give ${gate} a longer timeout in .baton/repository.yaml, or make it faster.`,
      );
    case 'hung':
      return hung(gate, command, ran, context);
    case 'cancelled':
      return unclear('the check was cancelled', 'Run it again.');
    case 'out-of-memory':
      return unclear('the command used too much memory', 'Make it use less, for example fewer processes at once.');
    case 'disk-limit':
      return unclear('the command filled its disk space', 'Make it leave less in the worktree and in its home.');
    case 'output-limit':
      return unclear('the command printed without end', 'Make it print less.');
    case 'exited':
      if (ran.exitCode === NOT_FOUND || ran.exitCode === NOT_EXECUTABLE) {
        return unclear(
          `the command could not be run: ${lastLines(ran.tail, { lines: 1, characters: 300 }) || 'it printed nothing'}`,
          (ran.exitCode === NOT_FOUND ? tellMissingTool(ran.tail) : null) ??
            `Is \`${command}\` installed by the repository's set-up command? See the log.`,
        );
      }
      return null;
  }
}

/** The exit code of a failed check, and the cause where its output says one: `exit code 1: npm: E404: …`. */
export function exitAndCause({ exitCode, tail }: CommandResult): string {
  const cause = failureCause(tail);
  return `exit code ${exitCode}${cause === null ? '' : `: ${cause}`}`;
}

/** What every result says of the command that was run. */
export function facts(gate: GateSpec['kind'], command: string | null, ran: CommandResult | null, context: GateContext) {
  return {
    gate,
    commit: context.commit,
    command,
    exitCode: ran?.exitCode ?? null,
    tail: ran?.tail ?? '',
    logArtifact: null,
    findings: [],
    durationMs: ran?.durationMs ?? 0,
  };
}

/** What was found; of a failure that Baton cannot read, the end of what was printed, so that it has at least one. */
export const foundOrTail = (
  { gate, summary, tail }: Pick<GateResult, 'gate' | 'summary' | 'tail'>,
  found: readonly Finding[],
  severity: Severity,
): readonly Finding[] =>
  found.length > 0
    ? found
    : [{ rule: gate, severity, message: `${summary}\n${tail}`.trimEnd(), file: null, line: null, fix: null }];

/** The repository says nothing of this check. */
export const noCommand = (gate: GateSpec['kind'], key: string, context: GateContext): GateResult => ({
  ...facts(gate, null, null, context),
  summary: `the repository names no ${key} command`,
  verdict: 'inconclusive',
  mend: `Set ${key}.command in .baton/repository.yaml on the default branch.`,
});
