/**
 * Cuts a stream of bytes where characters of UTF-8 end: the beginning of one waits for its rest, at most three bytes.
 * What is no UTF-8 passes as it is.
 */
export class WholeCharacters {
  #held = Buffer.alloc(0);

  push(chunk: Buffer): Buffer {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const whole = bytes.length - begunBytes(bytes);
    this.#held = Buffer.from(bytes.subarray(whole));
    return bytes.subarray(0, whole);
  }

  /** What is left when nothing more comes. */
  end(): Buffer {
    const rest = this.#held;
    this.#held = Buffer.alloc(0);
    return rest;
  }
}

export const isContinuation = (byte: number): boolean => (byte & 0xc0) === 0x80;

/** How many bytes at the end belong to a character that is not whole yet. */
function begunBytes(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back]!;
    if (isContinuation(byte)) continue;
    return lengthFrom(byte) > back ? back : 0;
  }
  return 0;
}

const lengthFrom = (first: number): number => (first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1);
