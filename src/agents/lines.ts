import { StringDecoder } from 'node:string_decoder';

/** A line that never ends is handed on in parts of this size. */
const MAX_LINE_CHARACTERS = 1024 * 1024;

/** Whole lines out of the chunks of a stream, whatever the chunks cut through. */
export class Lines {
  readonly #decoder = new StringDecoder('utf8');
  readonly #take: (line: string) => void;
  #rest = '';

  constructor(take: (line: string) => void) {
    this.#take = take;
  }

  push(chunk: Buffer): void {
    const lines = (this.#rest + this.#decoder.write(chunk)).split('\n');
    this.#rest = lines.pop()!;
    for (const line of lines) this.#take(line);
    if (this.#rest.length <= MAX_LINE_CHARACTERS) return;
    this.#take(this.#rest);
    this.#rest = '';
  }

  /** What was left without a line's end. */
  end(): void {
    const last = this.#rest + this.#decoder.end();
    this.#rest = '';
    if (last !== '') this.#take(last);
  }
}
