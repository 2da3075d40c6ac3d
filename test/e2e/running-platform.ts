import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { git } from '../../src/git/git.js';
import { eventually } from '../support/eventually.js';
import { processesWith, type RunningProcess } from '../support/processes-with.js';

const BATON = resolve(import.meta.dirname, '../../bin/baton');
const START_MS = 60_000;
/** Longer than the grace that the platform gives its processes, shorter than a hook of Jest's. */
const STOP_MS = 45_000;
const GONE_MS = 5_000;

export interface WireEvent {
  readonly id: string;
  readonly type: string;
  readonly briefing: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

interface Connection {
  readonly url: string;
  readonly token: string;
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  readonly pid: number;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** TERM for the platform when our end of the pipe is closed: by us, or, however this process ends, by the kernel. */
const UNTIL_WE_END = 'exec 3<&0; "$@" & up=$!; { cat <&3 >/dev/null; kill -TERM $up; } & wait $up';

/** The real platform, started as a person starts it, on a data directory of its own. */
export class RunningPlatform {
  static readonly #started = new Set<RunningPlatform>();
  readonly dataDirectory: string;
  readonly #child: ChildProcess;
  readonly #logFile: string;

  private constructor(dataDirectory: string, args: readonly string[], environment: Readonly<Record<string, string>>) {
    this.dataDirectory = dataDirectory;
    this.#logFile = `${dataDirectory}.log`;
    const log = openSync(this.#logFile, 'a');
    this.#child = spawn('sh', ['-c', UNTIL_WE_END, 'sh', BATON, 'up', ...args], {
      env: {
        ...{ PATH: process.env['PATH'], HOME: process.env['HOME'], BATON_DATA_DIR: dataDirectory, BATON_PORT: '0' },
        ...environment,
      },
      stdio: ['pipe', log, log],
      // Who kills our whole group leaves it the time to end in good order.
      detached: true,
    });
    closeSync(log);
    RunningPlatform.#started.add(this);
  }

  static async start({
    demo = true,
    dataDirectory = mkdtempSync(join(tmpdir(), 'baton-e2e-')),
    args = [] as readonly string[],
    environment = {},
  } = {}): Promise<RunningPlatform> {
    const platform = new RunningPlatform(dataDirectory, demo ? args : ['--no-demo', ...args], environment);
    await platform.until('the platform to be ready', () => existsSync(join(dataDirectory, 'baton.json')), START_MS);
    return platform;
  }

  /** Ends all that were started in this file, also those whose start failed; it is an error when something survives. */
  static async removeAll(): Promise<void> {
    const started = [...RunningPlatform.#started];
    RunningPlatform.#started.clear();
    await Promise.all(started.map((platform) => platform.#remove()));
  }

  get connection(): Connection {
    return JSON.parse(readFileSync(join(this.dataDirectory, 'baton.json'), 'utf8')) as Connection;
  }

  get log(): string {
    return readFileSync(this.#logFile, 'utf8');
  }

  /** Pid of one of its processes now: `temporal`, `postgres`, `api` or `worker`; null while there is none. */
  pidOf(name: string): number | null {
    const file = join(this.dataDirectory, 'run', `${name}.json`);
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { pid: number }).pid : null;
  }

  /** As the kernel, or an operator in a hurry. Returns the pid. */
  signal(name: string, signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): number {
    const pid = this.pidOf(name);
    if (pid === null) throw new Error(`there is no ${name} to send ${signal}`);
    process.kill(pid, signal);
    return pid;
  }

  /** kill -9, and wait for the one that takes its place. */
  async killAndAwait(name: string): Promise<void> {
    const pid = this.signal(name, 'SIGKILL');
    await this.until(`another ${name}`, () => ![pid, null].includes(this.pidOf(name)));
  }

  async until(what: string, holds: () => boolean | Promise<boolean>, deadlineMs = 60_000): Promise<void> {
    const end = Date.now() + deadlineMs;
    while (!(await holds())) {
      if (this.#hasEnded) throw new Error(`the platform ended while waiting for ${what}:\n${this.log}`);
      if (Date.now() > end) throw new Error(`no ${what} within ${deadlineMs} ms:\n${this.log.slice(-4_000)}`);
      await new Promise((done) => setTimeout(done, 50));
    }
  }

  request(
    path: string,
    { body, key, token = this.connection.token }: { body?: unknown; key?: string; token?: string } = {},
  ): Promise<Response> {
    return fetch(`${this.connection.url}/api${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(key !== undefined && { 'idempotency-key': key }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
  }

  /** The answer of a GET, asked again while a process that was killed comes back. */
  async read<T>(path: string): Promise<T> {
    let answer: T | undefined;
    await this.until(`an answer to ${path}`, async () => {
      const response = await this.request(path).catch(() => null);
      if (!response?.ok) return false;
      answer = (await response.json()) as T;
      return true;
    });
    return answer!;
  }

  /** The events of a run in their order, as they come, until the run has ended; reconnects where it broke. */
  async *events(run: string | number): AsyncGenerator<WireEvent> {
    let lastId = '';
    for (;;) {
      try {
        const { url, token } = this.connection;
        const stream = await fetch(`${url}/api/runs/${run}/events`, {
          headers: {
            authorization: `Bearer ${token}`,
            accept: 'text/event-stream',
            ...(lastId !== '' && { 'last-event-id': lastId }),
          },
        });
        if (stream.ok && stream.body) {
          for await (const message of stream.body
            .pipeThrough(new TextDecoderStream())
            .pipeThrough(new EventSourceParserStream())) {
            lastId = message.id ?? lastId;
            const event = JSON.parse(message.data) as WireEvent;
            yield event;
            if (/^workflow\.(completed|failed|cancelled)$/.test(event.type)) return;
          }
        }
      } catch (error) {
        if (this.#hasEnded) throw error;
      }
      await new Promise((done) => setTimeout(done, 100));
    }
  }

  git(repository: string, ...args: string[]): Promise<string> {
    return this.read<{ items: { name: string; remoteUrl: string }[] }>('/repositories').then(({ items }) =>
      git(args, { gitDir: items.find(({ name }) => name === repository)!.remoteUrl }),
    );
  }

  /** The command line, on this data directory. */
  async baton(...args: string[]): Promise<Ended> {
    const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], BATON_DATA_DIR: this.dataDirectory };
    const child = spawn(BATON, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = once(child, 'close') as Promise<[number | null]>;
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { code: (await ended)[0], stdout, stderr };
  }

  /** What runs for it now. */
  processes(): RunningProcess[] {
    return processesWith(this.dataDirectory);
  }

  /** As Ctrl-C. Gives its exit code. */
  async interrupt(): Promise<number | null> {
    const ended = once(this.#child, 'exit') as Promise<[number | null]>;
    process.kill(this.connection.pid, 'SIGINT');
    return (await ended)[0];
  }

  get #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  async #stop(): Promise<void> {
    this.#child.stdin!.end();
    if (this.#hasEnded) return;
    const ended = once(this.#child, 'exit');
    const tooLong = setTimeout(() => process.kill(-this.#child.pid!, 'SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(tooLong);
  }

  async #remove(): Promise<void> {
    await this.#stop();
    // The end of a process is seen a moment after it was reported.
    await eventually(() => this.processes().length === 0, GONE_MS).catch(() => undefined);
    const survivors = this.processes();
    for (const { pid } of survivors) process.kill(pid, 'SIGKILL');
    const log = survivors.length === 0 ? '' : this.log;
    rmSync(this.dataDirectory, { recursive: true, force: true });
    rmSync(this.#logFile, { force: true });
    if (survivors.length === 0) return;
    const which = survivors.map(({ pid, argv }) => `${pid} ${argv}`).join('\n');
    throw new Error(`the platform left these running:\n${which}\n${log.slice(-4_000)}`);
  }
}
