import { randomInt, randomUUID } from 'node:crypto';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WorkflowNotFoundError, type WorkflowHandle } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { sql } from 'kysely';
import { createActivities } from '../../src/activities/index.js';
import type { ActivityDeps } from '../../src/activities/deps.js';
import type { ApiDeps } from '../../src/api/deps.js';
import { dispatchEscalations } from '../../src/api/dispatch-escalations.js';
import { dispatchNotices } from '../../src/api/dispatch-notices.js';
import { dispatchOverrides } from '../../src/api/dispatch-overrides.js';
import { dispatchRuns } from '../../src/api/dispatch.js';
import { overrideRun } from '../../src/api/override.js';
import type { Call } from '../../src/api/route.js';
import { saveAgent } from '../../src/db/agents.js';
import { connect, withOrganisation, type Db, type Tx } from '../../src/db/connection.js';
import { personOfProject } from '../../src/db/approvals.js';
import { createPerson, jobRoles } from '../../src/db/people.js';
import { savePipeline } from '../../src/db/pipelines.js';
import { knownNames } from '../../src/db/pipeline-views.js';
import { requestRerun } from '../../src/db/reruns.js';
import { requestRun } from '../../src/db/triggers.js';
import { MERGE } from '../../src/domain/catalogue.js';
import type { ApprovalState, Decision } from '../../src/domain/approval.js';
import { BatonError } from '../../src/domain/errors.js';
import type { JsonObject } from '../../src/domain/json.js';
import { ACTION_RETRY, AGENT_RETRY } from '../../src/domain/retry.js';
import type { Plan } from '../../src/domain/plan.js';
import type { Override } from '../../src/domain/override.js';
import { QUESTION_DEFAULTS, type Answer } from '../../src/domain/question.js';
import type { Activities } from '../../src/domain/work.js';
import { createLocalForge } from '../../src/forge/local.js';
import type { Asker } from '../../src/forge/forge.js';
import { readAgentFile } from '../../src/local/agent-file.js';
import { builtInAgentFile } from '../../src/local/built-in-agents.js';
import { agentDefinition } from '../../src/schema/agent.js';
import { git } from '../../src/git/git.js';
import { createExecutor, type Isolation } from '../../src/sandbox/execute.js';
import { parseEnvironment } from '../../src/schema/environment.js';
import { compilePipeline } from '../../src/schema/pipeline/compile-pipeline.js';
import { createLogger } from '../../src/telemetry/logger.js';
import { createRedactor, secretsOf } from '../../src/telemetry/redact.js';
import { createApiMetrics } from '../../src/telemetry/metrics.js';
import { Background } from '../../src/workers/background.js';
import { activityInterceptors } from '../../src/workers/interceptors.js';
import { createTestDatabase } from './database.js';
import { eventually } from './eventually.js';
import { runOutcome, type RunOutcome } from './run-outcome.js';
import { seed } from './seed.js';
import { connectToTemporal, temporalAddress, uniqueTaskQueue } from './temporal.js';
import { agentRow, type TestAgent } from './test-agents.js';
import { workflowBundle } from './workflow-bundle.js';

/** Stand before activities: what is set here is called in the place of the real one, which it may call. */
export type Hooks = {
  -readonly [A in keyof Activities]?: (
    request: Parameters<Activities[A]>[0],
    real: Activities[A],
  ) => ReturnType<Activities[A]>;
};

export interface EngineOptions {
  readonly agents?: readonly TestAgent[];
  /** Names of agents that come with Baton. */
  readonly builtIn?: readonly string[];
  /** Files of the repository `demo`. */
  readonly files?: Readonly<Record<string, string>>;
  /** Job roles by handle, beside maya (author) and lee (admin: team-lead, tech-lead). */
  readonly people?: Readonly<Record<string, readonly string[]>>;
  readonly isolation?: Isolation;
  /** Where agents that call Baton find it. */
  readonly apiUrl?: string;
  /** Of the worker: where secrets of channels are. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether steps that do not say it ask people before they end blocked, as they do by default; left out: they fail. */
  readonly asksWhenBlocked?: boolean;
}

export interface StartOptions {
  readonly issue?: Partial<Record<'title' | 'body' | 'acceptanceCriteria', string>> & {
    readonly labels?: readonly string[];
  };
  readonly context?: JsonObject;
  /** Null: a run without a repository. */
  readonly repository?: string | null;
  /** An issue that is there already. */
  readonly issueNumber?: number;
  /** YAML of pipelines that it calls. */
  readonly children?: readonly string[];
  readonly as?: string;
}

export interface StartedRun {
  readonly id: string;
  readonly number: number;
  readonly workflowId: string;
  readonly handle: WorkflowHandle;
}

export type Engine = Awaited<ReturnType<typeof startEngine>>;

const DEFAULT_FILES = { 'README.md': 'a demo\n', '.baton/repository.yaml': 'test: { command: "true" }\n' };

Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('ERROR') });

/** The whole engine in this process: a database, a forge, agents in the sandbox, a worker on the shared Temporal server. */
export async function startEngine(options: EngineOptions = {}) {
  const database = await createTestDatabase();
  const db = connect(database.url, { maxConnections: 20 });
  // Ids of workflows end in that of an event: those of other suites are on the same Temporal server.
  await sql`alter table events alter column id restart with ${sql.lit(randomInt(2 ** 40))}`.execute(db);
  const root = await realpath(await mkdtemp(join(tmpdir(), 'baton-engine-')));
  const record = new EngineRecord(
    db,
    (await db.insertInto('organisations').values({ name: 'acme' }).returning('id').executeTakeFirstOrThrow()).id,
  );
  const { organisationId } = record;
  const projectId = await record.inTx(
    async (tx) =>
      (
        await tx
          .insertInto('projects')
          .values({ organisation_id: organisationId, name: 'main' })
          .returning('id')
          .executeTakeFirstOrThrow()
      ).id,
  );
  const forge = createLocalForge({ db, dataDirectory: root });

  const people = new Map<string, Asker>();
  const addPerson = (handle: string, role: 'admin' | 'author', roles: readonly string[]): Promise<void> =>
    record.inTx(async (tx) => {
      const personId = await createPerson(tx, { organisationId, handle, name: handle, role });
      for (const job of roles)
        await tx
          .insertInto('job_roles')
          .values({ organisation_id: organisationId, project_id: projectId, person_id: personId, role: job })
          .execute();
      people.set(handle, { organisationId, personId, handle });
    });
  await addPerson('maya', 'author', []);
  await addPerson('lee', 'admin', ['team-lead', 'tech-lead']);
  for (const [handle, roles] of Object.entries(options.people ?? {})) await addPerson(handle, 'author', roles);
  const person = (handle: string): Asker => people.get(handle)!;

  const addRepository = async (name: string, files: Readonly<Record<string, string>>) => {
    const source = await seed(files);
    return forge.createRepository({ principal: person('maya'), projectId, name, source });
  };
  const repository = await addRepository('demo', options.files ?? DEFAULT_FILES);
  const addAgent = (agent: TestAgent): Promise<string> =>
    record.inTx(async (tx) =>
      saveAgent(
        tx,
        await agentRow(agent, join(root, 'agents'), {
          organisationId,
          projectId,
          ownerId: agent.owner === undefined ? null : person(agent.owner).personId,
        }),
      ),
    );
  for (const agent of options.agents ?? []) await addAgent(agent);
  for (const name of options.builtIn ?? [])
    for (const agent of await readAgentFile(builtInAgentFile(name)))
      await record.inTx((tx) =>
        saveAgent(tx, { ...agentDefinition.parse(agent), organisationId, projectId, ownerId: null }),
      );

  const lines: string[] = [];
  const log = createLogger({ name: 'worker', level: 'info', destination: { write: (line) => void lines.push(line) } });
  const isolation = options.isolation ?? 'bubblewrap';
  const deps: ActivityDeps = {
    db,
    forge,
    execute: createExecutor({ isolation }),
    isolation,
    hostDirectory: join(root, 'host'),
    host: 'test',
    scanners: parseEnvironment(process.env),
    apiUrl: options.apiUrl ?? null,
    auditRetentionDays: null,
    log,
    environment: options.environment ?? {},
    redactor: createRedactor(secretsOf(options.environment ?? {})),
    templatesDirectory: fileURLToPath(new URL('../../templates', import.meta.url)),
  };
  const real = createActivities(deps);
  const taskQueue = uniqueTaskQueue('engine');
  const temporal = await connectToTemporal();
  const hooks: Hooks = {};
  const worker = await startWorker(hooked(real, hooks), taskQueue, log);
  const dispatching = { db, temporal, taskQueue, log, metrics: createApiMetrics() };

  const savePipelineFrom = async (source: string): Promise<string> => {
    // Pipelines that call each other are saved one after the other: which are there is asked at the start.
    const { agents } = await record.inTx((tx) => knownNames(tx, projectId));
    const compiled = compilePipeline(source, { file: 'test.yaml', known: { agents } });
    if (compiled.kind === 'refused') throw new Error(compiled.diagnostics.map(({ message }) => message).join('\n'));
    await record.inTx((tx) =>
      savePipeline(tx, {
        principal: person('maya'),
        projectId,
        source,
        plan: withoutUsualDelays(options.asksWhenBlocked ? compiled.plan : endingWhenBlocked(compiled.plan)),
        unavailable: [],
        activate: true,
      }),
    );
    return compiled.plan.name;
  };

  const dispatch = async (id: string): Promise<StartedRun> => {
    await dispatchRuns(dispatching);
    const { number, workflow_id: workflowId } = await record.run(id);
    return { id, number, workflowId, handle: temporal.workflow.getHandle(workflowId) };
  };

  /** Compiles, saves and activates a pipeline, and starts a run of it as the API does. */
  const startRun = async (source: string, start: StartOptions = {}): Promise<StartedRun> => {
    for (const child of start.children ?? []) await savePipelineFrom(child);
    const pipeline = await savePipelineFrom(source);
    const principal = person(start.as ?? 'maya');
    const issue = start.issueNumber ?? (start.issue && (await openIssue(start.issue, start.as)));
    const { id } = await record.inTx((tx) =>
      requestRun(tx, {
        principal,
        projectId,
        pipeline,
        ...(start.repository !== null && { repository: start.repository ?? 'demo' }),
        ...(issue !== undefined && { issue }),
        context: start.context ?? {},
        key: randomUUID(),
      }),
    );
    return dispatch(id);
  };

  const openIssue = async (issue: NonNullable<StartOptions['issue']>, as = 'maya'): Promise<number> => {
    const { title = 'Add a thing', body = 'It is missing.', acceptanceCriteria = '', labels = [] } = issue;
    const { number } = await forge.openIssue({
      principal: person(as),
      repositoryId: repository.id,
      title,
      body,
      acceptanceCriteria,
      labels,
      key: randomUUID(),
    });
    return number;
  };

  const finished = async ({ id, handle }: StartedRun): Promise<RunOutcome> => {
    try {
      return await runOutcome(handle.result());
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      // What can only fail ends before it has a workflow.
      const { status, error: failure } = await record.run(id);
      return { status, error: failure } as RunOutcome;
    }
  };

  return {
    record,
    db,
    databaseUrl: database.url,
    root,
    deps,
    hooks,
    unhook: (): void => {
      for (const name of Object.keys(hooks)) Reflect.deleteProperty(hooks, name);
    },
    forge,
    temporal,
    taskQueue,
    repository,
    projectId,
    /** What the worker logged, JSON lines. */
    lines,
    person,
    addAgent,
    addRepository,
    savePipeline: savePipelineFrom,
    /** Starts the workflows of what was written to be told, as the API does. */
    dispatchNotices: () => dispatchNotices(dispatching),
    /** Starts the workflows of what lasts, and ends those of what is over, as the API does. */
    dispatchEscalations: () => dispatchEscalations(dispatching),
    openIssue,
    startRun,
    /** Starts the workflow of a run that is in the record, as the API does. */
    dispatch,
    finished,
    run: async (source: string, start?: StartOptions): Promise<StartedRun & { readonly result: RunOutcome }> => {
      const run = await startRun(source, start);
      return { ...run, result: await finished(run) };
    },
    rerun: async (runId: string, from: string, params: JsonObject = {}): Promise<StartedRun> => {
      const { id } = await record.inTx((tx) =>
        requestRerun(tx, { principal: person('maya'), runId, from, params, key: randomUUID() }),
      );
      return dispatch(id);
    },
    /** Resolves when the step's approval is open. */
    asked: (run: StartedRun, step: string) => eventually(() => record.openApproval(run.id, step)),
    decide: async (
      run: StartedRun,
      step: string,
      handle: string,
      verdict: 'approve' | 'reject' = 'approve',
      note: string | null = null,
    ): Promise<ApprovalState> => {
      const { personId } = person(handle);
      const by = await record.inTx((tx) => personOfProject(tx, projectId, personId));
      const decision: Decision = { by: by!, verdict, note };
      return run.handle.executeUpdate<ApprovalState, [string, Decision]>('decide', { args: [step, decision] });
    },
    /** Resolves with the open question of a step. */
    question: (run: StartedRun, step: string, item: number | null = null) =>
      eventually(() => record.openQuestion(run.id, step, item)),
    answer: async (
      id: string,
      handle: string,
      given: Partial<Omit<Answer, 'by'>>,
      updateId?: string,
    ): Promise<undefined> => {
      const { personId } = person(handle);
      const roles = await record.inTx((tx) => jobRoles(tx, projectId, personId));
      const { workflow_id: workflowId } = await record.question(id);
      const answer: Answer = { by: { id: personId, handle, roles }, option: null, text: null, reason: null, ...given };
      return temporal.workflow.getHandle(workflowId).executeUpdate<undefined, [string, Answer]>('answer', {
        args: [id, answer],
        ...(updateId !== undefined && { updateId }),
      });
    },
    /** Steps into a run as the API does; gives `accepted`, or the code of the refusal. */
    override: async (
      { id: runId }: Pick<StartedRun, 'id'>,
      override: Override,
      { as = 'lee', key }: { readonly as?: string; readonly key?: string } = {},
    ): Promise<string> => {
      const principal = { ...person(as), role: as === 'lee' ? 'admin' : 'author' };
      const call = { principal, read: record.inTx.bind(record) } as unknown as Call;
      const wanted = { runId, override, reason: 'it must be', key: key ?? randomUUID() };
      try {
        await overrideRun(call, wanted, dispatching as unknown as ApiDeps);
        return 'accepted';
      } catch (error) {
        if (error instanceof BatonError) return error.code;
        throw error;
      }
    },
    /** Ends the runs that people wanted to end, as the API does. */
    dispatchOverrides: () => dispatchOverrides(dispatching),
    /** A run that something else made; its workflow is started where it has none yet. */
    attach: dispatch,
    /** git on the forge's repository. */
    forgeGit: (...args: string[]) => git(args, { gitDir: repository.remoteUrl }),
    stop: async () => {
      await worker.stop();
      await temporal.connection.close();
      await db.destroy();
      await database.drop();
      await rm(root, { recursive: true, force: true });
    },
  };
}

const USUAL_DELAYS_MS = [AGENT_RETRY.initialDelayMs, ACTION_RETRY.initialDelayMs];

/** Pipelines that leave it unsaid wait seconds between attempts; how long is the subject of the compiler's own tests. */
function withoutUsualDelays(plan: Plan): Plan {
  const shortened = (key: string, value: unknown): unknown =>
    key === 'initialDelayMs' && USUAL_DELAYS_MS.includes(value as number) ? 10 : value;
  return JSON.parse(JSON.stringify(plan, shortened)) as Plan;
}

/** Tests of why a step fails see it fail; which steps ask is the subject of the tests of endings. */
const endingWhenBlocked = (plan: Plan): Plan => ({
  ...plan,
  steps: plan.steps.map((step) =>
    step.kind === 'agent' || step.kind === 'handoff' || (step.kind === 'action' && step.action === MERGE)
      ? { ...step, questions: step.questions ?? QUESTION_DEFAULTS }
      : step,
  ),
});

function hooked(real: Activities, hooks: Hooks): Activities {
  const entries = Object.entries(real as unknown as Record<string, (request: never) => unknown>).map(([name, act]) => {
    const before = hooks as Record<
      string,
      ((request: never, real: (request: never) => unknown) => unknown) | undefined
    >;
    return [name, (request: never) => (before[name] ? before[name](request, act) : act(request))];
  });
  return Object.fromEntries(entries) as Activities;
}

export async function startWorker(activities: object, taskQueue: string, log: ActivityDeps['log']) {
  const connection = await NativeConnection.connect({ address: temporalAddress() });
  const client = await connectToTemporal();
  const background = new Background({ client, log, afterMs: 5_000, most: 40 });
  const worker = await Worker.create({
    connection,
    namespace: 'default',
    taskQueue,
    workflowBundle: { codePath: await workflowBundle() },
    activities,
    interceptors: { activity: [activityInterceptors(log, background)] },
    maxConcurrentActivityTaskExecutions: 40,
    maxHeartbeatThrottleInterval: '100ms',
    defaultHeartbeatThrottleInterval: '100ms',
    stickyQueueScheduleToStartTimeout: '1s',
    shutdownGraceTime: '1s',
    shutdownForceTime: '10s',
  });
  const running = worker.run();
  return {
    stop: async () => {
      worker.shutdown();
      await Promise.all([running, background.close(1_000)]);
      await connection.close();
      await client.connection.close();
    },
  };
}

/** What the database holds, as a test reads it. */
export class EngineRecord {
  readonly organisationId: string;
  readonly #db: Db;

  constructor(db: Db, organisationId: string) {
    this.#db = db;
    this.organisationId = organisationId;
  }

  inTx<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return withOrganisation(this.#db, this.organisationId, work);
  }

  run(id: string) {
    return this.inTx((tx) => tx.selectFrom('runs').selectAll().where('id', '=', id).executeTakeFirstOrThrow());
  }

  /** The runs that a run called, oldest first. */
  children(id: string) {
    return this.inTx((tx) => tx.selectFrom('runs').selectAll().where('parent_id', '=', id).orderBy('number').execute());
  }

  steps(runId: string) {
    return this.inTx((tx) =>
      tx.selectFrom('steps').selectAll().where('run_id', '=', runId).orderBy('position').orderBy('item').execute(),
    );
  }

  /** Status by step; rows of items left out. */
  async statuses(runId: string): Promise<Record<string, string>> {
    const rows = await this.steps(runId);
    return Object.fromEntries(rows.filter(({ item }) => item === null).map(({ step, status }) => [step, status]));
  }

  async step(runId: string, step: string, item: number | null = null) {
    return (await this.steps(runId)).find((row) => row.step === step && row.item === item)!;
  }

  attempts(runId: string, step?: string) {
    return this.inTx((tx) =>
      tx
        .selectFrom('attempts')
        .selectAll()
        .where('run_id', '=', runId)
        .$if(step !== undefined, (query) => query.where('step', '=', step!))
        .orderBy('started_at')
        .orderBy('attempt')
        .execute(),
    );
  }

  gates(runId: string) {
    return this.inTx((tx) =>
      tx.selectFrom('gate_results').selectAll().where('run_id', '=', runId).orderBy('created_at').execute(),
    );
  }

  events(runId: string) {
    return this.inTx((tx) => tx.selectFrom('events').selectAll().where('run_id', '=', runId).orderBy('id').execute());
  }

  async openApproval(runId: string, step: string) {
    return this.inTx((tx) =>
      tx
        .selectFrom('approvals')
        .selectAll()
        .where('run_id', '=', runId)
        .where('step', '=', step)
        .where('status', '=', 'open')
        .executeTakeFirst(),
    );
  }

  approval(runId: string, step: string) {
    return this.inTx((tx) =>
      tx
        .selectFrom('approvals')
        .selectAll()
        .where('run_id', '=', runId)
        .where('step', '=', step)
        .executeTakeFirstOrThrow(),
    );
  }

  question(id: string) {
    return this.inTx((tx) => tx.selectFrom('questions').selectAll().where('id', '=', id).executeTakeFirstOrThrow());
  }

  openQuestion(runId: string, step: string, item: number | null = null) {
    return this.inTx((tx) =>
      tx
        .selectFrom('questions')
        .selectAll()
        .where('run_id', '=', runId)
        .where('step', '=', step)
        .where('item', 'is not distinct from', item)
        .where('status', '=', 'open')
        .executeTakeFirst(),
    );
  }

  /** The text of a step's log. */
  async log(runId: string, step: string, name: string): Promise<string> {
    const chunks = await this.inTx((tx) =>
      tx
        .selectFrom('artifacts as a')
        .innerJoin('artifact_chunks as c', 'c.artifact_id', 'a.id')
        .select('c.body')
        .where('a.run_id', '=', runId)
        .where('a.step', '=', step)
        .where('a.name', '=', name)
        .orderBy('a.attempt')
        .orderBy('c.position')
        .execute(),
    );
    return Buffer.concat(chunks.map(({ body }) => body)).toString('utf8');
  }
}
