import { keepable } from '../domain/keepable.js';
import type { OutputStream } from './command.js';
import { Ring } from './ring.js';
import { isContinuation, WholeCharacters } from './whole-characters.js';

const RING_BYTES = 64 * 1024;

/** What a command said: the beginning of stdout, the end of both streams, and how much it was. In chunks of whole characters. */
export class Output {
  readonly #maxBytes: number;
  readonly #kept: Buffer[] = [];
  readonly #end = new Ring(RING_BYTES);
  #keptBytes = 0;
  #stdoutBytes = 0;
  #streamedBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  add(stream: OutputStream, chunk: Buffer): void {
    this.#streamedBytes += chunk.length;
    this.#end.write(chunk);
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

  /** The last `characters` of both streams, in the order in which they came; without what no record can keep. */
  tail(characters: number): string {
    const bytes = this.#end.read();
    const whole = bytes.length < RING_BYTES ? bytes : bytes.subarray(bytes.findIndex((byte) => !isContinuation(byte)));
    return keepable(whole.toString('utf8').slice(-characters));
  }

  get stdout(): string {
    const bytes = Buffer.concat(this.#kept);
    if (!this.cut) return bytes.toString('utf8');
    const whole = new WholeCharacters().push(bytes);
    return `${whole.toString('utf8')}\n[Baton cut the output here: ${this.#keptBytes} of ${this.#stdoutBytes} bytes kept]`;
  }
}
