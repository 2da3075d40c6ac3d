import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';

/** Environment variable that marks the processes of one command on the host: `<owner>/<life of the owner>/<command>`. */
export const EXECUTION_MARK = 'BATON_EXECUTION';

let life = `nobody/${randomUUID()}`;
const living = new Set<string>();

/**
 * Who stands in the mark of a worker's commands: its lock, as the kernel knows the file. Names and paths can be the same
 * for two workers that share nothing.
 */
export function ownerBy(lockFile: string): string {
  const { dev, ino } = statSync(lockFile);
  return `${dev}-${ino}`;
}

/** From now on this process' commands are marked as those of `owner`, in this life of it. */
export function markCommandsOf(owner: string): void {
  life = `${owner}/${randomUUID()}`;
}

/** Runs a command under a mark of its own. */
export async function marked<T>(run: (mark: string) => Promise<T>): Promise<T> {
  const mark = `${life}/${randomUUID()}`;
  living.add(mark);
  try {
    return await run(mark);
  } finally {
    living.delete(mark);
  }
}

/** Whether a process of `owner` belongs to a command that nobody sees to its end any more. */
export const isOrphan = (mark: string, owner: string): boolean => mark.startsWith(`${owner}/`) && !living.has(mark);
