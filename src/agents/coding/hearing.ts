import type { OutputStream } from '../../sandbox/command.js';
import type { AgentEvent } from '../agent-event.js';
import type { AgentContext } from '../harness.js';
import { Lines } from '../lines.js';
import type { ProgramReader } from './coding-program.js';
import { objectIn } from './reading.js';

type Kept = Pick<AgentContext, 'log' | 'raw' | 'event' | 'progress'>;

/** Hears what a program prints: what its reader makes of it is kept live as events, and all else goes into the log. */
export class Hearing {
  readonly #reader: ProgramReader;
  readonly #kept: Kept;
  readonly #output: Lines;
  readonly #errors: Lines;

  /** @param heard called for every line, after it was read. */
  constructor(reader: ProgramReader, kept: Kept, heard: () => void) {
    this.#reader = reader;
    this.#kept = kept;
    const hearing = (take: (line: string) => void): Lines =>
      new Lines((line) => {
        take(line);
        heard();
      });
    this.#output = hearing((line) => this.#take(line));
    this.#errors = hearing((line) => this.#takeWords(line));
  }

  push(stream: OutputStream, chunk: Buffer): void {
    (stream === 'stdout' ? this.#output : this.#errors).push(chunk);
  }

  end(): void {
    this.#output.end();
    this.#errors.end();
  }

  #take(line: string): void {
    if (line.trim() === '') return;
    const value = objectIn(line);
    if (value === null) {
      this.#takeWords(line);
      return;
    }
    this.#kept.raw(line);
    const events = this.#reader.json(value);
    if (events === null) this.#kept.log(`of no known type: ${line.slice(0, 500)}`);
    else this.#tell(events);
  }

  #takeWords(line: string): void {
    this.#kept.log(line);
    this.#tell(this.#reader.text?.(line) ?? []);
  }

  #tell(events: readonly AgentEvent[]): void {
    for (const event of events) {
      this.#kept.event(event);
      if ('result' in event && event.result !== null) this.#kept.progress.turned();
    }
  }
}
