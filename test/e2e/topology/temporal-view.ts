import { Client, Connection } from '@temporalio/client';
import { eventually } from '../../support/eventually.js';
import { portHereOf, type World } from './world.js';

const NAMESPACE = 'default';
const TASK_QUEUE = { name: 'default' };
const DEADLINE_MS = 120_000;

/** What Temporal says of itself and of runs, as it says it to its Web UI. */
export class TemporalView {
  readonly #address: string;

  constructor(world: World) {
    this.#address = `127.0.0.1:${portHereOf(world, 'temporal')}`;
  }

  retentionDays(): Promise<number> {
    return this.#ask(async ({ workflowService }) => {
      const { config } = await workflowService.describeNamespace({ namespace: NAMESPACE });
      return Number(config?.workflowExecutionRetentionTtl?.seconds) / 86_400;
    });
  }

  /** Waits until all of these have asked for work. */
  async seesWorkers(identities: readonly string[]): Promise<void> {
    const request = { namespace: NAMESPACE, taskQueue: TASK_QUEUE };
    await this.#ask(({ workflowService }) =>
      eventually(async () => {
        const { pollers } = await workflowService.describeTaskQueue(request);
        const there = new Set(pollers.map(({ identity }) => identity));
        return identities.every((identity) => there.has(identity));
      }, DEADLINE_MS),
    );
  }

  /** Identity of the worker that has a step of the run at work, other than the one before. */
  workerOf(workflowId: string, before?: string): Promise<string> {
    return this.#ask(({ workflow }) =>
      eventually(async () => {
        const { raw: run } = await workflow.getHandle(workflowId).describe();
        const children = (run.pendingChildren ?? []).flatMap((child) => child.workflowId ?? []);
        const steps = await Promise.all(children.map((id) => workflow.getHandle(id).describe()));
        const activities = steps.flatMap(({ raw: step }) => step.pendingActivities ?? []);
        return activities.map((activity) => activity.lastWorkerIdentity).find((worker) => worker && worker !== before);
      }, DEADLINE_MS),
    );
  }

  statusOf(workflowId: string): Promise<string> {
    return this.#ask(async ({ workflow }) => (await workflow.getHandle(workflowId).describe()).status.name);
  }

  /** Ids of the workflows that a query finds, once there are any: the list follows a moment later. */
  found(query: string): Promise<readonly string[]> {
    return this.#ask(({ workflow }) =>
      eventually(async () => {
        const found: string[] = [];
        for await (const { workflowId } of workflow.list({ query })) found.push(workflowId);
        return found.length > 0 && found;
      }, DEADLINE_MS),
    );
  }

  async #ask<T>(question: (client: Client) => Promise<T>): Promise<T> {
    const connection = await Connection.connect({ address: this.#address });
    try {
      return await question(new Client({ connection, namespace: NAMESPACE }));
    } finally {
      await connection.close();
    }
  }
}
