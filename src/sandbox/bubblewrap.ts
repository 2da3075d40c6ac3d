import { dirname } from 'node:path';
import type { Command } from './command.js';
import type { Limits } from './limits/limits.js';
import { composeMounts } from './mounts.js';
import { AGENT_HOME, WORKSPACE, type Network, type ReadOnlyBind, type SandboxedPolicy } from './policy.js';
import { seccompFilter } from './seccomp.js';
import { generatedFiles, systemArguments } from './system-files.js';
import type { HostTools } from './toolchains/host-tools.js';
import { TOOLCHAIN_ROOT, toolchainArguments, type Toolchain } from './toolchain.js';

const SHARED_MEMORY_BYTES = 256 * 1024 * 1024;

/** The bubblewrap of this host, and who starts it. */
export interface Bubblewrap {
  readonly program: string;
  readonly version: readonly [major: number, minor: number];
  /** Root gives the agent a real other uid; an ordinary user maps its own into a user namespace. */
  readonly asRoot: boolean;
  readonly toolchain: Toolchain;
  readonly tools: HostTools;
  /** The most that a sandbox may have here, threads included. */
  readonly maxProcesses: number;
  readonly maxOpenFiles: number;
}

/** How to start bubblewrap: with an EMPTY environment, since the command can read that of its first process. */
export interface BubblewrapLaunch {
  readonly argv: readonly string[];
  /** To be written to the file descriptors 3, 4, …; the one after them is for the status. */
  readonly inputs: readonly (string | Buffer)[];
}

/** Folders inside that are there before the mounts of a policy. */
const TAKEN = ['/usr', '/etc', '/proc', '/dev', '/dev/shm', '/tmp', TOOLCHAIN_ROOT, AGENT_HOME, WORKSPACE];

/** File descriptors 0 to 2 are the command's own. */
const FIRST_INPUT_FD = 3;

/** What an ordinary user's own uid looks like inside. */
export const MAPPED_UID = 1_000;

/**
 * The command line of a sandbox. Its options travel by `--args`, not by argv: paths of the host and variables that only
 * the agent may see would otherwise stand in `/proc/<pid>/cmdline`, inside and outside.
 *
 * @param uid whom the command is inside; where root starts it, outside as well.
 * @param held the command does not begin before something is written to the descriptor after the status.
 */
export function bubblewrapLaunch(
  bubblewrap: Bubblewrap,
  uid: number,
  command: Command,
  policy: SandboxedPolicy,
  { held = false }: { readonly held?: boolean } = {},
): BubblewrapLaunch {
  const files = Object.entries(generatedFiles(uid, policy.network));
  const firstFileFd = FIRST_INPUT_FD + 1;
  const filter = seccompFilter();
  const filterFd = firstFileFd + files.length;
  const statusFd = filterFd + (filter ? 1 : 0);
  const options = [
    ...isolation(bubblewrap, uid, policy.network),
    ...systemArguments(policy.network),
    ...files.flatMap(([path], index) => ['--perms', '0444', '--ro-bind-data', String(firstFileFd + index), path]),
    ...['--proc', '/proc', '--dev', '/dev'],
    ...temporary(bubblewrap, '/tmp', policy.limits.memoryBytes / 2),
    ...temporary(bubblewrap, '/dev/shm', Math.min(SHARED_MEMORY_BYTES, policy.limits.memoryBytes / 2)),
    ...toolchainArguments(bubblewrap.toolchain),
    ...['--perms', '0755', '--dir', dirname(AGENT_HOME), '--bind', policy.home, AGENT_HOME],
    ...[policy.workspace.writable ? '--bind' : '--ro-bind', policy.workspace.path, WORKSPACE],
    ...mountArguments(bubblewrap, policy),
    // The folders in between belong to whoever maps into the sandbox: without this an ordinary user's agent may fill them.
    ...['--remount-ro', '/dev', '--remount-ro', '/'],
    ...['--chdir', command.cwd ?? WORKSPACE],
    ...Object.entries(environment(bubblewrap, command, policy)).flatMap(([name, value]) => ['--setenv', name, value]),
    ...(filter ? ['--seccomp', String(filterFd)] : []),
    ...['--json-status-fd', String(statusFd)],
    ...(held ? ['--block-fd', String(statusFd + 1)] : []),
  ];
  return {
    argv: [
      bubblewrap.program,
      '--args',
      String(FIRST_INPUT_FD),
      '--',
      ...resourceLimits(bubblewrap, policy.limits),
      ...identity(bubblewrap, uid),
      ...command.argv,
    ],
    inputs: [
      options.map((option) => `${option}\0`).join(''),
      ...files.map(([, content]) => content),
      ...(filter ? [filter] : []),
    ],
  };
}

function isolation({ asRoot, version }: Bubblewrap, uid: number, network: Network): string[] {
  const always = ['--die-with-parent', '--new-session', '--unshare-ipc', '--unshare-pid', '--unshare-uts'];
  const net = network === 'host' ? [] : ['--unshare-net'];
  const who = asRoot
    ? ['--cap-add', 'CAP_SETUID', '--cap-add', 'CAP_SETGID', '--cap-add', 'CAP_SETPCAP']
    : ['--unshare-user', '--uid', String(uid), '--gid', String(uid)];
  const nested = !asRoot && isAtLeast(version, 0, 8) ? ['--disable-userns'] : [];
  return [...always, '--unshare-cgroup-try', ...net, ...who, ...nested, '--hostname', 'baton'];
}

// The kernel counts processes of a uid, in a user namespace those in it.
function resourceLimits({ maxProcesses, maxOpenFiles }: Bubblewrap, { processes, fileBytes }: Limits): string[] {
  const values = {
    nproc: Math.min(processes, maxProcesses),
    fsize: fileBytes,
    nofile: maxOpenFiles,
    // 1, not 0: the kernel then starts no program of the host for a crash either, see core(5).
    core: 1,
  };
  return ['/usr/bin/prlimit', ...Object.entries(values).map(([name, value]) => `--${name}=${value}:${value}`), '--'];
}

// As root without a user namespace: the uid becomes a real other one as the last thing before the command.
function identity({ asRoot }: Bubblewrap, uid: number): string[] {
  if (!asRoot) return [];
  const id = String(uid);
  return [
    ...['/usr/bin/setpriv', '--reuid', id, '--regid', id, '--clear-groups', '--no-new-privs'],
    ...['--bounding-set=-all', '--inh-caps=-all', '--ambient-caps=-all', '--'],
  ];
}

function mountArguments(bubblewrap: Bubblewrap, policy: SandboxedPolicy): string[] {
  const tools = toolBinds(bubblewrap, policy);
  return composeMounts([...tools, ...(policy.readOnly ?? [])], TAKEN).flatMap(({ source, target }) => [
    ...ancestors(target).flatMap((path) => ['--perms', '0755', '--dir', path]),
    // A tool chain may have been removed since it was found: only commands that need it then fail.
    ...[tools.some((tool) => tool.source === source) ? '--ro-bind-try' : '--ro-bind', source, target],
  ]);
}

/** Tools of the host, but none that the agent itself could have written. */
const toolBinds = ({ tools }: Bubblewrap, { workspace, home }: SandboxedPolicy): readonly ReadOnlyBind[] =>
  tools.binds.filter(({ source }) => ![workspace.path, home].some((own) => `${source}/`.startsWith(`${own}/`)));

const SYSTEM_PATH = ['/usr/local/bin', '/usr/bin', '/bin'];

function environment({ tools }: Bubblewrap, { env }: Command, policy: SandboxedPolicy): Record<string, string> {
  return {
    PATH: [...new Set([`${TOOLCHAIN_ROOT}/bin`, ...tools.path, ...SYSTEM_PATH])].join(':'),
    LANG: 'C.UTF-8',
    TMPDIR: '/tmp',
    USER: 'agent',
    ...tools.environment,
    ...policy.environment,
    ...env,
    HOME: AGENT_HOME,
  };
}

// What lies in a tmpfs is memory of no process: the watchdog does not see it, so it has a size.
function temporary({ version }: Bubblewrap, path: string, sizeBytes: number): string[] {
  const size = isAtLeast(version, 0, 7) ? ['--size', String(Math.floor(sizeBytes))] : [];
  return ['--perms', '1777', ...size, '--tmpfs', path];
}

const isAtLeast = ([major, minor]: Bubblewrap['version'], wantedMajor: number, wantedMinor: number): boolean =>
  major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);

function ancestors(path: string): string[] {
  const parent = dirname(path);
  return parent === '/' ? [] : [...ancestors(parent), parent];
}
