import { StringDecoder } from 'node:string_decoder';
import type { Redactor } from './redact.js';

/** A line longer than this is passed on in parts. */
const MAX_LINE = 16 * 1024;

/**
 * Takes secrets out of a stream of text. What is written is passed on line by line, so that no secret is missed because it
 * came in two pieces; a carriage return ends a line as well.
 */
export class RedactedLines {
  readonly #redactor: Redactor;
  readonly #write: (chunk: Buffer) => Promise<void> | void;
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  constructor(redactor: Redactor, write: (chunk: Buffer) => Promise<void> | void) {
    this.#redactor = redactor;
    this.#write = write;
  }

  push(chunk: Buffer): Promise<void> | void {
    this.#rest += this.#decoder.write(chunk);
    const end = Math.max(this.#rest.lastIndexOf('\n'), this.#rest.lastIndexOf('\r')) + 1;
    return this.#pass(this.#rest.length - end > MAX_LINE ? this.#rest.length : end);
  }

  /** Passes on what is left. */
  end(): Promise<void> | void {
    this.#rest += this.#decoder.end();
    return this.#pass(this.#rest.length);
  }

  #pass(end: number): Promise<void> | void {
    if (end === 0) return;
    const whole = this.#rest.slice(0, end);
    this.#rest = this.#rest.slice(end);
    return this.#write(Buffer.from(this.#redactor.text(whole)));
  }
}
