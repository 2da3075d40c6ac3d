import type { ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { notStarted, startWith, type Started } from './start.js';
import { programFile } from './program-file.js';

const PROGRAMS = fileURLToPath(new URL('./programs', import.meta.url));
const IDLE_MS = 10_000;
const ID_LENGTH = 12;

interface Wanted {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string | undefined;
}

type Message = { readonly id: string } & (
  | { readonly kind: 'started'; readonly pid: number }
  | { readonly kind: 'failed'; readonly code?: string; readonly message: string }
  | { readonly kind: 'exited'; readonly exitCode: number | null; readonly signal: NodeJS.Signals | null }
);

let starter: Starter | null = null;

/**
 * Starts a program by a small process beside this one. To fork a large process takes it tens of milliseconds in which
 * it does nothing else; Baton starts dozens of short programs for each attempt. The small process is started when it is
 * first needed, ends after a while without work, and dies with this one.
 */
export function startBeside(wanted: Wanted): Promise<Started> {
  starter ??= new Starter(() => (starter = null));
  return starter.start(wanted);
}

class Starter {
  readonly #onEnd: () => void;
  readonly #folder = mkdtempSync(join(tmpdir(), 'baton-starter-'));
  readonly #server: Server;
  readonly #ready: Promise<ChildProcess>;
  readonly #programs = new Map<string, StartedBeside>();
  #idle: NodeJS.Timeout | undefined;
  #ids = 0;

  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
    const socket = join(this.#folder, 'socket');
    this.#server = createServer((connection) => this.#take(connection)).unref();
    this.#server.listen(socket);
    this.#ready = this.#spawn(socket);
    this.#ready.catch(() => this.#end());
  }

  async start({ argv, env, cwd }: Wanted): Promise<Started> {
    clearTimeout(this.#idle);
    const id = String(++this.#ids).padStart(ID_LENGTH, '0');
    const program = new StartedBeside();
    this.#programs.set(id, program);
    try {
      const helper = await this.#ready;
      helper.channel?.ref();
      helper.send({ id, argv, env, cwd }, (error) => {
        if (error) program.failed(error);
      });
      await program.started;
      return program;
    } catch (cause) {
      this.#forget(id);
      throw notStarted(argv, cwd, cause);
    }
  }

  async #spawn(socket: string): Promise<ChildProcess> {
    await once(this.#server, 'listening');
    const file = join(PROGRAMS, programFile(PROGRAMS, 'starter'));
    // In a group of its own: a signal to the group of this process is not for it.
    const child = await startWith([process.execPath, '--disable-warning=ExperimentalWarning', file, socket], {
      env: {},
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    child.on('message', (message) => this.#hear(message as Message));
    child.once('exit', () => this.#end());
    child.unref();
    return child;
  }

  #take(connection: Socket): void {
    const greet = (): void => {
      const greeting = connection.read(ID_LENGTH + 1) as Buffer | null;
      if (greeting === null) return void connection.once('readable', greet);
      const id = greeting.toString('latin1', 0, ID_LENGTH);
      const program = this.#programs.get(id);
      if (program) program.connected(Number(greeting.toString('latin1', ID_LENGTH)), connection);
      else connection.destroy();
    };
    connection.on('error', () => undefined).once('readable', greet);
  }

  #hear(message: Message): void {
    const program = this.#programs.get(message.id);
    if (!program) return;
    if (message.kind === 'started') program.startedAs(message.pid);
    else if (message.kind === 'failed') {
      program.failed(Object.assign(new Error(message.message), { code: message.code }));
    } else {
      program.exited(message.exitCode, message.signal);
      // Its streams may come only after this.
      void program.started.then(() => this.#forget(message.id)).catch(() => undefined);
    }
  }

  #forget(id: string): void {
    this.#programs.delete(id);
    if (this.#programs.size > 0) return;
    void this.#ready.then((child) => child.channel?.unref()).catch(() => undefined);
    this.#idle = setTimeout(() => this.#end(), IDLE_MS).unref();
  }

  /** Programs whose end nobody reports any more count as killed. */
  #end(): void {
    clearTimeout(this.#idle);
    this.#onEnd();
    this.#server.close();
    rmSync(this.#folder, { recursive: true, force: true });
    void this.#ready.then((child) => child.connected && child.disconnect()).catch(() => undefined);
    for (const [id, program] of this.#programs) {
      this.#programs.delete(id);
      program.failed(new Error('the process that starts programs has ended'));
      program.exited(null, 'SIGKILL');
    }
  }
}

/** A program that another process has started, with streams as those of a child. */
class StartedBeside extends EventEmitter implements Started {
  readonly stdio: (Socket | null)[] = [null, null, null];
  readonly started: Promise<unknown>;
  readonly #resolvers = Promise.withResolvers<undefined>();
  #pid: number | undefined;

  constructor() {
    super();
    this.started = this.#resolvers.promise;
    this.started.catch(() => undefined);
  }

  get pid(): number | undefined {
    return this.#pid;
  }

  get stdin(): Socket | null {
    return this.stdio[0] ?? null;
  }

  get stdout(): Socket | null {
    return this.stdio[1] ?? null;
  }

  get stderr(): Socket | null {
    return this.stdio[2] ?? null;
  }

  connected(stream: number, connection: Socket): void {
    this.stdio[stream] = connection;
    this.#settle();
  }

  startedAs(pid: number): void {
    this.#pid = pid;
    this.#settle();
  }

  failed(error: Error): void {
    for (const stream of this.stdio) stream?.destroy();
    this.#resolvers.reject(error);
  }

  exited(exitCode: number | null, signal: NodeJS.Signals | null): void {
    // Whoever awaits the start listens by then.
    void this.started.then(
      () =>
        setImmediate(() => {
          this.stdin?.destroy();
          this.emit('exit', exitCode, signal);
        }),
      () => undefined,
    );
  }

  #settle(): void {
    if (this.#pid !== undefined && this.stdio.every((stream) => stream !== null)) this.#resolvers.resolve(undefined);
  }
}
