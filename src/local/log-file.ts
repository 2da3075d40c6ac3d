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

  /** A full disk costs log lines, never the platform. */
  append(line: string): void {
    try {
      this.#bytes += writeSync(this.#descriptor, `${line}\n`);
      if (this.#bytes >= this.#maxBytes) this.#rotate();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #rotate(): void {
    closeSync(this.#descriptor);
    renameSync(this.#path, `${this.#path}.1`);
    this.#descriptor = openSync(this.#path, 'a', 0o600);
    this.#bytes = 0;
  }
}
