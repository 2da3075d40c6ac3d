import { readProcessTable, residentBytes, type ProcessEntry } from '../process-table.js';

const TICK_MS = 250;

interface Watch {
  readonly limitBytes: number;
  readonly members: (table: ReadonlyMap<number, ProcessEntry>) => readonly ProcessEntry[];
  readonly onExceeded: () => void;
}

const watches = new Set<Watch>();
let timer: NodeJS.Timeout | undefined;

/**
 * Watches the resident memory of a tree of processes; calls `onExceeded` once when it is above the limit. (RLIMIT_AS
 * aborts Node, and a cgroup is not everywhere ours to make.) All watches share one look at the process table.
 *
 * @returns the function that ends the watch.
 */
export function watchMemory(watch: Watch): () => void {
  watches.add(watch);
  timer ??= setInterval(look, TICK_MS).unref();
  return () => end(watch);
}

function look(): void {
  const table = readProcessTable();
  for (const watch of [...watches]) {
    const usedBytes = watch.members(table).reduce((sum, { pid }) => sum + residentBytes(pid), 0);
    if (usedBytes <= watch.limitBytes) continue;
    end(watch);
    watch.onExceeded();
  }
}

function end(watch: Watch): void {
  watches.delete(watch);
  if (watches.size > 0) return;
  clearInterval(timer);
  timer = undefined;
}
