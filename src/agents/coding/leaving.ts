/** When a program that has nothing more to say is ended: at the earliest of the times that it was given. */
export class Leaving {
  readonly #over = new AbortController();
  #atMs = Infinity;
  #timer: NodeJS.Timeout | undefined;

  /** Aborts when its time is over. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  in(ms: number): void {
    const atMs = performance.now() + ms;
    if (atMs >= this.#atMs) return;
    clearTimeout(this.#timer);
    this.#atMs = atMs;
    this.#timer = setTimeout(() => this.#over.abort(), ms).unref();
  }

  close(): void {
    clearTimeout(this.#timer);
  }
}
