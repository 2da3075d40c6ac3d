import type { ProcessEntry } from './process-table.js';

/** The processes of one command, and how they are ended. */
export interface ProcessTree {
  /** Those that are alive now, for the memory watchdog. */
  members(table: ReadonlyMap<number, ProcessEntry>): readonly ProcessEntry[];
  /** Asks them to end (TERM). */
  terminate(): void;
  /** Ends them (KILL). */
  kill(): void;
  /** After the command itself has ended: ends what it left behind, resolves when nothing of it runs any more. */
  clear(): Promise<void>;
}

/** Sends a signal. A process that is gone already is no error, nor one that has become another user's. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}
