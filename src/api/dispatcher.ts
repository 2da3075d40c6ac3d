import { dispatchRuns, type DispatchDeps } from './dispatch.js';
import { WakeUp } from './wake-up.js';

const RETRY_MS = 1_000;
/** Nobody says when another process dies between a run's row and its start. */
const LOOK_AGAIN_MS = 60_000;

/** Starts runs beside the requests that make them: a request waits for its row, never for Temporal. */
export class Dispatcher {
  readonly #deps: DispatchDeps;
  readonly #wakeUp = new WakeUp();
  #stopped = false;
  #loop: Promise<void> = Promise.resolve();

  constructor(deps: DispatchDeps) {
    this.#deps = deps;
  }

  /** Begins with what an earlier crash left. */
  start(): void {
    this.#loop = this.#run();
  }

  /** There are, or may be, runs to start. */
  wake(): void {
    this.#wakeUp.ring();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wakeUp.ring();
    await this.#loop;
  }

  async #run(): Promise<void> {
    // Stopping rings the bell, which remembers: the wait ends at once.
    while (!this.#stopped) await this.#wakeUp.wait(await this.#dispatch());
  }

  async #dispatch(): Promise<number> {
    try {
      await dispatchRuns(this.#deps);
      return LOOK_AGAIN_MS;
    } catch (error) {
      this.#deps.log.warn({ err: error }, 'runs wait to be started until Temporal and the database are there');
      return RETRY_MS;
    }
  }
}
