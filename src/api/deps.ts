import type { Client } from '@temporalio/client';
import type { Db } from '../db/connection.js';
import type { Forge } from '../forge/forge.js';
import type { Logger } from '../telemetry/logger.js';
import type { ApiMetrics } from '../telemetry/metrics.js';
import type { EventSources } from '../schema/event-sources.js';
import type { Dispatcher } from './dispatcher.js';
import type { Feed } from './feed/feed.js';

/** What the API stands on. */
export interface ApiDeps {
  readonly db: Db;
  readonly temporal: Client;
  /** Queue on which runs are started. */
  readonly taskQueue: string;
  readonly forge: Forge;
  readonly feed: Feed;
  readonly dispatcher: Pick<Dispatcher, 'wake'>;
  readonly log: Logger;
  readonly metrics: ApiMetrics;
  /** Where people reach it; their browsers are held to it. Loopback is always allowed. */
  readonly baseUrl: string | null;
  /** The built web page; null where there is none. */
  readonly webDirectory: string | null;
  /** Systems that may send signed events; left out: none. */
  readonly eventSources?: EventSources;
  /** Ends when the API stops: open streams end with it. */
  readonly stopping: AbortSignal;
  /** Whether answers are checked against their schemas. On in tests. */
  readonly checkAnswers: boolean;
}
