import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { createApp } from '../../src/api/app.js';
import type { ApiDeps } from '../../src/api/deps.js';
import { Dispatcher } from '../../src/api/dispatcher.js';
import { Feed } from '../../src/api/feed/feed.js';
import type { OrganisationRole } from '../../src/db/schema.js';
import { createLocalForge } from '../../src/forge/local.js';
import { createLogger } from '../../src/telemetry/logger.js';
import { createApiMetrics } from '../../src/telemetry/metrics.js';
import { connectToTemporal, uniqueTaskQueue } from '../support/temporal.js';
import { createRecord, type TestRecord } from './record.js';

export interface Asked {
  readonly as?: OrganisationRole | null;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What tests look at in an answer, whichever it is: the schemas are checked by the API itself. */
export interface Body {
  readonly id: string;
  readonly at: string;
  readonly number: number;
  readonly status: string | number;
  readonly workflowId: string;
  readonly url: string;
  readonly code: string;
  readonly detail: string;
  readonly errors: readonly { readonly pointer: string; readonly message: string }[];
  readonly items: readonly Body[];
  readonly next: string | null;
  readonly briefing: string;
  readonly repository: string;
  readonly pipeline: { readonly name: string };
  readonly action: string;
  readonly outcome: string;
  readonly actor: { readonly name: string };
  readonly title: string;
  readonly handle: string;
  readonly run: string;
  readonly state: string;
  readonly details: unknown;
  readonly context: unknown;
  readonly decisions: readonly unknown[];
  readonly canDecide: readonly Body[];
  readonly refusal: unknown;
  readonly entries: number;
  readonly intact: boolean;
  readonly runs: readonly Body[];
  readonly lineage: { readonly reruns: unknown };
  readonly graph: { readonly nodes: unknown };
  readonly warnings: readonly string[];
  readonly cost: unknown;
  readonly costUsd: number | null;
  readonly listPrice: unknown;
  readonly steps: readonly Body[];
  readonly shipped: string;
  readonly versions: readonly { readonly version: number; readonly status: string; readonly soleMember: boolean }[];
  readonly attempts: readonly Body[];
  readonly files: unknown;
  readonly diff: string;
  readonly cut: boolean;
  readonly change: unknown;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Of an answer in JSON. */
  readonly body: Body;
}

export interface ServedApi {
  readonly url: string;
  readonly record: TestRecord;
  readonly temporal: Client;
  readonly taskQueue: string;
  readonly deps: ApiDeps;
  readonly dataDirectory: string;
  /** Lines that the API has logged. */
  readonly log: readonly string[];
  get(path: string, asked?: Asked): Promise<Answered>;
  post(path: string, body?: unknown, asked?: Asked): Promise<Answered>;
  /** By any other method. */
  send(method: string, path: string, asked?: Asked): Promise<Answered>;
  close(): Promise<void>;
}

/** The whole API on a free port of loopback, over a real database and the real Temporal server. */
export async function serveApi(change: Partial<ApiDeps> = {}): Promise<ServedApi> {
  const record = await createRecord();
  const temporal = await connectToTemporal();
  const dataDirectory = await mkdtemp(join(tmpdir(), 'baton-api-'));
  const lines: string[] = [];
  const log = createLogger({ name: 'api', level: 'info', destination: { write: (line) => void lines.push(line) } });
  const metrics = createApiMetrics();
  const stopping = new AbortController();
  const shared = { db: record.db, temporal, taskQueue: uniqueTaskQueue('api'), log, metrics };
  const feed = new Feed({ db: record.db, databaseUrl: record.url, log, metrics });
  const dispatcher = new Dispatcher(shared, record.url);
  const deps: ApiDeps = {
    ...shared,
    feed,
    dispatcher,
    forge: createLocalForge({ db: record.db, dataDirectory }),
    baseUrl: null,
    webDirectory: null,
    stopping: stopping.signal,
    checkAnswers: true,
    ...change,
  };
  const server = createServer(createApp(deps));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  feed.start();
  dispatcher.start();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const ask = async (
    method: string,
    path: string,
    { as = 'admin', body, headers = {} }: Asked = {},
  ): Promise<Answered> => {
    const response = await fetch(`${url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(as === null ? {} : { authorization: `Bearer ${record.people[as].key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' || body instanceof Uint8Array ? (body as string) : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /[/+]json\b/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, text, body: (isJson ? JSON.parse(text) : {}) as Body };
  };

  return {
    url,
    record,
    temporal,
    taskQueue: deps.taskQueue,
    deps,
    dataDirectory,
    log: lines,
    get: (path, asked) => ask('GET', path, asked),
    post: (path, body, asked) => ask('POST', path, { ...asked, body }),
    send: ask,
    close: async () => {
      stopping.abort();
      await closeServer(server);
      await Promise.all([feed.stop(), dispatcher.stop()]);
      await temporal.connection.close();
      await record.close();
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}
