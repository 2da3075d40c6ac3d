/** Of larger content as much is looked at at once; each piece that comes is copied behind what is held of it. */
const WINDOW_BYTES = 1024 * 1024;
/** Longer than anything that is looked for. */
const OVERLAP_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/** Reads what `git cat-file --batch` prints, piece by piece, and remembers the ids of what `matches`. */
export class Blobs {
  readonly found = new Set<string>();
  readonly #matches: (content: Buffer) => boolean;
  #held = Buffer.alloc(0);
  #id = '';
  /** Of the content that is read, with the newline behind it; null between two. */
  #left: number | null = null;

  constructor(matches: (content: Buffer) => boolean) {
    this.#matches = matches;
  }

  push(chunk: Buffer): void {
    this.#held = Buffer.concat([this.#held, chunk]);
    while (this.#left === null ? this.#readHead() : this.#readContent(this.#left));
  }

  /** Whether there was a whole one. */
  #readHead(): boolean {
    const end = this.#held.indexOf(NEWLINE);
    if (end === -1) return false;
    const [id = '', , size] = this.#held.toString('latin1', 0, end).split(' ');
    this.#held = this.#held.subarray(end + 1);
    this.#id = id;
    // What is missing has no size.
    this.#left = size === undefined ? null : Number(size) + 1;
    return true;
  }

  #readContent(left: number): boolean {
    const isWhole = this.#held.length >= left;
    if (!isWhole && this.#held.length < WINDOW_BYTES) return false;
    const content = this.#held.subarray(0, left);
    if (this.#matches(content)) this.found.add(this.#id);
    const done = isWhole ? left : content.length - OVERLAP_BYTES;
    this.#held = this.#held.subarray(done);
    this.#left = isWhole ? null : left - done;
    return isWhole;
  }
}
