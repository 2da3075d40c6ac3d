import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';

const defaultMaxBytes = 10 * 1024 * 1024;

/** A child's log. When it has grown past `maxBytes` it moves to `<path>.1`, and the one before that is dropped. */
export class LogFile {
  readonly #path: string;
  readonly #maxBytes: number;
  #descriptor: number;
  #bytes: number;

  constructor(path: string, { maxBytes = defaultMaxBytes } = {}) {
    this.#path = path;
    this.#maxBytes = maxBytes;
    this.#descriptor = openSync(path, 'a', 0o600);
    this.#bytes = fstatSync(this.#descriptor).size;
  }

  /** A full or broken disk costs log lines, never the platform. */
  append(line: string): void {
    try {
      this.#bytes += writeSync(this.#descriptor, `${line}\n`);
      if (this.#bytes >= this.#maxBytes) this.#rotate();
    } catch {
      // There is nowhere to say it.
    }
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #rotate(): void {
    renameSync(this.#path, `${this.#path}.1`);
    const next = openSync(this.#path, 'a', 0o600);
    closeSync(this.#descriptor);
    this.#descriptor = next;
    this.#bytes = 0;
  }
}
