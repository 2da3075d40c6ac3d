import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { eventually } from '../../support/eventually.js';
import { portHereOf, type World } from './world.js';

const PATIENCE_MS = 180_000;
const REQUEST_MS = 10_000;

/** An event, where a list has events. */
interface Seen {
  readonly payload?: { readonly step?: string };
}

/** Somebody with the first key, who uses the command line and reads over REST. */
export class Person {
  readonly #world: World;
  readonly #url: string;
  readonly #token: string;

  constructor(world: World) {
    this.#world = world;
    this.#url = `http://127.0.0.1:${portHereOf(world, 'api')}`;
    this.#token = (JSON.parse(readFileSync(join(world.data, 'key.json'), 'utf8')) as { token: string }).token;
  }

  /** What a command says. @throws where its exit code is not 0. */
  async baton(...args: readonly string[]): Promise<string> {
    const { stdout } = await execa(join(this.#world.root, 'bin/baton'), args, {
      env: { ...this.#world.environment, BATON_URL: this.#url, BATON_TOKEN: this.#token },
      extendEnv: false,
      stdin: 'ignore',
      timeout: PATIENCE_MS,
    });
    return stdout;
  }

  /** The answer of a GET, asked again while a process that was killed comes back. */
  read<T>(path: string): Promise<T> {
    return eventually(async () => {
      const headers = { authorization: `Bearer ${this.#token}`, accept: 'application/json' };
      const signal = AbortSignal.timeout(REQUEST_MS);
      const answer = await fetch(`${this.#url}/api${path}`, { headers, signal }).catch(() => null);
      return answer?.ok === true && ((await answer.json()) as T);
    }, PATIENCE_MS);
  }

  /** Waits until a list has an item that is meant. */
  async sees(path: string, isMeant: (item: Seen) => boolean = () => true): Promise<void> {
    await eventually(async () => (await this.read<{ items: Seen[] }>(path)).items.some(isMeant), PATIENCE_MS);
  }
}
