import type { Logger } from '../telemetry/logger.js';
import { listen, type Listener } from './feed/listener.js';
import { WakeUp } from './wake-up.js';

const RETRY_MS = 1_000;
/** Nobody says when another process dies between what it wrote and what should follow. */
const LOOK_AGAIN_MS = 60_000;

export interface ReconcilerOptions {
  readonly databaseUrl: string;
  /** On which the database says that there may be something to do. */
  readonly channel: string;
  /** Makes the world what the record says; done twice it has the effect of once. */
  readonly work: () => Promise<void>;
  /** What is logged when it cannot be done now. */
  readonly waits: string;
  readonly log: Logger;
}

/** Keeps something outside the record as the record has it, whatever dies in between. */
export class Reconciler {
  readonly #options: ReconcilerOptions;
  readonly #wakeUp = new WakeUp();
  #listener: Listener | null = null;
  #stopped = false;
  #loop: Promise<void> = Promise.resolve();

  constructor(options: ReconcilerOptions) {
    this.#options = options;
  }

  /** Begins with what an earlier crash left. */
  start(): void {
    const { databaseUrl, channel, log } = this.#options;
    this.#listener = listen(databaseUrl, channel, () => this.wake(), log);
    this.#loop = this.#run();
  }

  /** There is, or may be, something to do. */
  wake(): void {
    this.#wakeUp.ring();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wakeUp.ring();
    await Promise.all([this.#loop, this.#listener?.stop()]);
  }

  async #run(): Promise<void> {
    // Stopping rings the bell, which remembers: the wait ends at once.
    while (!this.#stopped) await this.#wakeUp.wait(await this.#work());
  }

  async #work(): Promise<number> {
    try {
      await this.#options.work();
      return LOOK_AGAIN_MS;
    } catch (error) {
      this.#options.log.warn({ err: error }, this.#options.waits);
      return RETRY_MS;
    }
  }
}
