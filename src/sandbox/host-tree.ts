import { setTimeout as sleep } from 'node:timers/promises';
import { markOf } from './orphans.js';
import { descendants, readProcessTable, type ProcessEntry } from './process-table.js';
import { signalProcess, type ProcessTree } from './process-tree.js';

/**
 * The processes of a command that runs on the host: its group, and its descendants outside of it. With a mark, also
 * the daemons that left both (`setsid` and a double fork), found by the environment that they inherited.
 */
export class HostTree implements ProcessTree {
  readonly #pid: number;
  readonly #mark: string | undefined;

  constructor(pid: number, mark?: string) {
    this.#pid = pid;
    this.#mark = mark;
  }

  members(table: ReadonlyMap<number, ProcessEntry>): readonly ProcessEntry[] {
    const below = new Set(descendants(table, this.#pid));
    const alive = [...table.values()].filter(({ state }) => state !== 'Z');
    return alive.filter(
      (entry) => entry.pid === this.#pid || entry.group === this.#pid || below.has(entry) || this.#carriesMark(entry),
    );
  }

  terminate(): void {
    this.#signal('SIGTERM');
  }

  kill(): void {
    this.#signal('SIGKILL');
  }

  async clear(): Promise<void> {
    signalProcess(-this.#pid, 'SIGKILL');
    if (!this.#mark) return;
    for (;;) {
      const left = this.members(readProcessTable());
      if (left.length === 0) return;
      for (const { pid } of left) signalProcess(pid, 'SIGKILL');
      await sleep(5);
    }
  }

  #signal(signal: NodeJS.Signals): void {
    const members = this.members(readProcessTable());
    signalProcess(-this.#pid, signal);
    for (const { pid, group } of members) if (group !== this.#pid) signalProcess(pid, signal);
  }

  #carriesMark({ pid }: ProcessEntry): boolean {
    return this.#mark !== undefined && markOf(pid) === this.#mark;
  }
}
