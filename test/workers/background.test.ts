import { randomUUID } from 'node:crypto';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { WorkflowFailedError } from '@temporalio/client';
import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { cancellation } from '../../src/activities/cancellation.js';
import { BatonError } from '../../src/domain/errors.js';
import { createLogger } from '../../src/telemetry/logger.js';
import { Background } from '../../src/workers/background.js';
import { activityInterceptors } from '../../src/workers/interceptors.js';
import { eventually } from '../support/eventually.js';
import { connectToTemporal, temporalAddress, uniqueTaskQueue } from '../support/temporal.js';
import { bundleWorkflows } from '../support/workflow-bundle.js';

export interface TestActivities {
  act(what: string): Promise<unknown>;
}

Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('ERROR') });
const log = createLogger({ name: 'test', level: 'silent' });
const NEVER_MS = 600_000;
let code: string;
let client: Client;
const ends: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  code = await bundleWorkflows(resolve(import.meta.dirname, 'background-workflows.ts'));
  client = await connectToTemporal();
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});
afterAll(() => client.connection.close());

interface TestWorkerOptions {
  readonly afterMs: number;
  readonly most?: number;
  readonly slots?: number;
  readonly taskQueue?: string;
}

async function startWorker(
  act: TestActivities['act'] | null,
  { afterMs, most = 10, slots = 10, taskQueue = uniqueTaskQueue('background') }: TestWorkerOptions,
) {
  const background = new Background({ client, log, afterMs, most });
  const connection = await NativeConnection.connect({ address: temporalAddress() });
  const worker = await Worker.create({
    connection,
    taskQueue,
    workflowBundle: { code },
    ...(act && { activities: { act }, interceptors: { activity: [activityInterceptors(log, background)] } }),
    maxConcurrentActivityTaskExecutions: slots,
    maxHeartbeatThrottleInterval: '100ms',
    defaultHeartbeatThrottleInterval: '100ms',
    shutdownGraceTime: '1s',
    shutdownForceTime: '10s',
  });
  const running = worker.run();
  let stopping: Promise<unknown> | undefined;
  const stop = (): Promise<unknown> =>
    (stopping ??= (async () => {
      worker.shutdown();
      await Promise.all([running, background.close(0)]);
      await connection.close();
    })());
  ends.push(stop);
  return { background, taskQueue, stop };
}

const start = (taskQueue: string, what: string, workflow = 'ask') =>
  client.workflow.start(workflow, { taskQueue, workflowId: `background-${randomUUID()}`, args: [what] });

/** What a workflow sees of its activity. */
async function seen(result: Promise<unknown>): Promise<unknown> {
  try {
    return await result;
  } catch (error) {
    const cause = error instanceof WorkflowFailedError ? error.cause : error;
    const why = cause instanceof ActivityFailure ? cause.cause : cause;
    return {
      workflow: cause?.constructor.name,
      activity: why?.constructor.name,
      ...(why instanceof ApplicationFailure && {
        type: why.type,
        nonRetryable: why.nonRetryable,
        message: why.message,
        details: why.details,
      }),
    };
  }
}

const aborted = (): Promise<never> =>
  new Promise((_resolve, reject) => {
    const signal = cancellation();
    const end = (): void => reject(signal.reason as Error);
    if (signal.aborted) end();
    signal.addEventListener('abort', end);
  });

/** Each takes longer than nothing, so that it can get into the background. */
const BEHAVIOURS: Readonly<Record<string, (attempt: number) => Promise<unknown>>> = {
  value: () => Promise.resolve({ answer: 42 }),
  nothing: () => Promise.resolve(undefined),
  'fails at first': (attempt) =>
    attempt === 1
      ? Promise.reject(new BatonError('later', 'Later.', { retryable: true }))
      : Promise.resolve(`attempt ${attempt}`),
  'always fails': () => Promise.reject(new BatonError('later', 'Later.', { retryable: true, details: { a: 1 } })),
  'fails for good': () => Promise.reject(new BatonError('no', 'No.')),
  'has a bug': () => Promise.reject(new TypeError('x is undefined')),
  'fails as Temporal does': () => Promise.reject(ApplicationFailure.nonRetryable('so', 'kind')),
};

const behave = async (what: string): Promise<unknown> => {
  await sleep(100);
  return BEHAVIOURS[what]!(Context.current().info.attempt);
};

describe('an activity in the background', () => {
  it('ends for its workflow as it does in its slot', async () => {
    const inSlot = await startWorker(behave, { afterMs: NEVER_MS });
    const behind = await startWorker(behave, { afterMs: 0 });
    for (const what of Object.keys(BEHAVIOURS)) {
      const [one, other] = await Promise.all(
        [inSlot, behind].map(async ({ taskQueue }) => seen((await start(taskQueue, what)).result())),
      );
      expect({ what, ...{ seen: other } }).toEqual({ what, ...{ seen: one } });
    }
    expect(await seen((await start(behind.taskQueue, 'fails at first')).result())).toBe('attempt 2');
    expect(await seen((await start(behind.taskQueue, 'fails for good')).result())).toMatchObject({
      type: 'no',
      nonRetryable: true,
    });
  });

  it('is told when it is taken back, and ends as cancelled', async () => {
    const results = [];
    for (const afterMs of [NEVER_MS, 0]) {
      const { taskQueue } = await startWorker(aborted, { afterMs });
      results.push(await seen((await start(taskQueue, 'x', 'takeBack')).result()));
    }
    expect(results[1]).toEqual(results[0]);
    expect(results[1]).toMatchObject({ activity: 'CancelledFailure' });
  });

  it('may end well though it was taken back', async () => {
    const { taskQueue } = await startWorker(() => aborted().catch(() => 'done all the same'), { afterMs: 0 });
    expect(await seen((await start(taskQueue, 'x', 'takeBack')).result())).toBe('done all the same');
  });

  it('has given its slot back', async () => {
    let release = (): void => undefined;
    const released = new Promise<void>((done) => (release = done));
    const act = async (what: string) => {
      if (what === 'long') await released;
      else release();
      return what;
    };
    const { taskQueue, background } = await startWorker(act, { afterMs: 0, slots: 1 });
    const long = await start(taskQueue, 'long');
    await eventually(() => background.size === 1);
    expect(await (await start(taskQueue, 'short')).result()).toBe('short');
    expect(await long.result()).toBe('long');
    await eventually(() => background.size === 0);
  });

  it('keeps its slot while there are as many as may be', async () => {
    const releases = new Map<string, () => void>();
    const act = async (what: string) => {
      await new Promise<void>((done) => releases.set(what, done));
      return what;
    };
    const { taskQueue, background } = await startWorker(act, { afterMs: 0, most: 1, slots: 1 });
    const first = await start(taskQueue, 'first');
    await eventually(() => background.size === 1);
    const second = await start(taskQueue, 'second');
    await eventually(() => releases.has('second'));
    const third = await start(taskQueue, 'third');
    // The second one has the only slot until the first one ends.
    expect(background.size).toBe(1);
    expect(releases.has('third')).toBe(false);
    releases.get('first')!();
    expect(await first.result()).toBe('first');
    await eventually(() => releases.has('third'));
    releases.get('second')!();
    releases.get('third')!();
    expect([await second.result(), await third.result()]).toEqual(['second', 'third']);
  });

  it('is ended where nobody waits for it any more', async () => {
    const reasons: unknown[] = [];
    const act = () => aborted().catch((error: unknown) => reasons.push((error as Error).message));
    const { taskQueue, background } = await startWorker(act, { afterMs: 0 });
    const handle = await start(taskQueue, 'x');
    await eventually(() => background.size === 1);
    await handle.terminate('nobody waits');
    await eventually(() => background.size === 0);
    expect(reasons).toEqual(['NOT_FOUND']);
  });

  it('is given back by a worker that stops, and goes on with another', async () => {
    const first = await startWorker(aborted, { afterMs: 0 });
    const handle = await start(first.taskQueue, 'x');
    await eventually(() => first.background.size === 1);
    await first.stop();
    expect(first.background.size).toBe(0);
    await startWorker(() => Promise.resolve(`attempt ${Context.current().info.attempt}`), {
      afterMs: 0,
      taskQueue: first.taskQueue,
    });
    expect(await handle.result()).toBe('attempt 2');
  });

  it('is begun again elsewhere when its worker is killed', async () => {
    const taskQueue = uniqueTaskQueue('background');
    const imports = resolve(import.meta.dirname, '../support/typescript-imports.js');
    const child = spawn(
      process.execPath,
      [
        ...['--disable-warning=ExperimentalWarning', '--import', imports],
        resolve(import.meta.dirname, 'background-victim.ts'),
        temporalAddress(),
        taskQueue,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const lines = createInterface({ input: child.stdout });
    ends.push(async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    });
    const inBackground = once(lines, 'line');
    await startWorker(null, { afterMs: 0, taskQueue });
    const handle = await start(taskQueue, 'x');
    await inBackground;
    child.kill('SIGKILL');
    await startWorker(() => Promise.resolve(`attempt ${Context.current().info.attempt}`), { afterMs: 0, taskQueue });
    expect(await handle.result()).toBe('attempt 2');
  });
});
