import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Search } from './forms.js';

/**
 * Looks, for as long as it is not ended, at command lines and environments of all that the worker has started. The one
 * process that needs a key, and what that started, may have it in its environment: they are in the sandbox's own process
 * namespace, of which its first process, which is bubblewrap, is looked at like the others.
 */
export class ProcessWatch {
  /** Whose secrets were in the environment of a process inside a sandbox: where they may be, they are seen. */
  readonly holders = new Set<string>();
  readonly #worker: number;
  readonly #search: Search;
  readonly #secrets: Readonly<Record<string, string>>;
  readonly #timer: NodeJS.Timeout;

  constructor(worker: number, search: Search, secrets: Readonly<Record<string, string>>) {
    this.#worker = worker;
    this.#search = search;
    this.#secrets = secrets;
    this.#timer = setInterval(() => this.#look(), 100);
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const own = namespaceOf(this.#worker);
    const itself = read(this.#worker, 'cmdline');
    for (const pid of descendantsOf(this.#worker)) {
      const [argv, environment] = [read(pid, 'cmdline'), read(pid, 'environ')];
      // A fork is the worker itself until the moment in which it becomes a program.
      if (argv === itself) continue;
      const isInside = namespaceOf(pid) !== own && !isFirst(pid);
      if (!isInside) {
        this.#search.in('command lines', argv.slice(0, 200), argv);
        this.#search.in('environments', argv.slice(0, 200), environment);
      } else
        for (const [name, secret] of Object.entries(this.#secrets))
          if (environment.includes(secret)) this.holders.add(name);
    }
  }
}

function descendantsOf(root: number): readonly number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), Number(/^PPid:\s+(\d+)/m.exec(read(Number(name), 'status'))?.[1] ?? 0)] as const);
  const found = new Set([root]);
  for (let before = 0; before < found.size;) {
    before = found.size;
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid);
  }
  found.delete(root);
  return [...found];
}

/** Of a process namespace: its id there, the last of `NSpid`, is 1. */
const isFirst = (pid: number): boolean => /^NSpid:.*\s1$/m.test(read(pid, 'status'));

function namespaceOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return '';
  }
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}
