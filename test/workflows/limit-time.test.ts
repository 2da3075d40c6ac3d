import type { WorkflowFailedError } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { MAX_LIMITS } from '../../src/domain/provider-limit.js';
import { QUESTION_DEFAULTS } from '../../src/domain/question.js';
import { NO_RETRY } from '../../src/domain/retry.js';
import type { Activities, AgentStepRequest, AttemptResult } from '../../src/domain/work.js';
import { createTimeSkippingEnvironment, uniqueTaskQueue } from '../support/temporal.js';
import { workflowBundle } from '../support/workflow-bundle.js';

const HOUR_MS = 3600_000;
const BROKEN = { code: 'agent-exited', message: 'It broke.', gates: [], findings: [] };
const devon = { id: 'devon-id', name: 'devon' };
const request: AgentStepRequest = {
  ref: {
    run: {
      organisationId: 'acme',
      projectId: 'main',
      runId: 'run-1',
      number: 1,
      pipeline: 'waits',
      repository: null,
      issue: null,
      taskId: null,
      requestedBy: 'maya',
    },
    step: 'work',
    name: 'Work',
    item: null,
  },
  agent: { kind: 'any' },
  sameAs: null,
  resumes: null,
  action: 'review.code',
  params: {},
  issue: null,
  repository: { id: 'demo-id', name: 'demo', defaultBranch: 'main' },
  branch: 'work',
  gates: [],
  optional: false,
  timeoutMs: 60_000,
  retry: { ...NO_RETRY, attempts: 2 },
  questions: QUESTION_DEFAULTS,
  reads: [],
};

Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('ERROR') });

let env: TestWorkflowEnvironment;
let worker: Worker;
let running: Promise<void>;
/** How each attempt ends; after the last one all go well. */
let ends: readonly ('held' | 'limited' | 'failed')[];
let attempts: number;
const taskQueue = uniqueTaskQueue('limit-time');

beforeAll(async () => {
  env = await createTimeSkippingEnvironment();
  const activities: Partial<Activities> = {
    assignAgent: () => Promise.resolve(devon),
    runAttempt: ({ attempt, startedAtMs }): Promise<AttemptResult> => {
      attempts = attempt;
      const end = ends[attempt - 1];
      const work = { base: 'a', commit: null };
      if (end === undefined) return Promise.resolve({ ...work, kind: 'worked' });
      if (end === 'failed') return Promise.resolve({ ...work, kind: 'failed', failure: BROKEN, retryable: true });
      const until = { provider: 'openai', resumeAtMs: startedAtMs + HOUR_MS, held: end === 'held' };
      return Promise.resolve({ ...work, ...until, kind: 'limited' });
    },
    failAttempt: () => Promise.resolve(),
    findOrchestrator: () => Promise.resolve(null),
    judgeReview: () => Promise.resolve(null),
    finishStep: () => Promise.resolve(null),
  };
  worker = await Worker.create({
    connection: env.nativeConnection,
    taskQueue,
    workflowBundle: { codePath: await workflowBundle() },
    activities,
  });
  running = worker.run();
});
afterAll(async () => {
  worker.shutdown();
  await running;
  await env.teardown();
});

async function hoursOf(workflowId: string): Promise<number> {
  const handle = await env.client.workflow.start('step', { taskQueue, workflowId, args: [request] });
  await handle.result();
  const { startTime, closeTime } = await handle.describe();
  return Math.floor((closeTime!.getTime() - startTime.getTime()) / HOUR_MS);
}

describe('a step at a limit', () => {
  it('sleeps until work is taken again', async () => {
    ends = ['limited', 'held', 'limited'];
    expect(await hoursOf('sleeps')).toBe(3);
    expect(attempts).toBe(4);
  });

  it('has used up none of its two attempts', async () => {
    ends = ['limited', 'held', 'failed'];
    expect(await hoursOf('uses-none')).toBe(2);
    expect(attempts).toBe(4);
  });

  it('gives up where its provider takes nothing, ever', async () => {
    ends = Array.from({ length: MAX_LIMITS + 1 }, () => 'limited');
    const failure = (await hoursOf('gives-up').catch((error: unknown) => error)) as WorkflowFailedError;
    expect(failure.cause).toMatchObject({ type: 'provider-limited' });
    expect(attempts).toBe(MAX_LIMITS + 1);
  });

  it('does not give up for breakers that let others through first', async () => {
    ends = Array.from({ length: MAX_LIMITS + 20 }, () => 'held');
    expect(await hoursOf('held')).toBe(MAX_LIMITS + 20);
  });
});
