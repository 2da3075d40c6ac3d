/** The end of what was written, in a piece of memory that does not grow. */
export class Ring {
  readonly #sizeBytes: number;
  #bytes: Buffer | undefined;
  #at = 0;
  #isFull = false;

  constructor(sizeBytes: number) {
    this.#sizeBytes = sizeBytes;
  }

  write(chunk: Buffer): void {
    const bytes = (this.#bytes ??= Buffer.allocUnsafeSlow(this.#sizeBytes));
    const last = chunk.subarray(Math.max(0, chunk.length - this.#sizeBytes));
    const first = last.copy(bytes, this.#at);
    last.copy(bytes, 0, first);
    if (this.#at + last.length >= this.#sizeBytes) this.#isFull = true;
    this.#at = (this.#at + last.length) % this.#sizeBytes;
  }

  /** Oldest first; without the beginning where more was written than fits. */
  read(): Buffer {
    if (!this.#bytes) return Buffer.alloc(0);
    const newest = this.#bytes.subarray(0, this.#at);
    return Buffer.concat(this.#isFull ? [this.#bytes.subarray(this.#at), newest] : [newest]);
  }
}
