import { setTimeout as sleep } from 'node:timers/promises';
import { readProcessTable } from '../sandbox/process-table.js';

const lookAgainMs = 25;
/** A killed process is gone in milliseconds, unless it hangs in the kernel, which nobody can wait out. */
const killedWithinMs = 5_000;

/** Sends a signal to every process of a group; a group that is gone is no error. */
export function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch (error) {
    // macOS answers EPERM where only zombies are left.
    if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** Ends a whole process group that is not ours to wait for: TERM, then KILL after `graceMs`. */
export async function endGroup(group: number, graceMs: number): Promise<void> {
  signalGroup(group, 'SIGTERM');
  if (!(await isGoneWithin(group, graceMs))) await killGroup(group);
}

/** Kills what is left of a group. A signal is only a request: resolves when no process of it is left. */
export async function killGroup(group: number): Promise<void> {
  signalGroup(group, 'SIGKILL');
  await isGoneWithin(group, killedWithinMs);
}

async function isGoneWithin(group: number, timeoutMs: number): Promise<boolean> {
  const until = performance.now() + timeoutMs;
  while (groupLives(group)) {
    if (performance.now() > until) return false;
    await sleep(lookAgainMs);
  }
  return true;
}

/** A container's first process may never collect its orphans: zombies do not count as living. */
export function groupLives(group: number): boolean {
  if (process.platform === 'linux') {
    return [...readProcessTable().values()].some((entry) => entry.group === group && entry.state !== 'Z');
  }
  try {
    return process.kill(-group, 0);
  } catch {
    return false;
  }
}
