import { sql } from 'kysely';
import { cycleOf } from '../domain/blockers.js';
import { BatonError } from '../domain/errors.js';
import { mayTransition, type TaskStatus } from '../domain/task.js';
import { announceRuns } from './announce-runs.js';
import type { Tx } from './connection.js';
import { appendEvent, SYSTEM } from './events.js';
import type { Actor } from './schema.js';

export interface BlockerChange {
  readonly organisationId: string;
  readonly projectId: string;
  readonly taskId: string;
  readonly actor: Actor;
  /** Of the request: its events are written once. */
  readonly key: string;
}

/**
 * Has a task that has not begun wait for others; those that are completed do not count. Its runs are held back from now
 * on. Throws `task-begun`, `blockers-cycle`, `task-not-found`.
 */
export async function addBlockers(tx: Tx, change: BlockerChange, blockers: readonly string[]): Promise<void> {
  if (blockers.length === 0) return;
  await lockBlockers(tx, change.projectId);
  const task = await taskOf(tx, change);
  const known = await tx
    .selectFrom('tasks')
    .select(['id', 'status'])
    .where('project_id', '=', change.projectId)
    .where('id', 'in', [...blockers])
    .execute();
  const unknown = blockers.find((id) => !known.some((blocker) => blocker.id === id));
  if (unknown !== undefined) throw new BatonError('task-not-found', `This project has no task ${unknown}.`);
  const open = known.filter(({ status }) => status !== 'completed').map(({ id }) => id);
  if (open.length === 0) return;
  await refuseBegun(tx, task);
  await refuseCycles(tx, change, open);
  await tx
    .updateTable('tasks')
    .set({
      blocked_by: sql<string[]>`array(select distinct b from unnest(blocked_by || ${open}::uuid[]) as b order by b)`,
    })
    .where('id', '=', task.id)
    .execute();
  await move(tx, task, change, 'blocked');
  await tx
    .updateTable('runs')
    .set({ held: true })
    .where('task_id', '=', task.id)
    .where('status', '=', 'pending')
    .where('dispatched_at', 'is', null)
    .execute();
}

/** Has a task wait for another no longer; with no blocker left its runs are started. Throws `blocker-not-found`. */
export async function removeBlocker(tx: Tx, change: BlockerChange, blocker: string): Promise<void> {
  await lockBlockers(tx, change.projectId);
  const task = await taskOf(tx, change);
  if (!task.blockedBy.includes(blocker))
    throw new BatonError('blocker-not-found', `The task ${task.title} does not wait for ${blocker}.`);
  await tx
    .updateTable('tasks')
    .set({ blocked_by: sql<string[]>`array_remove(blocked_by, ${blocker}::uuid)` })
    .where('id', '=', task.id)
    .execute();
  if (await isFree(tx, task.id)) await release(tx, task, change);
}

/** A task is completed: those that waited for it alone, or for it last, go on, in the same transaction. */
export async function releaseDependents(
  tx: Tx,
  { organisationId, projectId, taskId }: Pick<BlockerChange, 'organisationId' | 'projectId' | 'taskId'>,
): Promise<void> {
  const waiting = () =>
    tx
      .selectFrom('tasks')
      .select(['id', 'title', 'status'])
      .where(sql<boolean>`blocked_by @> array[${taskId}::uuid]`)
      .where('status', '=', 'blocked');
  if (!(await waiting().limit(1).executeTakeFirst())) return;
  // Of two that complete at the same time the later one sees the earlier.
  await lockBlockers(tx, projectId);
  for (const task of await waiting().orderBy('created_at').execute()) {
    if (!(await isFree(tx, task.id))) continue;
    const key = `${task.id}/unblocked-by/${taskId}`;
    await release(tx, task, { organisationId, projectId, taskId: task.id, actor: SYSTEM, key });
  }
}

const lockBlockers = (tx: Tx, projectId: string): Promise<unknown> =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`blockers ${projectId}`}, 0))`.execute(tx);

interface BlockedTask {
  readonly id: string;
  readonly title: string;
  readonly status: TaskStatus;
}

async function taskOf(
  tx: Tx,
  { taskId, projectId }: BlockerChange,
): Promise<BlockedTask & { readonly blockedBy: readonly string[] }> {
  const task = await tx
    .selectFrom('tasks')
    .select(['id', 'title', 'status', 'blocked_by as blockedBy'])
    .where('id', '=', taskId)
    .where('project_id', '=', projectId)
    .forUpdate()
    .executeTakeFirst();
  if (!task) throw new BatonError('task-not-found', `There is no task ${taskId}.`);
  return task;
}

async function refuseBegun(tx: Tx, { id, title, status }: BlockedTask): Promise<void> {
  const run = await tx
    .selectFrom('runs')
    .select('number')
    .where('task_id', '=', id)
    .where('status', 'in', ['pending', 'running', 'waiting'])
    .where('dispatched_at', 'is not', null)
    .executeTakeFirst();
  if (run) throw new BatonError('task-begun', `${title} is worked on by run #${run.number}; cancel it first.`);
  if (status !== 'blocked' && !(status === 'pending' && mayTransition(status, 'blocked')))
    throw new BatonError('task-begun', `${title} is ${status}; only a task that has not begun can be made to wait.`);
}

async function refuseCycles(tx: Tx, { projectId, taskId }: BlockerChange, blockers: readonly string[]): Promise<void> {
  const waiting = await tx
    .selectFrom('tasks')
    .select(['id', 'blocked_by as blockedBy'])
    .where('project_id', '=', projectId)
    .where('status', '=', 'blocked')
    .execute();
  const graph = new Map(waiting.map(({ id, blockedBy }) => [id, blockedBy]));
  for (const blocker of blockers) {
    const cycle = cycleOf(graph, taskId, blocker);
    if (cycle === null) continue;
    const names = await namesOf(tx, cycle);
    throw new BatonError(
      'blockers-cycle',
      `Each would wait for the next, for ever: ${cycle.map((id) => names.get(id)).join(' → ')}. Take one of these blockers away first.`,
      { details: { cycle: [...cycle] } },
    );
  }
}

/** Tasks as people know them: by their issue. */
async function namesOf(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await tx
    .selectFrom('tasks as t')
    .innerJoin('repositories as r', 'r.id', 't.repository_id')
    .leftJoin('issues as i', 'i.id', 't.issue_id')
    .select(['t.id', 't.title', 'r.name', 'i.number'])
    .where('t.id', 'in', [...ids])
    .execute();
  return new Map(rows.map(({ id, title, name, number }) => [id, number === null ? title : `${name}#${number}`]));
}

async function isFree(tx: Tx, taskId: string): Promise<boolean> {
  const open = await tx
    .selectFrom('tasks as t')
    .innerJoin('tasks as b', (join) => join.on(sql<boolean>`b.id = any(t.blocked_by)`))
    .select('b.id')
    .where('t.id', '=', taskId)
    .where('b.status', '<>', 'completed')
    .executeTakeFirst();
  return !open;
}

async function release(tx: Tx, task: BlockedTask, change: BlockerChange): Promise<void> {
  if (task.status !== 'blocked') return;
  await move(tx, task, change, 'pending');
  const { numUpdatedRows } = await tx
    .updateTable('runs')
    .set({ held: false })
    .where('task_id', '=', task.id)
    .where('held', '=', true)
    .where('status', '=', 'pending')
    .executeTakeFirstOrThrow();
  if (numUpdatedRows > 0n) await announceRuns(tx);
}

async function move(
  tx: Tx,
  { id, title, status }: BlockedTask,
  { organisationId, projectId, actor, key }: BlockerChange,
  to: TaskStatus,
): Promise<void> {
  if (status === to) return;
  await tx.updateTable('tasks').set({ status: to }).where('id', '=', id).execute();
  await appendEvent(tx, {
    organisationId,
    projectId,
    key: `${key}/task/${id}/${to}`,
    type: 'task.transitioned',
    actor,
    briefing: `${title}: ${status} → ${to}`,
    payload: { task: id, from: status, to },
  });
}
