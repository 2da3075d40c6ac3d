import { watch, type FSWatcher } from 'node:fs';
import { join } from 'node:path';
import { withRole } from '../db/connection.js';
import { REPOSITORIES_CHANNEL, watchedRepositories, type WatchedRepository } from '../db/pushes.js';
import type { ApiDeps } from './deps.js';
import { listen, type Listener } from './feed/listener.js';
import { WakeUp } from './wake-up.js';

type WatcherDeps = Pick<ApiDeps, 'db' | 'forge' | 'log'>;

const RETRY_MS = 1_000;
/** A folder on another host's disk tells nobody that it changes. */
const LOOK_AGAIN_MS = 60_000;
const TIDY_EVERY_MS = 24 * 3_600_000;

/**
 * Sees what is pushed to the embedded forge's repositories, by whomever: the file system says that a branch may have
 * moved, the record says whether it has. A hook could be removed, and would have to reach the database.
 */
export class PushWatcher {
  readonly #deps: WatcherDeps;
  readonly #databaseUrl: string;
  readonly #wakeUp = new WakeUp();
  readonly #watched = new Map<string, FSWatcher[]>();
  readonly #changed = new Map<string, WatchedRepository>();
  readonly #settled = new Set<string>();
  #tidyAt = 0;
  #listsAgain = true;
  #stopped = false;
  #listener: Listener | null = null;
  #loop: Promise<void> = Promise.resolve();

  constructor(deps: WatcherDeps, databaseUrl: string) {
    this.#deps = deps;
    this.#databaseUrl = databaseUrl;
  }

  /** Begins with what was pushed while nobody looked. */
  start(): void {
    this.#listener = listen(this.#databaseUrl, REPOSITORIES_CHANNEL, () => this.#lookAtAll(), this.#deps.log);
    this.#loop = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wakeUp.ring();
    await Promise.all([this.#loop, this.#listener?.stop()]);
    for (const watchers of this.#watched.values()) for (const watcher of watchers) watcher.close();
  }

  #lookAtAll(): void {
    this.#listsAgain = true;
    this.#wakeUp.ring();
  }

  async #run(): Promise<void> {
    let lookAt = Date.now() + LOOK_AGAIN_MS;
    while (!this.#stopped) {
      const isDone = await this.#look();
      await this.#wakeUp.wait(isDone ? Math.max(0, lookAt - Date.now()) : RETRY_MS);
      if (Date.now() < lookAt) continue;
      this.#listsAgain = true;
      lookAt = Date.now() + LOOK_AGAIN_MS;
    }
  }

  /** Whether all was looked at; else it is to be tried again. */
  async #look(): Promise<boolean> {
    const { db, forge, log } = this.#deps;
    try {
      if (this.#listsAgain) {
        this.#listsAgain = false;
        await this.#tidy();
        const listed = await withRole(db, 'baton_lookup', watchedRepositories);
        this.#forgetOthers(new Set(listed.map(({ id }) => id)));
        for (const repository of listed) {
          await this.#settle(repository);
          this.#watch(repository);
        }
      }
    } catch (error) {
      this.#listsAgain = true;
      log.warn({ err: error }, 'pushes wait to be seen until the database is there');
      return false;
    }
    const failed: WatchedRepository[] = [];
    for (const repository of [...this.#changed.values()]) {
      if (this.#stopped) return true;
      this.#changed.delete(repository.id);
      await forge.observePushes(repository.organisationId, repository.id).catch((error: unknown) => {
        log.warn({ err: error, repository: repository.remoteUrl }, 'pushes to a repository could not be told yet');
        failed.push(repository);
      });
    }
    for (const repository of failed) this.#changed.set(repository.id, repository);
    return failed.length === 0;
  }

  /** A repository that is removed is not looked at any more. */
  #forgetOthers(listed: ReadonlySet<string>): void {
    for (const id of [...this.#watched.keys(), ...this.#changed.keys(), ...this.#settled]) {
      if (listed.has(id)) continue;
      this.#unwatch(id);
      this.#changed.delete(id);
      this.#settled.delete(id);
    }
  }

  /** At the start, then once a day. */
  async #tidy(): Promise<void> {
    if (Date.now() < this.#tidyAt) return;
    this.#tidyAt = Date.now() + TIDY_EVERY_MS;
    await this.#deps.forge.tidy().catch((error: unknown) => {
      this.#deps.log.warn({ err: error }, 'what is left of repositories could not be deleted yet');
    });
  }

  /** Once a repository; tried again at the next listing where it fails. */
  async #settle({ id, organisationId, remoteUrl }: WatchedRepository): Promise<void> {
    if (this.#settled.has(id)) return;
    try {
      await this.#deps.forge.settleRepository(organisationId, id);
      this.#settled.add(id);
    } catch (error) {
      this.#deps.log.warn({ err: error, repository: remoteUrl }, 'the branches of a repository are not protected yet');
    }
  }

  #watch(repository: WatchedRepository): void {
    const { id, remoteUrl } = repository;
    this.#changed.set(id, repository);
    if (this.#watched.has(id)) return;
    const changed = (): void => {
      this.#changed.set(id, repository);
      this.#wakeUp.ring();
    };
    const watchers: FSWatcher[] = [];
    try {
      watchers.push(
        watch(join(remoteUrl, 'refs/heads'), { recursive: true }, changed),
        watch(remoteUrl, (_, file) => file === 'packed-refs' && changed()),
      );
      for (const watcher of watchers) watcher.on('error', () => this.#unwatch(id));
      this.#watched.set(id, watchers);
    } catch (error) {
      for (const watcher of watchers) watcher.close();
      this.#deps.log.debug({ err: error, repository: remoteUrl }, 'a repository is looked at by the clock only');
    }
  }

  #unwatch(id: string): void {
    for (const watcher of this.#watched.get(id) ?? []) watcher.close();
    this.#watched.delete(id);
  }
}
