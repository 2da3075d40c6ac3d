import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { EXECUTION_MARK, isOrphan } from './execution-mark.js';
import { readProcessTable } from './process-table.js';
import { signalProcess } from './process-tree.js';

const ROUNDS = 200;
const ROUND_MS = 5;

/**
 * Ends the processes on the host that commands of a worker have left: those of a life of it that is over, and those of
 * this life's commands that have ended. A sandbox needs none of this, it dies with its worker. Finds nothing where there
 * is no `/proc`, and no process that has dropped its environment.
 *
 * @returns how many it ended.
 */
export async function endOrphans(owner: string): Promise<number> {
  const ended = new Set<string>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const left = [...readProcessTable().values()].filter(({ pid }) => {
      const mark = markOf(pid);
      return mark !== null && isOrphan(mark, owner);
    });
    if (left.length === 0) break;
    for (const { pid, startTicks } of left) {
      ended.add(`${pid}/${startTicks}`);
      signalProcess(pid, 'SIGKILL');
    }
    await sleep(ROUND_MS);
  }
  return ended.size;
}

/** Null for what is not marked, not ours to read, or gone. */
export function markOf(pid: number): string | null {
  try {
    const variables = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
    const mark = variables.find((variable) => variable.startsWith(`${EXECUTION_MARK}=`));
    return mark?.slice(EXECUTION_MARK.length + 1) ?? null;
  } catch {
    return null;
  }
}
