import { writeFile } from 'node:fs/promises';
import { migrate } from '../db/migrate.js';
import { BatonError } from '../domain/errors.js';
import type { Environment } from '../schema/environment.js';
import { apiProcess } from './api-process.js';
import { removeBatonFile, writeBatonFile } from './baton-file.js';
import type { Program } from './child.js';
import { childrenEnvironment } from './children-environment.js';
import { openDataDirectory, type DataDirectory } from './data-directory.js';
import { endLeftovers } from './leftovers.js';
import { lockPlatform, type PlatformLock } from './platform-lock.js';
import { rememberedPorts, requireFreePort } from './ports.js';
import { postgresServer } from './postgres-server.js';
import { requireSandbox } from './require-sandbox.js';
import { seed, type SeededDemo } from './seed.js';
import { supervise, type Supervised } from './supervisor.js';
import { temporalServer } from './temporal-server.js';
import { findPostgres, findTemporal } from './toolchain.js';
import { workerProcess } from './worker-process.js';

export interface PlatformOptions {
  readonly environment: Environment;
  readonly demo: boolean;
  /** One line for the person at the terminal: what it is about, and what happened. */
  readonly say: (name: string, text: string) => void;
  /** Aborted: the start is given up, and what was started is stopped. */
  readonly signal?: AbortSignal;
}

/** Everything that runs, until it is stopped. */
export interface Platform {
  readonly url: string;
  /** Where people's browsers find it: BATON_URL, else the same. */
  readonly publicUrl: string;
  readonly token: string;
  /** A page that signs its first visitor in, once. */
  readonly signInUrl: string;
  readonly demo: SeededDemo | null;
  readonly temporalAddress: string;
  readonly temporalUi: string | undefined;
  readonly databaseUrl: string;
  readonly dataDirectory: string;
  /** Stops every process in good order, the last one started first. */
  stop(): Promise<void>;
}

/**
 * Brings up the whole system on one data directory: left-overs ended, servers, migrations, seed, API, worker.
 * @throws BatonError `already-running`, `no-sandbox`, `port-taken`, `child-not-ready`, `migration-failed`; nothing is left running.
 */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const directory = await openDataDirectory(options.environment.dataDirectory);
  const start = new PlatformStart(options, directory, lockPlatform(directory.lockFile));
  const giveUp = () => void start.stop();
  options.signal?.addEventListener('abort', giveUp);
  try {
    return await start.run();
  } catch (error) {
    await start.stop();
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', giveUp);
  }
}

class PlatformStart {
  readonly #options: PlatformOptions;
  readonly #directory: DataDirectory;
  readonly #lock: PlatformLock;
  readonly #running: Supervised[] = [];
  #stopped: Promise<void> | undefined;

  constructor(options: PlatformOptions, directory: DataDirectory, lock: PlatformLock) {
    this.#options = options;
    this.#directory = directory;
    this.#lock = lock;
    process.on('exit', this.#kill);
  }

  async run(): Promise<Platform> {
    const { environment, demo, say } = this.#options;
    const ended = await endLeftovers(this.#directory.run);
    if (ended.length > 0) say('left-overs', `ended what an earlier crash left: ${ended.join(', ')}`);

    say('sandbox', await requireSandbox(environment));
    const ports = await rememberedPorts(this.#directory.portsFile, ['temporal', 'temporalUi', 'postgres', 'api']);
    const port = environment.port === 0 ? ports.api : environment.port;
    await requireFreePort(environment.host, port);

    const [databaseUrl, temporal] = await Promise.all([this.#database(ports.postgres), this.#temporal(ports)]);
    const startedAt = performance.now();
    await migrate(databaseUrl);
    this.#sayDone('database', 'at the newest schema', startedAt);
    const seeded = await seed({ databaseUrl, dataDirectory: this.#directory.root, demo });

    const url = `http://${addressOf(environment.host)}:${port}`;
    const publicUrl = environment.baseUrl ?? url;
    const env = childrenEnvironment(environment, {
      ...{ databaseUrl, temporalAddress: temporal.address, publicUrl, port },
      apiUrl: url,
    });
    // Side by side: starting two Node processes takes most of the time of a start.
    await Promise.all([
      this.#supervise(apiProcess(url, env), url),
      this.#supervise(workerProcess(env), 'polls its queue'),
    ]);
    if (isEveryAddress(environment.host) && environment.baseUrl === undefined) {
      say('', `it listens on every address; browsers elsewhere need BATON_URL=http://<this machine's name>:${port}`);
    }

    const { token } = seeded;
    const temporals = { temporalAddress: temporal.address, temporalUi: temporal.ui };
    const connection = { url, publicUrl, token, ...temporals, databaseUrl };
    writeBatonFile(this.#directory.batonFile, { ...connection, pid: process.pid });
    return {
      ...connection,
      signInUrl: seeded.signInUrl(publicUrl),
      demo: seeded.demo,
      dataDirectory: this.#directory.root,
      stop: () => this.stop(),
    };
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    removeBatonFile(this.#directory.batonFile);
    // One that cannot be stopped in good order keeps none of the others running.
    for (const child of [...this.#running].reverse()) await child.stop().catch(() => child.kill());
    this.#lock.release();
    process.off('exit', this.#kill);
  }

  /** However this process comes to its end, nothing that it started outlives it; only kill -9 gets past this. */
  readonly #kill = (): void => {
    removeBatonFile(this.#directory.batonFile);
    for (const child of this.#running) child.kill();
    this.#lock.release();
  };

  async #database(port: number): Promise<string> {
    const given = this.#options.environment.databaseUrl;
    if (given !== undefined) return given;
    const startedAt = performance.now();
    const server = await postgresServer({ directory: this.#directory.postgres, binaries: findPostgres(), port });
    await this.#supervise(server, `127.0.0.1:${port}`, startedAt);
    return server.url;
  }

  async #temporal(ports: {
    temporal: number;
    temporalUi: number;
  }): Promise<{ address: string; ui: string | undefined }> {
    const { temporalAddress, temporalNamespace, cacheDirectory } = this.#options.environment;
    if (temporalAddress !== undefined) return { address: temporalAddress, ui: undefined };
    // Temporal's `envconfig` wants the file to have the profile, empty as it is.
    await writeFile(this.#directory.temporalProfile, '[profile.default]\n', { mode: 0o600 });
    const server = temporalServer({
      program: findTemporal(cacheDirectory),
      file: this.#directory.temporalFile,
      home: this.#directory.root,
      port: ports.temporal,
      uiPort: ports.temporalUi,
      namespace: temporalNamespace,
    });
    await this.#supervise(server, server.address);
    return { address: server.address, ui: `http://127.0.0.1:${ports.temporalUi}` };
  }

  async #supervise(program: Program, where: string, startedAt = performance.now()): Promise<void> {
    // The start may have failed elsewhere while this one was being made ready.
    if (this.#stopped) throw new BatonError('stopped', `${program.name} is not started: the start was given up.`);
    const { run, logs } = this.#directory;
    const child = supervise(program, { runDirectory: run, logDirectory: logs, say: this.#options.say });
    this.#running.push(child);
    await child.ready;
    this.#sayDone(program.name, where, startedAt);
  }

  #sayDone(name: string, outcome: string, startedAt: number): void {
    this.#options.say(name, `${outcome} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
  }
}

const isEveryAddress = (host: string) => host === '0.0.0.0' || host === '::';

/** Where a person's browser finds what listens on every address. */
function addressOf(host: string): string {
  if (isEveryAddress(host)) return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
