import { randomUUID } from 'node:crypto';
import { dirname, join, relative } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { BatonError } from '../domain/errors.js';
import { withAgentUid } from './agent-uid.js';
import { bubblewrapLaunch, MAPPED_UID, type Bubblewrap } from './bubblewrap.js';
import type { Command, CommandResult, Execute } from './command.js';
import { findBubblewrap } from './find-bubblewrap.js';
import { EXECUTION_MARK, HostTree } from './host-tree.js';
import { withWayOut } from './network/way-out.js';
import { giveTo } from './ownership.js';
import { AGENT_HOME, WORKSPACE, type SandboxedPolicy } from './policy.js';
import { SandboxTree } from './sandbox-tree.js';
import { start } from './start.js';
import { supervise } from './supervise.js';

/** `off` runs sandboxed commands on the host: only where its owner has said so (`BATON_SANDBOX=off`). */
export type Isolation = 'bubblewrap' | 'off';

/** The worker decides once how its sandboxes are made. */
export function createExecutor({ isolation }: { readonly isolation: Isolation }): Execute {
  return (command, policy) => {
    if (policy.kind === 'host') return executeOnHost(command);
    if (isolation === 'off') return executeUnsandboxed(command, policy);
    const { network } = policy;
    return typeof network === 'string'
      ? executeInBubblewrap(command, policy)
      : withWayOut(command, policy, network.allow, executeInBubblewrap);
  };
}

/** Runs a command as its policy says; sandboxes are bubblewrap's. */
export const execute: Execute = createExecutor({ isolation: 'bubblewrap' });

async function executeOnHost(command: Command): Promise<CommandResult> {
  const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', ...command.env };
  const child = await start(command.argv, { env, cwd: command.cwd });
  return supervise({ child, tree: new HostTree(child.pid!) }, command);
}

async function executeUnsandboxed(command: Command, policy: SandboxedPolicy): Promise<CommandResult> {
  const mark = randomUUID();
  const env = {
    PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? '/usr/bin:/bin'}`,
    LANG: 'C.UTF-8',
    ...command.env,
    HOME: policy.home,
    [EXECUTION_MARK]: mark,
  };
  const child = await start(command.argv, { env, cwd: hostPath(command.cwd ?? WORKSPACE, policy) });
  return supervise({ child, tree: new HostTree(child.pid!, mark), memoryBytes: policy.memoryBytes }, command);
}

async function executeInBubblewrap(command: Command, policy: SandboxedPolicy): Promise<CommandResult> {
  const bubblewrap = await findBubblewrap();
  if (!bubblewrap) {
    throw new BatonError('sandbox-unavailable', 'bubblewrap is not installed: apt-get install bubblewrap');
  }
  const run = (uid: number) => runInBubblewrap(bubblewrap, uid, command, policy);
  if (!bubblewrap.asRoot) return run(MAPPED_UID);
  return withAgentUid(policy.workspace.path, (uid) => asAgentsOwn(uid, policy, () => run(uid)));
}

async function runInBubblewrap(
  bubblewrap: Bubblewrap,
  uid: number,
  command: Command,
  policy: SandboxedPolicy,
): Promise<CommandResult> {
  const { argv, inputs } = bubblewrapLaunch(bubblewrap, uid, command, policy);
  const child = await start(argv, { env: {}, extraStreams: inputs.length + 1 });
  const [, , , ...extra] = child.stdio;
  inputs.forEach((input, index) => pour(extra[index] as Writable, input));
  const tree = new SandboxTree(child.pid!, extra[inputs.length] as Readable);
  const result = await supervise({ child, tree, memoryBytes: policy.memoryBytes }, command);
  if (result.outcome === 'exited' && !tree.finished) {
    throw new BatonError('sandbox-failed', `The sandbox could not be made: ${result.tail.trim()}`, {
      details: { exitCode: result.exitCode, tail: result.tail },
    });
  }
  return result;
}

// Root's files are not the agent's to write: they are handed over, and handed back so that Baton owns what it reads.
async function asAgentsOwn<T>(uid: number, { workspace, home }: SandboxedPolicy, run: () => Promise<T>): Promise<T> {
  await giveTo(uid, uid, [workspace.path, home]);
  try {
    return await run();
  } finally {
    // A read-only workspace may be shared by several sandboxes at once: it stays readable for the others.
    await giveTo(0, 0, workspace.writable ? [workspace.path, home] : [home]);
  }
}

function pour(stream: Writable, text: string): void {
  // A sandbox that failed before it read this says so by its exit.
  stream.on('error', () => undefined);
  stream.end(text);
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
