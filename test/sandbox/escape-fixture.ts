import { chmodSync, chownSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { AGENT_UIDS } from '../../src/sandbox/agent-uid.js';
import { bubblewrapLaunch, MAPPED_UID } from '../../src/sandbox/bubblewrap.js';
import type { Command, CommandResult } from '../../src/sandbox/command.js';
import { execute } from '../../src/sandbox/execute.js';
import { findBubblewrap } from '../../src/sandbox/find-bubblewrap.js';
import { giveTo } from '../../src/sandbox/ownership.js';
import type { SandboxedPolicy } from '../../src/sandbox/policy.js';
import { SandboxTree } from '../../src/sandbox/sandbox-tree.js';
import { start } from '../../src/sandbox/start.js';
import { supervise } from '../../src/sandbox/supervise.js';
import { findHostTools } from '../../src/sandbox/toolchains/host-tools.js';
import { makeRoom, shell } from './sandbox-fixture.js';

/** Whoever started Baton. */
export type Who = 'root' | 'an ordinary user';

const isRoot = process.getuid?.() === 0;
/** As root both can be tried. */
export const WHO: readonly Who[] = isRoot ? ['root', 'an ordinary user'] : ['an ordinary user'];
/** For protections that only one of them has, or that can be taken away safely only for one. */
export const ifRoot = isRoot ? it : it.skip;

/** The ordinary user, where root plays it; and who an agent is then, outside. */
const NOBODY = 65_534;
const ORDINARY = isRoot ? NOBODY : process.getuid!();
const AS_NOBODY = ['/usr/bin/setpriv', '--reuid', `${NOBODY}`, '--regid', `${NOBODY}`, '--clear-groups', '--'];
const AGENT_UID = AGENT_UIDS.first + AGENT_UIDS.count - 1;

/** The options of a sandbox as bubblewrap gets them, and what it starts. */
export interface Launch {
  readonly options: readonly string[];
  readonly argv: readonly string[];
}

/** Takes a protection away. */
export type Without = (launch: Launch) => Launch;

/**
 * Runs an attempt in a sandbox of the given user. With `without` it is the same sandbox but for one protection, so that a
 * test shows that it is this one that stops the attempt.
 */
export async function attempt(
  who: Who,
  command: Command,
  policy: SandboxedPolicy,
  without?: Without,
): Promise<CommandResult> {
  if (!without && (who === 'root' || !isRoot)) return execute(command, policy);
  const found = (await findBubblewrap())!;
  const asRoot = who === 'root';
  const outside = asRoot ? AGENT_UID : ORDINARY;
  // The tool chains are root's, which the ordinary user may not see.
  const tools = asRoot ? found.tools : findHostTools({ PATH: '/usr/bin:/bin' });
  const launch = bubblewrapLaunch({ ...found, asRoot, tools }, asRoot ? AGENT_UID : MAPPED_UID, command, policy);
  const [written = '', ...files] = launch.inputs;
  const [bwrap = '', flag = '', fd = '', separator = '', ...inside] = launch.argv;
  const before = { options: written.toString().split('\0').slice(0, -1), argv: inside };
  const { options, argv } = without ? without(before) : before;
  const inputs = [options.map((option) => `${option}\0`).join(''), ...files];

  if (isRoot) await giveTo(outside, outside, [policy.workspace.path, policy.home]);
  try {
    const child = await start([...(isRoot && !asRoot ? AS_NOBODY : []), bwrap, flag, fd, separator, ...argv], {
      env: {},
      extraStreams: inputs.length + 1,
    });
    const [, , , ...extra] = child.stdio;
    inputs.forEach((input, index) => {
      const stream = extra[index] as Writable;
      stream.on('error', () => undefined).end(input);
    });
    return await supervise({ child, tree: new SandboxTree(child.pid!, extra[inputs.length] as Readable) }, command);
  } finally {
    if (isRoot) await giveTo(0, 0, [policy.workspace.path, policy.home]);
  }
}

/** Leaves options out, each with so many values behind it. */
export const withoutOption =
  (...names: readonly (readonly [name: string, values: number] | string)[]): Without =>
  ({ options, argv }) => {
    const left = new Map(names.map((entry) => (typeof entry === 'string' ? [entry, 0] : entry)));
    const kept: string[] = [];
    for (let index = 0; index < options.length; index++) {
      const values = left.get(options[index]!);
      if (values === undefined) kept.push(options[index]!);
      else index += values;
    }
    return { options: kept, argv };
  };

/** Shows a folder of the host at its own place. */
export const showing =
  (folder: string): Without =>
  ({ options, argv }) => {
    const closing = options.indexOf('--remount-ro');
    const shown = ['--perms', '0755', '--dir', dirname(folder), '--ro-bind', folder, folder];
    return { options: [...options.slice(0, closing), ...shown, ...options.slice(closing)], argv };
  };

/** Leaves the filter of system calls out. */
export const withoutFilter = withoutOption(['--seccomp', 1]);

/** Started by root: the command keeps root's uid and all capabilities. */
export const withCapabilities: Without = ({ options, argv }) => {
  const from = argv.indexOf('/usr/bin/setpriv');
  const to = argv.indexOf('--', from) + 1;
  return { options: [...options, '--cap-add', 'ALL'], argv: [...argv.slice(0, from), ...argv.slice(to)] };
};

export const all =
  (...steps: readonly Without[]): Without =>
  (launch) =>
    steps.reduce((before, step) => step(before), launch);

/** A workspace that the ordinary user can come to, however it is started. */
export function makeOpenRoom() {
  const room = makeRoom();
  chmodSync(room.root, 0o755);
  return room;
}

/** Gives a file or folder to whoever agents of this user are outside. */
export function giveToAgent(who: Who, path: string): void {
  if (!isRoot) return;
  const uid = who === 'root' ? AGENT_UID : ORDINARY;
  chownSync(path, uid, uid);
}

/** A command on the host as the ordinary user: where there is no sandbox at all. */
export const onHost = (who: Who, script: string): readonly string[] => [
  ...(isRoot
    ? who === 'root'
      ? ['/usr/bin/setpriv', '--reuid', `${AGENT_UID}`, '--regid', `${AGENT_UID}`, '--clear-groups', '--']
      : AS_NOBODY
    : []),
  ...shell(script).argv,
];
