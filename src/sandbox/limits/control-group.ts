import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Limits } from './limits.js';

/** Where the kernel lets Baton make control groups, see cgroups(7). */
export interface ControlGroups {
  readonly version: 1 | 2;
  /** Folders below which groups are made: in version 2 one for all controllers. */
  readonly below: { readonly memory: string; readonly pids: string | null; readonly cpu: string | null };
}

/** What the names of Baton's groups begin with; the worker's pid follows. */
export const GROUP_PREFIX = 'baton-';

/** The groups of one sandbox. What is in them, and all that it starts, is held to the limits by the kernel. */
export class ControlGroup {
  readonly #version: 1 | 2;
  readonly #folders: ReadonlySet<string>;
  readonly #memory: string;

  private constructor(version: 1 | 2, memory: string, folders: ReadonlySet<string>) {
    this.#version = version;
    this.#memory = memory;
    this.#folders = folders;
  }

  /** Null where they cannot be made now: the sandbox is then watched as where there are none. */
  static make({ version, below }: ControlGroups, limits: Limits): ControlGroup | null {
    const name = `${GROUP_PREFIX}${process.pid}-${(made += 1)}`;
    const cpu = limits.cpus === null ? null : below.cpu;
    const folders = new Set([below.memory, ...(cpu === null ? [] : [cpu])].map((path) => join(path, name)));
    const memory = join(below.memory, name);
    const group = new ControlGroup(version, memory, folders);
    try {
      for (const folder of folders) mkdirSync(folder);
      const settings = version === 2 ? unifiedSettings(limits) : separateSettings(limits);
      for (const [controller, file, value] of settings) {
        const parent = below[controller];
        if (parent === null) continue;
        const path = join(parent, name, file.name);
        if (file.optional === true && !existsSync(path)) continue;
        writeFileSync(path, value);
      }
      return group;
    } catch {
      group.#removeFolders();
      return null;
    }
  }

  /** Puts a process in; what it has started before stays where it is. False where that cannot be. */
  async enter(pid: number): Promise<boolean> {
    try {
      await Promise.all([...this.#folders].map((folder) => writeFile(join(folder, 'cgroup.procs'), String(pid))));
      return true;
    } catch {
      return false;
    }
  }

  /** Whether the kernel has ended a process of it because all together had no more memory. */
  ranOutOfMemory(): boolean {
    const events = join(this.#memory, this.#version === 2 ? 'memory.events' : 'memory.oom_control');
    try {
      const [, kills = '0'] = /^oom_kill (\d+)$/m.exec(readFileSync(events, 'latin1')) ?? [];
      return kills !== '0';
    } catch {
      return false;
    }
  }

  /** After its processes have ended: the last of them may still be on its way out. */
  async remove(): Promise<void> {
    for (let tries = 0; tries < REMOVE_TRIES && !this.#removeFolders(); tries++) await sleep(10);
  }

  #removeFolders(): boolean {
    return [...this.#folders].map(removeFolder).every((gone) => gone);
  }
}

const REMOVE_TRIES = 100;
let made = 0;

type Setting = readonly [
  controller: keyof ControlGroups['below'],
  file: { readonly name: string; readonly optional?: boolean },
  value: string,
];

const CPU_PERIOD_US = 100_000;

// One process too many for memory ends all of them, as the watchdog has it; memory that is swapped out is no way around.
const unifiedSettings = ({ memoryBytes, processes, cpus }: Limits): Setting[] => [
  ['memory', { name: 'memory.max' }, String(memoryBytes)],
  ['memory', { name: 'memory.swap.max', optional: true }, '0'],
  ['memory', { name: 'memory.oom.group', optional: true }, '1'],
  ['pids', { name: 'pids.max' }, String(processes + OWN_PROCESSES)],
  ...(cpus === null
    ? []
    : ([['cpu', { name: 'cpu.max' }, `${Math.round(cpus * CPU_PERIOD_US)} ${CPU_PERIOD_US}`]] as const)),
];

// To be moved takes the kernel some milliseconds a hierarchy: processes are left to the limit of their uid.
const separateSettings = ({ memoryBytes, cpus }: Limits): Setting[] => [
  ['memory', { name: 'memory.limit_in_bytes' }, String(memoryBytes)],
  ['memory', { name: 'memory.memsw.limit_in_bytes', optional: true }, String(memoryBytes)],
  ...(cpus === null
    ? []
    : ([['cpu', { name: 'cpu.cfs_quota_us' }, String(Math.round(cpus * CPU_PERIOD_US))]] as const)),
];

/** bubblewrap's, inside. */
const OWN_PROCESSES = 1;

/** Whether it is gone. */
export function removeFolder(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}
