import { StringDecoder } from 'node:string_decoder';
import type { ApiClient } from './api-client.js';

/** The text of an artifact that may still grow, line by line; what was read is not read again. */
export class GrowingText {
  readonly #client: ApiClient;
  readonly #id: string;
  readonly #decoder = new StringDecoder('utf8');
  #offset = 0;
  #rest = '';
  #closed = false;

  constructor(client: ApiClient, id: string) {
    this.#client = client;
    this.#id = id;
  }

  /** Whether it can no longer grow and all of it was read. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Whether there are bytes that were not read, or it is not known that it has ended. */
  hasMore({ bytes, closed }: { readonly bytes: number; readonly closed: boolean }): boolean {
    return !this.#closed && (bytes > this.#offset || closed);
  }

  /** The whole lines that came since, and of a closed one the last line as well. */
  async read(): Promise<{ readonly lines: readonly string[]; readonly closed: boolean }> {
    const answer = await this.#client.open(`/api/artifacts/${this.#id}?offset=${this.#offset}`, {});
    const body = Buffer.from(await answer.arrayBuffer());
    this.#offset += body.length;
    this.#closed = answer.headers.get('baton-artifact-closed') === 'true';
    const lines = (this.#rest + this.#decoder.write(body)).split('\n');
    this.#rest = lines.pop()!;
    return { lines: this.#closed ? [...lines, ...this.takeRest()] : lines, closed: this.#closed };
  }

  /** The line that is not ended yet; none where there is none. */
  takeRest(): string[] {
    const rest = this.#rest + this.#decoder.end();
    this.#rest = '';
    return rest === '' ? [] : [rest];
  }
}
