import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { connect, withOrganisation, type Db, type Tx } from '../src/db/connection.js';
import { authenticate, type Principal } from '../src/db/people.js';
import { savePipeline } from '../src/db/pipelines.js';
import { loadRunRequest, markDispatched } from '../src/db/runs.js';
import { requestRun } from '../src/db/triggers.js';
import { startPlatform, type Platform } from '../src/local/platform.js';
import { parseEnvironment } from '../src/schema/environment.js';
import { compilePipeline } from '../src/schema/pipeline/compile-pipeline.js';

const BARE_QUEUE = 'bench-bare';

/** The real platform on a data directory of its own, and beside it a worker of the bare SDK on the same server. */
export class System {
  readonly platform: Platform;
  readonly db: Db;
  readonly client: Client;
  readonly principal: Principal;
  readonly projectId: string;
  readonly #bare: Worker;
  readonly #bareRunning: Promise<void>;
  #keys = 0;

  private constructor(parts: {
    platform: Platform;
    db: Db;
    client: Client;
    principal: Principal;
    projectId: string;
    bare: Worker;
  }) {
    this.platform = parts.platform;
    this.db = parts.db;
    this.client = parts.client;
    this.principal = parts.principal;
    this.projectId = parts.projectId;
    this.#bare = parts.bare;
    this.#bareRunning = parts.bare.run();
  }

  static async start(): Promise<System> {
    Runtime.install({ logger: new DefaultLogger('ERROR') });
    const dataDirectory = mkdtempSync(join(tmpdir(), 'baton-bench-'));
    const environment = parseEnvironment({
      ...process.env,
      BATON_DATA_DIR: dataDirectory,
      BATON_PORT: '0',
      DATABASE_URL: '',
      TEMPORAL_ADDRESS: '',
    });
    const platform = await startPlatform({
      environment,
      demo: false,
      say: (name, text) => console.error(`  ${name.padEnd(12)}${text}`),
    });
    const db = connect(platform.databaseUrl, { maxConnections: 60 });
    const principal = (await authenticate(db, platform.token))!;
    const { id: projectId } = await withOrganisation(db, principal.organisationId, (tx) =>
      tx.selectFrom('projects').select('id').executeTakeFirstOrThrow(),
    );
    const bare = await Worker.create({
      connection: await NativeConnection.connect({ address: platform.temporalAddress }),
      taskQueue: BARE_QUEUE,
      workflowsPath: fileURLToPath(new URL('./workflows/bare.js', import.meta.url)),
      activities: { noop: () => Promise.resolve() },
    });
    const client = new Client({ connection: await Connection.connect({ address: platform.temporalAddress }) });
    return new System({ platform, db, client, principal, projectId, bare });
  }

  within<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return withOrganisation(this.db, this.principal.organisationId, work);
  }

  async activate(source: string): Promise<void> {
    const compiled = compilePipeline(source, { file: 'bench.yaml' });
    if (compiled.kind === 'refused') throw new Error(JSON.stringify(compiled.diagnostics));
    await this.within((tx) =>
      savePipeline(tx, {
        principal: this.principal,
        projectId: this.projectId,
        source,
        plan: compiled.plan,
        unavailable: compiled.unavailable,
        activate: true,
      }),
    );
  }

  /** Writes a run's row as the API does, and gives back what starts its workflow and waits for its end. */
  async prepareRun(
    pipeline: string,
    repository?: string,
  ): Promise<{ id: string; start: () => Promise<{ result: () => Promise<unknown> }> }> {
    const key = `bench-${(this.#keys += 1)}`;
    return this.within(async (tx) => {
      const { id } = await requestRun(tx, {
        principal: this.principal,
        projectId: this.projectId,
        pipeline,
        ...(repository !== undefined && { repository }),
        context: {},
        key,
      });
      const { workflow_id: workflowId } = await tx
        .selectFrom('runs')
        .select('workflow_id')
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      const request = await loadRunRequest(tx, id);
      await markDispatched(tx, id);
      return {
        id,
        start: () => this.client.workflow.start('run', { workflowId, taskQueue: 'default', args: [request] }),
      };
    });
  }

  startBare(): Promise<{ result: () => Promise<unknown> }> {
    return this.client.workflow.start('bare', { workflowId: `bare-${(this.#keys += 1)}`, taskQueue: BARE_QUEUE });
  }

  /** Resident memory of the API and the worker together, or of one of them, in MB. */
  residentMb(of: readonly ('api' | 'worker')[] = ['api', 'worker']): number {
    const rss = (name: string): number => {
      const { pid } = JSON.parse(readFileSync(join(this.platform.dataDirectory, 'run', `${name}.json`), 'utf8')) as {
        pid: number;
      };
      return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;
    };
    return of.reduce((sum, name) => sum + rss(name), 0);
  }

  async stop(): Promise<void> {
    this.#bare.shutdown();
    await this.#bareRunning;
    await this.client.connection.close();
    await this.db.destroy();
    await this.platform.stop();
    rmSync(this.platform.dataDirectory, { recursive: true, force: true });
  }
}
