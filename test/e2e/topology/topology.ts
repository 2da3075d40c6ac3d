import { rmSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { supervise, type Supervised } from '../../../src/local/supervisor.js';
import { eventually } from '../../support/eventually.js';
import { readComposeFile, type Service } from './compose-file.js';
import { container, runsHere } from './container.js';
import type { HealthCheck } from './health.js';
import { openWorld, type World } from './world.js';

const JOB_MS = 120_000;
const BACK_MS = 120_000;
const PASSWORDS = { BATON_DB_PASSWORD: 'of-baton', TEMPORAL_DB_PASSWORD: 'of-temporal' };

/** The services of docker-compose.yml as processes, started in the order that it says; a server that ends comes back. */
export class Topology {
  readonly services: Readonly<Record<string, Service>> = readComposeFile(PASSWORDS);
  readonly #scale: Readonly<Record<string, number>>;
  readonly #started = new Map<string, Promise<void>>();
  readonly #running = new Map<string, Supervised>();
  readonly #health = new Map<string, HealthCheck>();
  readonly #stopping = new AbortController();
  #world: World | undefined;

  /** `scale` as `docker compose up --scale`: a scaled service's processes are called `worker-1`, `worker-2`. */
  constructor({ scale }: { scale: Readonly<Record<string, number>> }) {
    this.#scale = scale;
  }

  get world(): World {
    if (!this.#world) throw new Error('the topology is not started');
    return this.#world;
  }

  /** Everything that can run here. After a failure some of it runs, until `stop`. */
  async start(): Promise<void> {
    this.#world = await openWorld(this.services);
    const names = Object.keys(this.services).filter((name) => runsHere(this.services[name]!));
    await Promise.all(names.map((name) => this.#start(name)));
  }

  /** Whether others wait for its end. */
  isJob(name: string): boolean {
    const conditions = Object.values(this.services).map(({ depends_on }) => depends_on[name]?.condition);
    return conditions.includes('service_completed_successfully');
  }

  /** Of the processes of a service; none where it cannot run here. */
  ownNamesOf(name: string): readonly string[] {
    if (!runsHere(this.services[name]!)) return [];
    const count = this.#scale[name] ?? 1;
    return count === 1 ? [name] : Array.from({ length: count }, (_, index) => `${name}-${index + 1}`);
  }

  /** @throws where the job fails. */
  async runJob(name: string): Promise<void> {
    const { argv, env, cwd } = await container(this.services[name]!, name, name, this.world);
    const [file, ...args] = argv;
    const { all, failed, message } = await execa(file, args, {
      env,
      ...(cwd !== undefined && { cwd }),
      extendEnv: false,
      stdin: 'ignore',
      all: true,
      timeout: JOB_MS,
      cancelSignal: this.#stopping.signal,
      reject: false,
    });
    await appendFile(this.#logOf(name), `${all}\n`);
    if (failed) throw new Error(`${name} of docker-compose.yml failed: ${message ?? ''}`);
  }

  healthOf(name: string): HealthCheck {
    const health = this.#health.get(name);
    if (!health) throw new Error(`${name} of docker-compose.yml has no health check that runs here`);
    return health;
  }

  pidOf(name: string): number | undefined {
    return this.#running.get(name)?.pid;
  }

  /** As the kernel, or an operator in a hurry. Gives the pid that it has, or had. */
  signal(name: string, signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): number {
    const pid = this.pidOf(name);
    if (pid === undefined) throw new Error(`there is no ${name} to send ${signal}`);
    process.kill(pid, signal);
    return pid;
  }

  /** Waits for the process that takes the place of the one before. */
  async isReplaced(name: string, before: number): Promise<void> {
    await eventually(() => ![before, undefined].includes(this.pidOf(name)), BACK_MS);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    for (const server of [...this.#running.values()].reverse()) await server.stop();
    await Promise.allSettled(this.#started.values());
    if (this.#world) rmSync(this.#world.scratch.root, { recursive: true, force: true });
  }

  #start(name: string): Promise<void> {
    const started = this.#started.get(name) ?? this.#startAfterOthers(name);
    this.#started.set(name, started);
    return started;
  }

  async #startAfterOthers(name: string): Promise<void> {
    for (const [other, { condition }] of Object.entries(this.services[name]!.depends_on)) {
      if (condition === 'service_healthy' && !this.services[other]?.healthcheck)
        throw new Error(`docker-compose.yml: ${name} waits for the health of ${other}, which has no check`);
    }
    await Promise.all(Object.keys(this.services[name]!.depends_on).map((other) => this.#start(other)));
    if (this.isJob(name)) return this.runJob(name);
    await Promise.all(this.ownNamesOf(name).map((ownName) => this.#supervise(name, ownName)));
  }

  async #supervise(name: string, ownName: string): Promise<void> {
    const { health, ...program } = await container(this.services[name]!, name, ownName, this.world);
    // Between this look and the next line nothing else happens: what is started here is seen by `stop`.
    this.#stopping.signal.throwIfAborted();
    const { run, logs } = this.world.scratch;
    const say = (...words: string[]) => void appendFile(this.#logOf('topology'), `${words.join(' ')}\n`);
    const supervised = supervise(program, { runDirectory: run, logDirectory: logs, say });
    this.#running.set(ownName, supervised);
    if (health) this.#health.set(ownName, health);
    await supervised.ready;
  }

  #logOf(name: string): string {
    return join(this.world.scratch.logs, `${name}.log`);
  }
}
