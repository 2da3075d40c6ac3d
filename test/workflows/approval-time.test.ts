import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import type { Decision } from '../../src/domain/approval.js';
import type { Plan, PlanStep } from '../../src/domain/plan.js';
import { NO_RETRY } from '../../src/domain/retry.js';
import { SEARCH_ATTRIBUTES } from '../../src/domain/search-attributes.js';
import type { RunRequest } from '../../src/domain/run-input.js';
import type { Activities } from '../../src/domain/work.js';
import { asks } from '../support/requirement.js';
import { runOutcome } from '../support/run-outcome.js';
import { createTimeSkippingEnvironment, uniqueTaskQueue } from '../support/temporal.js';
import { workflowBundle } from '../support/workflow-bundle.js';

/** `INDEXED_VALUE_TYPE_KEYWORD`. */
const KEYWORD = 2;
const DAY_MS = 24 * 3600_000;
const base = { dependsOn: [], when: null, repository: null, map: null, params: {}, reads: [], retry: NO_RETRY };
const ask: PlanStep = {
  ...base,
  id: 'ask',
  name: 'Ask',
  kind: 'approval',
  policy: { kind: 'any', approvers: ['lee'], atLeast: 1 },
  timeoutMs: 7 * DAY_MS,
};
const plan: Plan = { name: 'waits', description: null, triggers: [], steps: [ask] };
const lee: Decision = { by: { id: 'lee-id', handle: 'lee', roles: [] }, verdict: 'approve', note: null };

const request: RunRequest = {
  plan,
  children: {},
  input: {
    runId: 'run-1',
    number: 1,
    organisationId: 'acme',
    projectId: 'main',
    pipeline: { name: 'waits', version: 1 },
    repository: null,
    repositories: [],
    issue: null,
    context: {},
    priority: 'P2',
    taskId: null,
    requestedBy: { id: 'maya-id', handle: 'maya' },
    rerun: null,
    branchSuffix: '',
    depth: 0,
  },
};

Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('ERROR') });

let env: TestWorkflowEnvironment;
let settled: unknown[];
let decisions: Decision[];
let worker: Worker;
let running: Promise<void>;
let recordDecision: Activities['recordDecision'];
const taskQueue = uniqueTaskQueue('expiry');

beforeAll(async () => {
  env = await createTimeSkippingEnvironment();
  await env.connection.operatorService.addSearchAttributes({
    namespace: 'default',
    searchAttributes: Object.fromEntries(Object.values(SEARCH_ATTRIBUTES).map((name) => [name, KEYWORD])),
  });
  const activities: Partial<Activities> = {
    recordStep: () => Promise.resolve(),
    requestApproval: () => Promise.resolve({ requirements: [asks(['lee'])], excluded: [] }),
    recordDecision: (made) => recordDecision(made),
    settleApproval: ({ outcome, failure }) =>
      Promise.resolve(void settled.push({ outcome, ...(failure && { failure }) })),
    endRun: ({ status }) => Promise.resolve(void settled.push({ status })),
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
  settled = [];
  decisions = [];
  recordDecision = ({ decision }) => Promise.resolve(void decisions.push(decision));
});
afterAll(async () => {
  worker.shutdown();
  await running;
  await env.teardown();
});

const start = (workflowId: string) => env.client.workflow.start('run', { taskQueue, workflowId, args: [request] });

describe('an approval that nobody decides', () => {
  it('expires when its time is over, and the run fails with the reason', async () => {
    const handle = await start('expires');
    expect(await runOutcome(handle.result())).toMatchObject({
      status: 'failed',
      error: { code: 'approval-expired', message: 'Nobody decided Ask in time' },
    });
    expect(settled).toEqual([
      { outcome: 'expired', failure: { code: 'approval-expired', message: 'Nobody decided Ask in time' } },
      { status: 'failed' },
    ]);
  });

  it('is open to its last day', async () => {
    const handle = await start('late');
    await env.sleep(6.9 * DAY_MS);
    expect(await handle.executeUpdate('decide', { args: ['ask', lee] })).toEqual({ kind: 'approved', by: ['lee'] });
    expect(await runOutcome(handle.result())).toMatchObject({ status: 'succeeded', error: null });
  });

  it('counts what was decided in time, also when it is written only after', async () => {
    let write = (): void => undefined;
    const begun = new Promise<void>((begins) => {
      recordDecision = ({ decision }) => {
        begins();
        return new Promise<void>((resolve) => void (write = resolve)).then(() => void decisions.push(decision));
      };
    });
    const short = { ...request, plan: { ...plan, steps: [{ ...ask, timeoutMs: 1_000 }] } };
    const handle = await env.client.workflow.start('run', { taskQueue, workflowId: 'in-flight', args: [short] });
    const answer = handle.executeUpdate('decide', { args: ['ask', lee] });
    await begun;
    // Time does not skip while an activity runs: the timer fires by itself, and the workflow has seen it.
    for (;;) {
      const { events } = await handle.fetchHistory();
      if (events?.some(({ timerFiredEventAttributes }) => timerFiredEventAttributes)) break;
    }
    write();
    expect(await answer).toEqual({ kind: 'approved', by: ['lee'] });
    expect(await runOutcome(handle.result())).toMatchObject({ status: 'succeeded', error: null });
  });
});
