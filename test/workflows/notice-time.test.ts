import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { ApplicationFailure } from '@temporalio/common';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import type { NoticeActivities } from '../../src/domain/notice.js';
import { createTimeSkippingEnvironment, uniqueTaskQueue } from '../support/temporal.js';
import { workflowBundle } from '../support/workflow-bundle.js';

Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('ERROR') });

const HOUR_MS = 3600_000;
const taskQueue = uniqueTaskQueue('notice-time');
let env: TestWorkflowEnvironment;
let worker: Worker;
let running: Promise<void>;
let told: string[];
let fakes: NoticeActivities;

beforeAll(async () => {
  env = await createTimeSkippingEnvironment();
  const activities: NoticeActivities = {
    holdNotice: (ref) => fakes.holdNotice(ref),
    sendNotice: (ref) => fakes.sendNotice(ref),
    buryNotice: (request) => fakes.buryNotice(request),
  };
  worker = await Worker.create({
    connection: env.nativeConnection,
    taskQueue,
    workflowBundle: { codePath: await workflowBundle() },
    activities,
  });
  running = worker.run();
});
beforeEach(() => {
  told = [];
  fakes = {
    holdNotice: () => Promise.resolve(0),
    sendNotice: () => Promise.resolve(void told.push('sent')),
    buryNotice: ({ failure }) => Promise.resolve(void told.push(`buried: ${failure.code}`)),
  };
});
afterAll(async () => {
  worker.shutdown();
  await running;
  await env.teardown();
});

const deliver = (workflowId: string) =>
  env.client.workflow.execute('notice', {
    taskQueue,
    workflowId,
    args: [{ organisationId: 'acme', noticeId: workflowId, round: 1 }],
  });

describe('a notice in time', () => {
  it('is held by a durable timer, and asks again when that is over', async () => {
    const holds = [9 * HOUR_MS, 1 * HOUR_MS, 0];
    const times: number[] = [];
    fakes.holdNotice = async () => {
      times.push(await env.currentTimeMs());
      return holds[times.length - 1]!;
    };
    expect(await deliver('held')).toBe('sent');
    const [begun, over, open] = times;
    expect(Math.round((over! - begun!) / HOUR_MS)).toBe(9);
    expect(Math.round((open! - over!) / HOUR_MS)).toBe(1);
    expect(told).toEqual(['sent']);
  });

  it('is tried twelve times with back-off, then is a dead letter', async () => {
    const times: number[] = [];
    fakes.sendNotice = async () => {
      times.push(await env.currentTimeMs());
      throw ApplicationFailure.retryable('busy', 'channel-busy');
    };
    expect(await deliver('busy')).toBe('failed');
    expect(told).toEqual(['buried: channel-busy']);
    expect(times).toHaveLength(12);
    const gaps = times.slice(1).map((time, index) => Math.round((time - times[index]!) / 1_000));
    expect(gaps).toEqual([2, 6, 18, 54, 162, 486, 900, 900, 900, 900, 900]);
  });

  it('is not tried again where the channel refuses it', async () => {
    fakes.sendNotice = () => Promise.reject(ApplicationFailure.nonRetryable('no', 'channel-refused'));
    expect(await deliver('refused')).toBe('failed');
    expect(told).toEqual(['buried: channel-refused']);
  });
});
