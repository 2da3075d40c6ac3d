import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import type { EscalationActivities, EscalationCause } from '../../src/domain/escalation.js';
import { parseEscalationPath } from '../../src/schema/escalation.js';
import { createTimeSkippingEnvironment, uniqueTaskQueue } from '../support/temporal.js';
import { workflowBundle } from '../support/workflow-bundle.js';

Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('ERROR') });

const MINUTE_MS = 60_000;
const HOUR = 60;
const DAY = 24 * HOUR;
const taskQueue = uniqueTaskQueue('escalation-time');

let env: TestWorkflowEnvironment;
let worker: Worker;
let running: Promise<void>;
/** What was done, and how many minutes after the cause began. */
let done: [minutes: number, ...did: string[]][];
let cause: EscalationCause;
let lasts: boolean;

const builtIn = (name: EscalationCause) => {
  const file = join(import.meta.dirname, `../../templates/escalations/${name}.yaml`);
  return parseEscalationPath(readFileSync(file, 'utf8'), file);
};

beforeAll(async () => {
  env = await createTimeSkippingEnvironment();
  const activities: EscalationActivities = {
    beginEscalation: () => Promise.resolve(lasts ? builtIn(cause) : null),
    escalate: async ({ sinceMs, actions }) => {
      const minutes = ((await env.currentTimeMs()) - sinceMs) / MINUTE_MS;
      if (lasts) done.push([Math.floor(minutes), ...actions.map((a) => (a.kind === 'notify' ? a.channel : a.kind))]);
      return lasts;
    },
    endEscalation: () => Promise.resolve(void done.push([-1, 'ended'])),
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
  done = [];
  lasts = true;
});
afterAll(async () => {
  worker.shutdown();
  await running;
  await env.teardown();
});

const start = async (of: EscalationCause, workflowId: string, agoMs = 0) => {
  cause = of;
  const sinceMs = (await env.currentTimeMs()) - agoMs;
  return env.client.workflow.start('escalation', {
    taskQueue,
    workflowId,
    args: [{ organisationId: 'acme', escalationId: workflowId, sinceMs }],
  });
};

describe('the path of', () => {
  it.each([
    [
      'agent-blocked' as const,
      [
        [15, '#agent-ops'],
        [45, 'pager-on-call'],
        [75, 'pager-engineering-lead'],
      ],
    ],
    [
      'pr-stale' as const,
      [
        [24 * HOUR, '@author'],
        [72 * HOUR, 'mail-lead'],
        [8 * DAY, 'close'],
      ],
    ],
    [
      'conflict-unresolved' as const,
      [
        [30, '#agent-ops'],
        [75, 'pause-agents'],
        [90, 'pager-tech-lead'],
      ],
    ],
  ])('%s does what it says, to the minute', async (of, levels) => {
    const handle = await start(of, of);
    expect(await handle.result()).toBe('ended');
    expect(done).toEqual([...levels, [-1, 'ended']]);
  });
});

describe('an escalation', () => {
  it('counts from when its cause began, not from when it was heard of', async () => {
    const handle = await start('agent-blocked', 'heard-late', 20 * MINUTE_MS);
    expect(await handle.result()).toBe('ended');
    expect(done.map(([minutes]) => minutes)).toEqual([20, 45, 75, -1]);
  });

  it('stops its timers when its cause is gone', async () => {
    const handle = await start('agent-blocked', 'cleared');
    await env.sleep(40 * MINUTE_MS);
    await handle.signal('cleared');
    expect(await handle.result()).toBe('cleared');
    expect(done).toEqual([[15, '#agent-ops']]);
    const { closeTime, startTime } = await handle.describe();
    expect(Math.floor((closeTime!.getTime() - startTime.getTime()) / MINUTE_MS)).toBe(40);
  });

  it('does nothing for a cause that was gone before it began, or that nobody told it of', async () => {
    lasts = false;
    expect(await (await start('pr-stale', 'gone')).result()).toBe('cleared');
    lasts = true;
    const untold = await start('agent-blocked', 'untold');
    await env.sleep(20 * MINUTE_MS);
    lasts = false;
    expect(await untold.result()).toBe('cleared');
    expect(done).toEqual([[15, '#agent-ops']]);
  });
});
