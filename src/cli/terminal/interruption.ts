import { CliError, EXIT } from '../exit-code.js';

/**
 * Ctrl-C while a command runs, as a signal of the terminal or as a key at a prompt. The first one asks the command to
 * clean up; a second one ends the process at once.
 */
export class Interruption {
  readonly #controller = new AbortController();
  readonly #interrupt = () => this.interrupt();

  constructor() {
    process.once('SIGINT', this.#interrupt);
    process.once('SIGTERM', this.#interrupt);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get happened(): boolean {
    return this.signal.aborted;
  }

  interrupt(): void {
    this.dispose();
    this.#controller.abort();
  }

  /** @throws CliError `interrupted` after a Ctrl-C. */
  throwIfHappened(): void {
    if (this.happened) throw interrupted('Interrupted.');
  }

  /** Gives Ctrl-C its ordinary meaning again. */
  dispose(): void {
    process.off('SIGINT', this.#interrupt);
    process.off('SIGTERM', this.#interrupt);
  }
}

export const interrupted = (message: string): CliError => new CliError(EXIT.interrupted, 'interrupted', message);
