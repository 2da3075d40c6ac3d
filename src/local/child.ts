import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { forgetChild, recordChild } from './leftovers.js';
import { LogFile } from './log-file.js';
import { killGroup, signalGroup } from './process-group.js';

/** What runs as a child of the platform, and how one knows that it serves. */
export interface Program {
  readonly name: string;
  readonly argv: readonly [string, ...string[]];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Resolves when the child serves. `signal` is aborted when it ends or takes too long. */
  readonly ready: (start: StartingChild) => Promise<void>;
  readonly readyTimeoutMs?: number;
  /** Runs before each start, the first and every later one. */
  readonly prepare?: () => Promise<void>;
  /** What asks this program to end in good order; TERM unless it is said. */
  readonly stopSignal?: NodeJS.Signals;
  readonly stopGraceMs?: number;
  readonly onLine?: (line: string) => void;
}

export interface StartingChild {
  readonly signal: AbortSignal;
  /** Resolves with the first line of its output, from now on, that passes the test. */
  readonly lineMatching: (test: (line: string) => boolean) => Promise<void>;
}

export interface Surroundings {
  readonly runDirectory: string;
  readonly logDirectory: string;
  /** One line for the person at the terminal. */
  readonly say: (name: string, text: string) => void;
}

const keptLines = 15;
/** What a child printed last is read for this long after its end; a grandchild may hold its pipes open for ever. */
const lastOutputMs = 500;

/** One process of a program, leader of a process group of its own so that a terminal's Ctrl-C does not reach it. */
export class Child {
  /** How it ended, `exit 1` or `SIGKILL`; everything left of its process group is ended by then. */
  readonly ended: Promise<string>;
  readonly pid: number | undefined;
  readonly #process: ChildProcess;
  readonly #program: Program;
  readonly #listeners = new Set<(line: string) => void>();
  readonly #lastLines: string[] = [];

  /** @throws what the disk says, where its log or its record cannot be written; then no process is left. */
  constructor(program: Program, surroundings: Surroundings) {
    this.#program = program;
    const [file, ...args] = program.argv;
    const { env, cwd, name } = program;
    const log = new LogFile(join(surroundings.logDirectory, `${name}.log`));
    this.#process = spawn(file, args, { env, cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    this.pid = this.#process.pid;
    this.ended = this.#end(log, surroundings);
    try {
      if (this.pid !== undefined) recordChild(surroundings.runDirectory, name, this.pid, program.argv);
    } catch (error) {
      // A child that no later start could find is not left running.
      this.kill();
      throw error;
    }
  }

  /** The end of what it printed, for the error that says why it did not start. */
  get lastLines(): string {
    return this.#lastLines.join('\n');
  }

  /** Undefined when the child serves, else why it does not; a child that took too long is ended. */
  async failureToServe(): Promise<string | undefined> {
    const giveUp = new AbortController();
    const timeoutMs = this.#program.readyTimeoutMs ?? 60_000;
    const limit = setTimeout(() => giveUp.abort(), timeoutMs);
    try {
      const serves = this.#program.ready({
        signal: giveUp.signal,
        lineMatching: (test) => this.#lineMatching(test, giveUp.signal),
      });
      return await Promise.race([serves.then(() => undefined), this.ended]);
    } catch (error) {
      await this.end();
      return giveUp.signal.aborted ? `not ready after ${timeoutMs / 1000} s` : String(error);
    } finally {
      clearTimeout(limit);
      giveUp.abort();
    }
  }

  /** Asks it to end, kills it with its whole group when it has not done so after its grace. */
  async end(): Promise<void> {
    this.#process.kill(this.#program.stopSignal ?? 'SIGTERM');
    const kill = setTimeout(() => this.kill(), this.#program.stopGraceMs ?? 10_000);
    await this.ended;
    clearTimeout(kill);
  }

  kill(): void {
    if (this.pid !== undefined && this.#runs) signalGroup(this.pid, 'SIGKILL');
  }

  async #end(log: LogFile, { runDirectory }: Surroundings): Promise<string> {
    const outputs = [this.#process.stdout, this.#process.stderr].flatMap((output) => output ?? []);
    const readers = outputs.map((input) => createInterface({ input, crlfDelay: Infinity }));
    for (const reader of readers) reader.on('line', (line) => this.#hear(line, log));
    const allRead = Promise.all(readers.map(closed));

    const how = await this.#exit();
    if (this.pid !== undefined) await killGroup(this.pid);
    forgetChild(runDirectory, this.#program.name);
    await Promise.race([allRead, sleep(lastOutputMs, undefined, { ref: false })]);
    for (const reader of readers) reader.close();
    for (const output of outputs) output.destroy();
    log.close();
    return how;
  }

  get #runs(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  #exit(): Promise<string> {
    return new Promise((resolve) => {
      this.#process.once('error', (error) => {
        if (this.pid === undefined) resolve(`cannot be started: ${error.message}`);
      });
      this.#process.once('exit', (code, signal) => resolve(signal ?? `exit ${code ?? 'unknown'}`));
    });
  }

  #hear(line: string, log: LogFile): void {
    log.append(line);
    this.#lastLines.push(line);
    if (this.#lastLines.length > keptLines) this.#lastLines.shift();
    this.#program.onLine?.(line);
    for (const listener of this.#listeners) listener(line);
  }

  #lineMatching(test: (line: string) => boolean, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const listener = (line: string) => {
        if (test(line)) resolve();
      };
      this.#listeners.add(listener);
      signal.addEventListener('abort', () => {
        this.#listeners.delete(listener);
        reject(new Error('the line did not come'));
      });
    });
  }
}

const closed = (reader: Interface) => new Promise<void>((resolve) => reader.once('close', resolve));
