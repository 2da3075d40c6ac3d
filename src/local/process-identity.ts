import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readProcess } from '../sandbox/process-table.js';

/** Names one process for good: pids come again, a pid with its start time does not. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque; compared, never computed with. */
  readonly startTime: string;
}

/** The identity of a process that lives, undefined when it does not. A zombie does not. */
export function identify(pid: number): ProcessIdentity | undefined {
  if (process.platform === 'linux') {
    const entry = readProcess(pid);
    // Ticks count from the boot, so the boot belongs to the name.
    return entry && entry.state !== 'Z' ? { pid, startTime: `${bootId()}/${entry.startTicks}` } : undefined;
  }
  const startTime = askPs(pid);
  return startTime === '' ? undefined : { pid, startTime };
}

export function isAlive(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.startTime === identity.startTime;
}

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
}

function askPs(pid: number): string {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return '';
  }
}
