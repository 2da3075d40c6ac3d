import { StringDecoder } from 'node:string_decoder';
import { keepable } from '../domain/keepable.js';
import type { OutputStream } from './command.js';

const TAIL_CHARACTERS = 2_000;

/** What a command said: the beginning of stdout, the end of both streams, and how much it was. */
export class Output {
  readonly #maxBytes: number;
  readonly #kept: Buffer[] = [];
  readonly #decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  #keptBytes = 0;
  #stdoutBytes = 0;
  #streamedBytes = 0;
  #tail = '';

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  add(stream: OutputStream, chunk: Buffer): void {
    this.#streamedBytes += chunk.length;
    this.#tail = (this.#tail + this.#decoders[stream].write(chunk)).slice(-TAIL_CHARACTERS);
    if (stream === 'stderr') return;

    this.#stdoutBytes += chunk.length;
    const room = this.#maxBytes - this.#keptBytes;
    if (room <= 0) return;
    this.#kept.push(chunk.subarray(0, room));
    this.#keptBytes += Math.min(room, chunk.length);
  }

  get streamedBytes(): number {
    return this.#streamedBytes;
  }

  get cut(): boolean {
    return this.#stdoutBytes > this.#maxBytes;
  }

  get tail(): string {
    return keepable(this.#tail);
  }

  get stdout(): string {
    const bytes = Buffer.concat(this.#kept);
    if (!this.cut) return bytes.toString('utf8');
    // A decoder holds back the character that the cut went through.
    const whole = new StringDecoder('utf8').write(bytes);
    return `${whole}\n[Baton cut the output here: ${this.#keptBytes} of ${this.#stdoutBytes} bytes kept]`;
  }
}
