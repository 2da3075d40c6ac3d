import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { helperEnvironment } from '../helper-environment.js';
import { ControlGroup, GROUP_PREFIX, removeFolder, type ControlGroups } from './control-group.js';
import { WORKING_LIMITS } from './limits.js';

let found: Promise<ControlGroups | null> | undefined;

/** The control groups that this process may make, null where there are none; looked for once, by really making one. */
export const findControlGroups = (): Promise<ControlGroups | null> => (found ??= look());

async function look(): Promise<ControlGroups | null> {
  for (const find of [findUnified, findSeparate]) {
    const groups = find();
    if (groups && (await works(groups))) {
      removeLeft(groups);
      return groups;
    }
  }
  return null;
}

/** cgroup v2: beside the group that this process is in, as processes may only be in those that have none below them. */
function findUnified(): ControlGroups | null {
  const own = folderOf((type) => type === 'cgroup2', /^0::(.*)$/m);
  if (own === null) return null;
  const parent = existsSync(join(own, 'cgroup.type')) ? dirname(own) : own;
  const enabled = (): string[] => readFileSync(join(parent, 'cgroup.subtree_control'), 'latin1').trim().split(' ');
  const needed = ['memory', 'pids'];
  try {
    const missing = needed.filter((name) => !enabled().includes(name));
    if (missing.length > 0)
      writeFileSync(join(parent, 'cgroup.subtree_control'), missing.map((name) => `+${name}`).join(' '));
    if (!needed.every((name) => enabled().includes(name))) return null;
    return { version: 2, below: { memory: parent, pids: parent, cpu: enabled().includes('cpu') ? parent : null } };
  } catch {
    return null;
  }
}

/** cgroup v1: below the groups that this process is in, one hierarchy a controller. */
function findSeparate(): ControlGroups | null {
  const of = (controller: string): string | null =>
    folderOf(
      (type, options) => type === 'cgroup' && options.split(',').includes(controller),
      new RegExp(`^\\d+:(?:[^:]*,)?${controller}(?:,[^:]*)?:(.*)$`, 'm'),
    );
  const memory = of('memory');
  if (memory === null) return null;
  const cpu = of('cpu');
  return {
    version: 1,
    below: { memory, pids: null, cpu: cpu !== null && existsSync(join(cpu, 'cpu.cfs_quota_us')) ? cpu : null },
  };
}

/** The folder of this process's own group in the hierarchy that is mounted so; null where it is not seen here. */
function folderOf(isIt: (type: string, options: string) => boolean, own: RegExp): string | null {
  try {
    const [, path] = own.exec(readFileSync('/proc/self/cgroup', 'latin1')) ?? [];
    if (path === undefined) return null;
    for (const line of readFileSync('/proc/self/mountinfo', 'latin1').split('\n')) {
      const [mount = '', source = ''] = line.split(' - ');
      const [, , , root = '', mountPoint = ''] = mount.split(' ');
      const [type = '', , options = ''] = source.split(' ');
      if (!isIt(type, options)) continue;
      const below = relative(root, path);
      const folder = join(mountPoint, below);
      if (!below.startsWith('..') && existsSync(folder)) return folder;
    }
    return null;
  } catch {
    return null;
  }
}

/** Files may be there that cannot be written, and groups that nothing can be moved into. */
async function works(groups: ControlGroups): Promise<boolean> {
  const group = ControlGroup.make(groups, { ...WORKING_LIMITS, cpus: 1 });
  if (!group) return false;
  const child = execFile('sleep', ['60'], { env: helperEnvironment() }, () => undefined);
  try {
    return child.pid !== undefined && (await group.enter(child.pid));
  } finally {
    const gone = once(child, 'close');
    if (child.kill('SIGKILL')) await gone;
    await group.remove();
  }
}

/** Removes the groups of workers that died. One that holds a process cannot be removed. */
export function removeLeft({ below }: ControlGroups): void {
  for (const parent of new Set(Object.values(below))) {
    if (parent === null) continue;
    for (const name of readdirSync(parent)) {
      const [, pid] = new RegExp(`^${GROUP_PREFIX}(\\d+)-\\d+$`).exec(name) ?? [];
      if (pid !== undefined && !existsSync(`/proc/${pid}`)) removeFolder(join(parent, name));
    }
  }
}
