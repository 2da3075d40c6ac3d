import { setTimeout as sleep } from 'node:timers/promises';
import { BatonError } from '../domain/errors.js';
import { Child, type Program, type Surroundings } from './child.js';

const firstBackOffMs = 250;
const longestBackOffMs = 10_000;
/** Up for this long, a child counts as healthy, and its next end as the first one. */
const healthyAfterMs = 30_000;
/** A program that never served is not tried for ever: somebody waits before the terminal. */
const firstStartAttempts = 5;

/** A program that is kept running until it is stopped. */
export interface Supervised {
  readonly name: string;
  /** Of the process that runs now; undefined between two of them. */
  readonly pid: number | undefined;
  /** Resolves when it serves for the first time; rejects when it never does, or is stopped before. */
  readonly ready: Promise<void>;
  /** Ends it in good order, with everything it started. */
  stop(): Promise<void>;
  /** Ends it at once. */
  kill(): void;
}

/** Starts a program, and starts it again, later each time, whenever it dies. */
export function supervise(program: Program, surroundings: Surroundings): Supervised {
  const supervision = new Supervision(program, surroundings);
  const ready = supervision.servesForTheFirstTime;
  // Whoever waits for it hears of a failure; where nobody does, it is no crash.
  ready.catch(() => undefined);
  const life = supervision.keepRunning();
  return {
    name: program.name,
    ready,
    get pid() {
      return supervision.child?.pid;
    },
    async stop() {
      supervision.stopping.abort();
      await supervision.child?.end();
      await life;
    },
    kill() {
      supervision.stopping.abort();
      supervision.child?.kill();
    },
  };
}

class Supervision {
  readonly stopping = new AbortController();
  readonly servesForTheFirstTime: Promise<void>;
  child: Child | undefined;
  readonly #program: Program;
  readonly #surroundings: Surroundings;
  #resolveFirst!: () => void;
  #rejectFirst!: (error: BatonError) => void;
  #served = false;

  constructor(program: Program, surroundings: Surroundings) {
    this.#program = program;
    this.#surroundings = surroundings;
    this.servesForTheFirstTime = new Promise((resolve, reject) => {
      this.#resolveFirst = resolve;
      this.#rejectFirst = reject;
    });
  }

  async keepRunning(): Promise<void> {
    let backOffMs = firstBackOffMs;
    for (let attempt = 1; ; attempt++) {
      const startedAt = performance.now();
      const failure = await this.#start();
      if (failure === undefined) this.#nowServes(performance.now() - startedAt);
      else if (!this.#served && attempt === firstStartAttempts) {
        this.#giveUp(failure);
        return;
      }

      const how = failure ?? (await this.child?.ended);
      this.child = undefined;
      if (this.#isStopping()) break;
      if (performance.now() - startedAt > healthyAfterMs) backOffMs = firstBackOffMs;
      this.#say(`ended (${how}), starting it again in ${seconds(backOffMs)}`);
      await sleep(backOffMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      if (this.#isStopping()) break;
      backOffMs = Math.min(backOffMs * 2, longestBackOffMs);
    }
    const { name } = this.#program;
    this.#rejectFirst(new BatonError('stopped', `${name} was stopped before it was ready.`));
  }

  /** Undefined when it serves, else why it does not; then no process is left of it. */
  async #start(): Promise<string | undefined> {
    try {
      await this.#program.prepare?.();
      if (this.#isStopping()) return 'stopped';
      this.child = new Child(this.#program, this.#surroundings);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    return this.child.failureToServe();
  }

  #isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  #nowServes(tookMs: number): void {
    if (this.#served) this.#say(`is back after ${seconds(tookMs)}`);
    this.#served = true;
    this.#resolveFirst();
  }

  #giveUp(failure: string): void {
    const { name, argv } = this.#program;
    const lines = this.child?.lastLines ?? '';
    this.#rejectFirst(
      new BatonError('child-not-ready', `${name} could not be started (${failure}).\n${lines}`, {
        details: { name, argv },
      }),
    );
  }

  #say(text: string): void {
    this.#surroundings.say(this.#program.name, text);
  }
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
