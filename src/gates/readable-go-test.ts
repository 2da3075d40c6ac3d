import type { GateContext } from './gate.js';
import { GoTestLog } from './reports/go-test-log.js';

/** As much of the end of an output as the executor keeps. */
const MAX_TAIL_CHARACTERS = 2_000;

/** Passes the output of `go test -json` on to a log as lines that people read, and keeps the end of them. */
export class ReadableGoTest {
  readonly #events = new GoTestLog();
  readonly #log: GateContext['log'];
  #tail = '';

  constructor(log: GateContext['log']) {
    this.#log = log;
  }

  take(stream: 'stdout' | 'stderr', chunk: Buffer): Promise<void> | void {
    return this.#write(stream === 'stdout' ? this.#events.push(chunk) : chunk.toString());
  }

  /** The end of what was printed. */
  async end(): Promise<string> {
    await this.#write(this.#events.end());
    return this.#tail;
  }

  #write(text: string): Promise<void> | void {
    if (text === '') return;
    this.#tail = `${this.#tail}${text}`.slice(-MAX_TAIL_CHARACTERS);
    return this.#log(Buffer.from(text));
  }
}
