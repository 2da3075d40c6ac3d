import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { Client, Connection } from '@temporalio/client';
import { createLogger } from '../../src/telemetry/logger.js';
import { Background } from '../../src/workers/background.js';
import { activityInterceptors } from '../../src/workers/interceptors.js';

/** A worker of activities that never end, for a test to kill; says when one is in the background. */
const [address = '', taskQueue = ''] = process.argv.slice(2);
const client = new Client({ connection: await Connection.connect({ address }) });
Runtime.install({ logger: new DefaultLogger('ERROR') });
const log = createLogger({ name: 'victim', level: 'silent' });
const background = new Background({ client, log, afterMs: 0, most: 1 });
const worker = await Worker.create({
  connection: await NativeConnection.connect({ address }),
  taskQueue,
  activities: { act: () => new Promise(() => undefined) },
  interceptors: { activity: [activityInterceptors(log, background)] },
});
const said = setInterval(() => {
  if (background.size === 0) return;
  clearInterval(said);
  console.log('in the background');
}, 20);
await worker.run();
