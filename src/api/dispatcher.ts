import { dispatchNotices } from './dispatch-notices.js';
import { dispatchRuns, type DispatchDeps } from './dispatch.js';
import { WakeUp } from './wake-up.js';

const RETRY_MS = 1_000;
/** Nobody says when another process dies between a row and the start of its workflow. */
const LOOK_AGAIN_MS = 60_000;

/** Starts runs and notices beside what makes them: a request waits for its row, never for Temporal. */
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

  /** There is, or may be, something to start. */
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
    const outcomes = await Promise.allSettled([dispatchRuns(this.#deps), dispatchNotices(this.#deps)]);
    const failures = outcomes.filter((outcome) => outcome.status === 'rejected');
    for (const { reason } of failures)
      this.#deps.log.warn(
        { err: reason as unknown },
        'what is to be started waits until Temporal and the database are there',
      );
    return failures.length === 0 ? LOOK_AGAIN_MS : RETRY_MS;
  }
}
