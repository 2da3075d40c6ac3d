import { setTimeout as sleep } from 'node:timers/promises';
import type { OutputStream } from './command.js';
import type { Started } from './start.js';
import { WholeCharacters } from './whole-characters.js';

/** Takes a chunk; who returns a promise is given nothing more of that stream until it is fulfilled. */
export type Take = (stream: OutputStream, chunk: Buffer) => Promise<void> | void;

/**
 * Reads what a command says, in chunks of whole characters. A stream whose last chunk is still being taken is not read:
 * the pipe fills, and the command waits.
 */
export class Intake {
  readonly #child: Started;
  readonly #take: Take;
  readonly #done: Promise<unknown>;
  #taking = 0;

  constructor(child: Started, take: Take) {
    this.#child = child;
    this.#take = take;
    this.#done = Promise.all([this.#read('stdout'), this.#read('stderr')]);
  }

  /**
   * After the command's end: resolves when everything is taken. Somebody outside of its tree may have been handed the
   * pipe: that one is not waited for longer than `idleMs`.
   */
  async finish(idleMs: number): Promise<void> {
    const over = this.#done.then(() => true);
    for (;;) {
      const waiting = new AbortController();
      const idle = sleep(idleMs, false, { signal: waiting.signal }).catch(() => false);
      if (await Promise.race([over, idle]).finally(() => waiting.abort())) return;
      if (this.#taking === 0) for (const stream of this.#child.stdio) stream?.destroy();
    }
  }

  async #read(name: OutputStream): Promise<void> {
    const characters = new WholeCharacters();
    try {
      for await (const chunk of this.#child[name] as AsyncIterable<Buffer>)
        await this.#hand(name, characters.push(chunk));
    } catch {
      // Destroyed by `finish`, or no more to be read: either way nothing comes any more.
    }
    await this.#hand(name, characters.end());
  }

  async #hand(name: OutputStream, chunk: Buffer): Promise<void> {
    if (chunk.length === 0) return;
    const taken = this.#take(name, chunk);
    if (!taken) return;
    this.#taking += 1;
    await taken.finally(() => (this.#taking -= 1));
  }
}
