import type { WorkflowFailedError } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import type { Answer } from '../../src/domain/question.js';
import { QUESTION_DEFAULTS } from '../../src/domain/question.js';
import { NO_RETRY } from '../../src/domain/retry.js';
import type { Activities, AgentStepRequest, AttemptResult } from '../../src/domain/work.js';
import { createTimeSkippingEnvironment, uniqueTaskQueue } from '../support/temporal.js';
import { workflowBundle } from '../support/workflow-bundle.js';

const DAY_MS = 24 * 3600_000;
const devon = { id: 'devon-id', name: 'devon' };
const request: AgentStepRequest = {
  ref: {
    run: {
      organisationId: 'acme',
      projectId: 'main',
      runId: 'run-1',
      number: 1,
      pipeline: 'asks',
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
  retry: NO_RETRY,
  questions: QUESTION_DEFAULTS,
  reads: [],
};
const asked: AttemptResult = {
  kind: 'asked',
  base: 'a',
  commit: null,
  question: {
    text: 'Keep it?',
    options: [
      { name: 'Keep', says: 'x' },
      { name: 'Drop', says: 'y' },
    ],
    recommended: null,
    freeText: false,
  },
};
const broken: AttemptResult = {
  kind: 'failed',
  base: 'a',
  failure: { code: 'agent-exited', message: 'It broke.', gates: [], findings: [] },
  retryable: true,
};
const keep: Answer = { by: { id: 'maya-id', handle: 'maya', roles: [] }, option: 'Keep', text: null, reason: 'x' };

Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('ERROR') });

let env: TestWorkflowEnvironment;
let worker: Worker;
let running: Promise<void>;
let attempt: (answers: readonly unknown[]) => AttemptResult;
let open: string | null;
let seen: string[];
let write: Activities['answerQuestion'];
const taskQueue = uniqueTaskQueue('question-time');

beforeAll(async () => {
  env = await createTimeSkippingEnvironment();
  const activities: Partial<Activities> = {
    assignAgent: () => Promise.resolve(devon),
    runAttempt: ({ answers }) => Promise.resolve(attempt(answers)),
    failAttempt: () => Promise.resolve(),
    findOrchestrator: () => Promise.resolve(null),
    judgeReview: () => Promise.resolve(null),
    askQuestion: ({ id, by }) => {
      seen.push(`${by} asks`);
      open = id;
      return Promise.resolve();
    },
    answerQuestion: (answered) => write(answered),
    closeQuestion: ({ outcome }) => Promise.resolve(void seen.push(outcome)),
    finishStep: ({ outcome }) => {
      seen.push(`step ${outcome.kind}`);
      return Promise.resolve(null);
    },
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
  seen = [];
  open = null;
  attempt = (answers) => (answers.length === 0 ? asked : { kind: 'worked', base: 'a', commit: null });
  write = () => Promise.resolve(void seen.push('answered'));
});
afterAll(async () => {
  worker.shutdown();
  await running;
  await env.teardown();
});

/** Why the step failed. */
const failureOf = (result: Promise<unknown>): Promise<unknown> =>
  result.then(
    () => 'it succeeded',
    (error: unknown) => (error as WorkflowFailedError).cause,
  );
const start = (workflowId: string, change: Partial<AgentStepRequest> = {}) =>
  env.client.workflow.start('step', { taskQueue, workflowId, args: [{ ...request, ...change }] });

describe('a question that nobody answers', () => {
  it('expires when its time is over, and the step fails with the reason', async () => {
    const handle = await start('expires');
    expect(await failureOf(handle.result())).toMatchObject({
      type: 'question-expired',
      message: 'Nobody answered: Keep it?',
    });
    const { startTime, closeTime } = await handle.describe();
    expect(Math.floor((closeTime!.getTime() - startTime.getTime()) / DAY_MS)).toBe(7);
    expect(seen).toEqual(['agent asks', 'expired', 'step failed']);
  });

  it('expires earlier where the step says so', async () => {
    const handle = await start('earlier', { questions: { answerWithinMs: 2 * DAY_MS, askOnFailure: false } });
    expect(await failureOf(handle.result())).toMatchObject({ type: 'question-expired' });
    const { startTime, closeTime } = await handle.describe();
    expect(Math.floor((closeTime!.getTime() - startTime.getTime()) / DAY_MS)).toBe(2);
  });

  it('leaves a step whose attempts are used up to fail as it did', async () => {
    attempt = () => broken;
    const handle = await start('used-up', {
      retry: { ...NO_RETRY, attempts: 2 },
      questions: { ...QUESTION_DEFAULTS, askOnFailure: true },
    });
    expect(await failureOf(handle.result())).toMatchObject({ type: 'agent-exited', message: 'It broke.' });
    expect(seen).toEqual(['system asks', 'expired', 'step failed']);
  });
});

describe('a question', () => {
  const isOpen = async (): Promise<string> => {
    while (open === null) await new Promise((resolve) => setImmediate(resolve));
    return open;
  };

  it('is open to its last day', async () => {
    const handle = await start('late');
    const id = await isOpen();
    await env.sleep(6.9 * DAY_MS);
    await handle.executeUpdate('answer', { args: [id, keep] });
    expect(await handle.result()).toMatchObject({ agentId: devon.id });
    expect(seen).toEqual(['agent asks', 'answered', 'step succeeded']);
  });

  it('counts what was answered in time, also when it is written only after', async () => {
    let finish = (): void => undefined;
    const begun = new Promise<void>((begins) => {
      write = () => {
        begins();
        return new Promise<void>((resolve) => void (finish = resolve));
      };
    });
    const handle = await start('in-flight', { questions: { answerWithinMs: 1_000, askOnFailure: false } });
    const answer = handle.executeUpdate('answer', { args: [await isOpen(), keep] });
    await begun;
    // Time does not skip while an activity runs: the timer fires by itself, and the workflow has seen it.
    for (;;) {
      const { events } = await handle.fetchHistory();
      if (events?.some(({ timerFiredEventAttributes }) => timerFiredEventAttributes)) break;
    }
    finish();
    await answer;
    expect(await handle.result()).toMatchObject({ agentId: devon.id });
  });
});
