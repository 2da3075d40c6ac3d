import { Client, Connection } from '@temporalio/client';
import { freePort } from '../../src/local/ports.js';
import { supervise } from '../../src/local/supervisor.js';
import { temporalServer } from '../../src/local/temporal-server.js';
import { findTemporal } from '../../src/local/toolchain.js';
import { parseEnvironment } from '../../src/schema/environment.js';
import { createTimeSkippingEnvironment } from '../support/temporal.js';
import { scratchDataDirectory } from './scratch.js';

async function start() {
  const { root, run, logs, temporalFile } = await scratchDataDirectory();
  const server = temporalServer({
    program: findTemporal(parseEnvironment(process.env).cacheDirectory),
    file: temporalFile,
    home: root,
    port: await freePort(),
    namespace: 'default',
  });
  let back: () => void = () => undefined;
  const isBack = new Promise<void>((resolve) => (back = resolve));
  const supervised = supervise(server, {
    runDirectory: run,
    logDirectory: logs,
    say: (_, text) => {
      if (text.startsWith('is back')) back();
    },
  });
  await supervised.ready;
  return { supervised, isBack, address: server.address };
}

describe('the embedded Temporal server', () => {
  it('keeps closed runs for thirty days and knows what runs are found by', async () => {
    const { supervised, address } = await start();
    const connection = await Connection.connect({ address });
    const { config } = await connection.workflowService.describeNamespace({ namespace: 'default' });
    expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(30 * 24 * 60 * 60);

    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: 'default' });
    expect(Object.keys(customAttributes)).toEqual(
      expect.arrayContaining([
        'BatonIssue',
        'BatonPipeline',
        'BatonPriority',
        'BatonRepository',
        'BatonRun',
        'BatonStatus',
      ]),
    );
    await connection.close();
    await supervised.stop();
  });

  it('comes back by itself after kill -9, on the same address, with the runs that it had', async () => {
    const { supervised, isBack, address } = await start();
    const connection = await Connection.connect({ address });
    const { workflow } = new Client({ connection });
    const { workflowId, firstExecutionRunId } = await workflow.start('waits', {
      workflowId: 'run-1',
      taskQueue: 'nobody',
    });

    process.kill(supervised.pid!, 'SIGKILL');
    await isBack;
    expect((await workflow.getHandle(workflowId).describe()).runId).toBe(firstExecutionRunId);
    await connection.close();
    await supervised.stop();
  });
});

it('has a time-skipping server for the tests', async () => {
  const environment = await createTimeSkippingEnvironment();
  const before = await environment.currentTimeMs();
  await environment.sleep('30 days');
  expect((await environment.currentTimeMs()) - before).toBeGreaterThanOrEqual(30 * 24 * 60 * 60 * 1000);
  await environment.teardown();
});
