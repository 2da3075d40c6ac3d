import type { Db } from '../../db/connection.js';
import { comparePositions, feedEnd, readFeed, type FeedEvent, type Position } from '../../db/event-feed.js';
import type { Logger } from '../../telemetry/logger.js';
import type { ApiMetrics } from '../../telemetry/metrics.js';
import { listen, type Listener } from './listener.js';
import { WakeUp } from '../wake-up.js';

export interface FeedOptions {
  readonly db: Db;
  readonly databaseUrl: string;
  readonly log: Logger;
  readonly metrics: ApiMetrics;
}

export interface Subscriber {
  readonly organisationId: string;
  /** Called in the order of the stream; it must not wait. */
  readonly receive: (event: FeedEvent) => void;
}

const PAGE = 500;
/** While an open transaction holds back committed events nobody says when it ends: PostgreSQL is asked this often. */
const BEHIND_MS = 50;
/** Should a notice ever be lost with its connection half open. */
const IDLE_MS = 10_000;
const RETRY_MS = 500;

/**
 * The live end of the stream of events: one reader of the database for a whole process, however many follow it.
 * `position` says how far it has come: whoever has everything up to there and subscribes in the same turn of the event
 * loop misses nothing and gets nothing twice.
 */
export class Feed {
  readonly #options: FeedOptions;
  readonly #subscribers = new Set<Subscriber>();
  readonly #wakeUp = new WakeUp();
  #position: Position | null = null;
  #listener: Listener | null = null;
  #tail: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  /** Begins at the end of the stream. It need not be waited for: while the database is away it tries again. */
  start(): void {
    const { databaseUrl, log } = this.#options;
    this.#listener = listen(databaseUrl, 'baton_events', () => this.#wakeUp.ring(), log);
    this.#tail = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wakeUp.ring();
    await this.#listener?.stop();
    await this.#tail;
  }

  /** How far the stream was read; null before the first look at the database. */
  get position(): Position | null {
    return this.#position;
  }

  /** Everything after `position` from now on. Returns what ends it. */
  subscribe(subscriber: Subscriber): () => void {
    this.#subscribers.add(subscriber);
    this.#options.metrics.feedReaders.set(this.#subscribers.size);
    return () => {
      this.#subscribers.delete(subscriber);
      this.#options.metrics.feedReaders.set(this.#subscribers.size);
    };
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      try {
        await this.#wakeUp.wait(await this.#look());
      } catch (error) {
        this.#options.log.warn({ err: error }, 'the feed cannot read events; it tries again');
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  /** Hands on what is new. Returns how long the next look may wait for a notice, in milliseconds. */
  async #look(): Promise<number> {
    if (this.#position === null) {
      this.#position = await feedEnd(this.#options.db);
      return 0;
    }
    const { events, behind } = await readFeed(this.#options.db, this.#position, PAGE);
    for (const event of events) this.#handOn(event);
    if (events.length === PAGE) return 0;
    return behind ? BEHIND_MS : IDLE_MS;
  }

  #handOn(event: FeedEvent): void {
    this.#position = event.position;
    this.#options.metrics.feedEvents.inc();
    for (const subscriber of this.#subscribers) {
      if (subscriber.organisationId === event.organisationId) subscriber.receive(event);
    }
  }
}

export const isAfter = (event: FeedEvent, position: Position): boolean =>
  comparePositions(event.position, position) > 0;
