import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { SEARCH_ATTRIBUTES } from '../domain/search-attributes.js';
import type { Program } from './child.js';
import { minimalEnvironment } from './minimal-environment.js';
import { until } from './until.js';

const retentionDays = 30;
const callTimeoutMs = 5_000;

export interface TemporalServerOptions {
  /** The Temporal CLI. */
  readonly program: string;
  /** Where its database file lies. */
  readonly file: string;
  readonly home: string;
  readonly port: number;
  /** Left out: no Web UI. */
  readonly uiPort?: number;
  readonly namespace: string;
}

/** The official dev server on loopback, with its database in a file and its Web UI. */
export function temporalServer(options: TemporalServerOptions): Program & { readonly address: string } {
  const { program, home, port, namespace } = options;
  const address = `127.0.0.1:${port}`;
  return {
    name: 'temporal',
    address,
    argv: [program, 'server', 'start-dev', ...flags(options)],
    env: minimalEnvironment(home),
    ready: async ({ signal }) => {
      await until(() => accepts(port), signal);
      await keepClosedRuns(address, namespace, signal);
    },
  };
}

function flags({ file, port, uiPort, namespace }: TemporalServerOptions): string[] {
  return [
    ...['--ip', '127.0.0.1', '--port', String(port), '--namespace', namespace, '--db-filename', file],
    ...(uiPort === undefined ? ['--headless'] : ['--ui-port', String(uiPort)]),
    // By default every write waits for the disk; this still survives the crash of a process (measured: twice as fast).
    ...['--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=normal'],
    // Defaults that add 100 ms to each activity, and round timers up to a second.
    ...['--dynamic-config-value', 'history.transferProcessorMaxPollRPS=1000'],
    ...['--dynamic-config-value', 'history.timerProcessorMaxTimeShift="20ms"'],
    ...Object.values(SEARCH_ATTRIBUTES).flatMap((name) => ['--search-attribute', `${name}=Keyword`]),
  ];
}

/** The dev server forgets closed runs after a day and has no flag for it. */
async function keepClosedRuns(address: string, namespace: string, signal: AbortSignal): Promise<void> {
  const connection = Connection.lazy({ address });
  const call = <T>(work: () => Promise<T>) => connection.withDeadline(Date.now() + callTimeoutMs, work);
  const { workflowService } = connection;
  try {
    const { config } = await until(() => call(() => workflowService.describeNamespace({ namespace })), signal);
    const retention = msToTs(`${retentionDays} days`);
    if (String(config?.workflowExecutionRetentionTtl?.seconds) === String(retention.seconds)) return;
    const update = { namespace, config: { workflowExecutionRetentionTtl: retention } };
    await call(() => workflowService.updateNamespace(update));
  } finally {
    await connection.close();
  }
}

/** @throws where nobody listens on this port of loopback. */
export async function accepts(port: number): Promise<void> {
  const socket = connectSocket({ host: '127.0.0.1', port });
  try {
    await once(socket, 'connect');
  } finally {
    socket.destroy();
  }
}
