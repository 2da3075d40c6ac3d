import type { ChildProcess } from 'node:child_process';
import { setPriority } from 'node:os';
import { dirname, join, relative } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { BatonError } from '../domain/errors.js';
import { withAgentUid } from './agent-uid.js';
import { bubblewrapLaunch, MAPPED_UID, type Bubblewrap } from './bubblewrap.js';
import type { Command, CommandResult, Execute } from './command.js';
import { findBubblewrap } from './find-bubblewrap.js';
import { EXECUTION_MARK, marked } from './execution-mark.js';
import { HostTree } from './host-tree.js';
import { ControlGroup, type ControlGroups } from './limits/control-group.js';
import { findControlGroups } from './limits/find-control-groups.js';
import { guardLimits } from './limits/guard-limits.js';
import { exceeded } from './limits/limits.js';
import { withWayOut } from './network/way-out.js';
import { whileOwnedBy } from './ownership.js';
import { AGENT_HOME, WORKSPACE, type SandboxedPolicy } from './policy.js';
import type { ProcessTree } from './process-tree.js';
import { SandboxTree } from './sandbox-tree.js';
import { start } from './start.js';
import { startBeside } from './starter.js';
import { supervise } from './supervise.js';

/** `off` runs sandboxed commands on the host: only where its owner has said so (`BATON_SANDBOX=off`). */
export type Isolation = 'bubblewrap' | 'off';

export interface ExecutorOptions {
  readonly isolation: Isolation;
  /** How control groups are found; where it finds none the processes are watched instead. */
  readonly controlGroups?: () => Promise<ControlGroups | null>;
}

const NICE = 5;

/** The worker decides once how its sandboxes are made. */
export function createExecutor({ isolation, controlGroups = findControlGroups }: ExecutorOptions): Execute {
  return (command, policy) => {
    if (policy.kind === 'host') return marked((mark) => executeOnHost(command, mark));
    const run =
      isolation === 'off'
        ? (inside: Command, how: SandboxedPolicy) => marked((mark) => executeUnsandboxed(inside, how, mark))
        : (inside: Command, how: SandboxedPolicy) => executeInBubblewrap(inside, how, controlGroups);
    const { network } = policy;
    return telling(command, policy, () =>
      isolation === 'off' || typeof network === 'string'
        ? run(command, policy)
        : withWayOut(command, policy, network, run),
    );
  };
}

/** Runs a command as its policy says; sandboxes are bubblewrap's. */
export const execute: Execute = createExecutor({ isolation: 'bubblewrap' });

async function executeOnHost(command: Command, mark: string): Promise<CommandResult> {
  const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', ...command.env, [EXECUTION_MARK]: mark };
  const child = await startBeside({ argv: command.argv, env, cwd: command.cwd });
  return supervise({ child, tree: new HostTree(child.pid!) }, command);
}

async function executeUnsandboxed(command: Command, policy: SandboxedPolicy, mark: string): Promise<CommandResult> {
  const env = {
    PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? '/usr/bin:/bin'}`,
    LANG: 'C.UTF-8',
    ...policy.environment,
    ...command.env,
    HOME: policy.home,
    [EXECUTION_MARK]: mark,
  };
  const child = await start(command.argv, { env, cwd: hostPath(command.cwd ?? WORKSPACE, policy) });
  const tree = new HostTree(child.pid!, mark);
  return guarded(policy, { child, tree, group: null }, command);
}

async function executeInBubblewrap(
  command: Command,
  policy: SandboxedPolicy,
  controlGroups: () => Promise<ControlGroups | null>,
): Promise<CommandResult> {
  const bubblewrap = await findBubblewrap();
  if (!bubblewrap) {
    throw new BatonError('sandbox-unavailable', 'bubblewrap is not installed: apt-get install bubblewrap');
  }
  const groups = await controlGroups();
  const run = async (uid: number): Promise<CommandResult> => {
    const group = groups && ControlGroup.make(groups, policy.limits);
    try {
      return await runInBubblewrap(bubblewrap, uid, command, policy, group);
    } finally {
      await group?.remove();
    }
  };
  if (!bubblewrap.asRoot) return run(MAPPED_UID);
  return withAgentUid(policy.workspace.path, (uid) => asAgentsOwn(uid, policy, () => run(uid)));
}

async function runInBubblewrap(
  bubblewrap: Bubblewrap,
  uid: number,
  command: Command,
  policy: SandboxedPolicy,
  group: ControlGroup | null,
): Promise<CommandResult> {
  const { argv, inputs } = bubblewrapLaunch(bubblewrap, uid, command, policy, { held: group !== null });
  const child = await start(argv, { env: {}, extraStreams: inputs.length + (group ? 2 : 1) });
  const [, , , ...extra] = child.stdio;
  inputs.forEach((input, index) => pour(extra[index] as Writable, input));
  // While bubblewrap makes the sandbox: to be moved takes the kernel some milliseconds.
  const tree = new SandboxTree(child.pid!, extra[inputs.length] as Readable, (first) => {
    void group?.enter(first).then((entered) => {
      if (entered) pour(extra[inputs.length + 1] as Writable, 'go');
      else child.kill('SIGKILL');
    });
  });
  const result = await guarded(policy, { child, tree, group }, command);
  if (result.outcome === 'exited' && !tree.finished) {
    throw new BatonError('sandbox-failed', `The sandbox could not be made: ${result.tail.trim()}`, {
      details: { exitCode: result.exitCode, tail: result.tail },
    });
  }
  return result;
}

/** Sees a sandboxed command to its end, within the limits of its policy. */
async function guarded(
  { limits, workspace, home }: SandboxedPolicy,
  { child, tree, group }: { child: ChildProcess; tree: ProcessTree; group: ControlGroup | null },
  command: Command,
): Promise<CommandResult> {
  // Baton's own work goes first.
  setPriority(child.pid!, NICE);
  const folders = workspace.writable ? [workspace.path, home] : [home];
  const guard = guardLimits({ limits, group, members: (table) => tree.members(table), folders });
  const result = await supervise({ child, tree, guard }, command);
  if (result.outcome !== 'exited') return result;
  return { ...result, outcome: (await guard.exceededAtEnd()) ?? 'exited' };
}

/** Says, also to whoever asked to hear it, which limit ended a command. */
async function telling(
  command: Command,
  { limits }: SandboxedPolicy,
  run: () => Promise<CommandResult>,
): Promise<CommandResult> {
  const result = await run();
  const what = exceeded(result, command, limits);
  if (what !== null) command.onRefusal?.({ kind: 'limit', what: `${command.argv[0]!} was ended: ${what}` });
  return result;
}

// Root's files are not the agent's to write: they are handed over, and handed back so that Baton owns what it reads.
const asAgentsOwn = <T>(uid: number, { workspace, home }: SandboxedPolicy, run: () => Promise<T>): Promise<T> =>
  // A read-only workspace may be shared by several sandboxes at once: it stays readable for the others.
  whileOwnedBy(uid, [workspace.path, home], workspace.writable ? [workspace.path, home] : [home], run);

function pour(stream: Writable, content: string | Buffer): void {
  // A sandbox that failed before it read this says so by its exit.
  stream.on('error', () => undefined);
  stream.end(content);
}

function hostPath(inside: string, { workspace, home }: SandboxedPolicy): string {
  for (const [root, path] of [
    [WORKSPACE, workspace.path],
    [AGENT_HOME, home],
  ] as const) {
    const below = relative(root, inside);
    if (!below.startsWith('..')) return join(path, below);
  }
  return inside;
}
