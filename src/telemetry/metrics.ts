import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What the API counts, for Prometheus. */
export interface ApiMetrics {
  readonly registry: Registry;
  readonly requests: Histogram<'method' | 'route' | 'status'>;
  readonly feedReaders: Gauge;
  readonly feedEvents: Counter;
  readonly feedDropped: Counter;
  readonly dispatched: Counter<'outcome'>;
}

/** A registry of its own: two APIs in one process, as in tests, do not count into each other. */
export function createApiMetrics(): ApiMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    requests: new Histogram({
      name: 'baton_http_request_seconds',
      help: 'Time to answer, by route',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
      registers,
    }),
    feedReaders: new Gauge({ name: 'baton_feed_readers', help: 'Open event streams', registers }),
    feedEvents: new Counter({ name: 'baton_feed_events_total', help: 'Events read from the database', registers }),
    feedDropped: new Counter({
      name: 'baton_feed_dropped_readers_total',
      help: 'Readers dropped as too slow',
      registers,
    }),
    dispatched: new Counter({
      name: 'baton_runs_dispatched_total',
      help: 'Workflows started',
      labelNames: ['outcome'],
      registers,
    }),
  };
}

/** What a worker counts. */
export interface WorkerMetrics {
  readonly registry: Registry;
  readonly orphans: Counter;
  readonly contextTokens: Histogram;
  readonly contextLeftOut: Counter;
}

/** @param background how many activities go on without a slot now. */
export function createWorkerMetrics(background: () => number): WorkerMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  new Gauge({
    name: 'baton_background_activities',
    help: 'Activities that go on without a slot',
    registers,
    collect() {
      this.set(background());
    },
  });
  return {
    registry,
    contextTokens: new Histogram({
      name: 'baton_context_tokens',
      help: 'Tokens, about, that an agent is told at the beginning of an attempt',
      buckets: [500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000],
      registers,
    }),
    contextLeftOut: new Counter({
      name: 'baton_context_left_out_total',
      help: 'Parts of what an agent is told that were cut or left out for want of room',
      registers,
    }),
    orphans: new Counter({
      name: 'baton_orphaned_processes_total',
      help: 'Processes ended that a command, or a worker that died, had left',
      registers,
    }),
  };
}
