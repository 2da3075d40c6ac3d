import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { descendants, readProcess, readProcessTable, type ProcessEntry } from './process-table.js';
import { signalProcess, type ProcessTree } from './process-tree.js';

/**
 * The processes of one sandbox: all that live in its PID namespace, whatever they fork. They end with the namespace's
 * first process, bubblewrap's own reaper, which the kernel lets go last.
 */
export class SandboxTree implements ProcessTree {
  readonly #outerPid: number;
  readonly #onFirst: ((pid: number) => void) | undefined;
  readonly #allSaid: Promise<unknown>;
  #init: ProcessEntry | undefined;
  #finished = false;

  /**
   * @param status what bubblewrap writes to `--json-status-fd`: one JSON document a line.
   * @param onFirst called with the first process of the namespace, before it has started another.
   */
  constructor(outerPid: number, status: Readable, onFirst?: (pid: number) => void) {
    this.#outerPid = outerPid;
    this.#onFirst = onFirst;
    const lines = createInterface({ input: status }).on('line', (line) => this.#note(JSON.parse(line) as Status));
    this.#allSaid = once(lines, 'close');
  }

  /**
   * Whether bubblewrap got as far as running the command to its end; if not, the sandbox itself failed. Known when the
   * processes are cleared away.
   */
  get finished(): boolean {
    return this.#finished;
  }

  members(table: ReadonlyMap<number, ProcessEntry>): readonly ProcessEntry[] {
    return this.#init ? descendants(table, this.#init.pid) : [];
  }

  terminate(): void {
    // Not the group of bubblewrap: the reaper would go with it at once, and take the others without a warning.
    for (const { pid } of this.members(readProcessTable())) signalProcess(pid, 'SIGTERM');
  }

  kill(): void {
    if (this.#init && this.#isAlive(this.#init)) signalProcess(this.#init.pid, 'SIGKILL');
    else signalProcess(this.#outerPid, 'SIGKILL');
  }

  async clear(): Promise<void> {
    // Its exit may be heard before what it said last: Node asks after all its children when any of them has ended.
    await this.#allSaid;
    const init = this.#init;
    if (!init) return;
    while (this.#isAlive(init)) {
      signalProcess(init.pid, 'SIGKILL');
      await sleep(2);
    }
  }

  #note(status: Status): void {
    const first = status['child-pid'];
    if (first !== undefined) {
      this.#init = readProcess(first);
      this.#onFirst?.(first);
    }
    if (status['exit-code'] !== undefined) this.#finished = true;
  }

  // The kernel makes the first process a zombie only after every other one of its namespace is gone.
  #isAlive({ pid, startTicks }: ProcessEntry): boolean {
    const now = readProcess(pid);
    return now?.startTicks === startTicks && now.state !== 'Z';
  }
}

interface Status {
  readonly 'child-pid'?: number;
  readonly 'exit-code'?: number;
}
