import { sql } from 'kysely';
import { moveTask, priorityFor, taskTypeFor, type TaskStatus } from '../domain/task.js';
import type { RunRef } from '../domain/work.js';
import { releaseDependents } from './blockers.js';
import type { Tx } from './connection.js';
import { appendEvent, SYSTEM } from './events.js';

export interface NewTask {
  readonly organisationId: string;
  readonly projectId: string;
  readonly repositoryId: string;
  readonly issueId: string;
  readonly title: string;
  readonly labels: readonly string[];
  readonly requestedBy: string;
}

/** The open task of an issue, made where there is none. */
export async function openTask(tx: Tx, task: NewTask): Promise<string> {
  const open = () =>
    tx
      .selectFrom('tasks')
      .select('id')
      .where('issue_id', '=', task.issueId)
      .where('status', '<>', 'completed')
      .executeTakeFirst();
  const known = await open();
  if (known) return known.id;
  await tx
    .insertInto('tasks')
    .values({
      organisation_id: task.organisationId,
      project_id: task.projectId,
      repository_id: task.repositoryId,
      issue_id: task.issueId,
      type: taskTypeFor(task.labels),
      priority: priorityFor(task.labels),
      title: task.title,
      requested_by: task.requestedBy,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return (await open())!.id;
}

/** Moves the run's task along its lifecycle. A transition that the lifecycle does not know is refused, as an event. */
export async function transitionTask(tx: Tx, run: RunRef, to: TaskStatus, why: string): Promise<void> {
  if (run.taskId === null) return;
  const task = await tx
    .selectFrom('tasks')
    .select(['status', 'title'])
    .where('id', '=', run.taskId)
    .forUpdate()
    .executeTakeFirstOrThrow();
  const move = moveTask(task.status, to);
  if (move === 'stays') return;
  const legal = move === 'moves';
  if (legal) await tx.updateTable('tasks').set({ status: to }).where('id', '=', run.taskId).execute();
  await appendEvent(tx, {
    organisationId: run.organisationId,
    projectId: run.projectId,
    key: `${run.runId}/task/${why}/${to}`,
    type: legal ? 'task.transitioned' : 'task.refused',
    runId: run.runId,
    repositoryId: run.repository?.id ?? null,
    actor: SYSTEM,
    briefing: legal ? `${task.title}: ${task.status} → ${to}` : `${task.title}: ${task.status} → ${to} is refused`,
    payload: { task: run.taskId, from: task.status, to },
  });
  if (legal && to === 'completed') await releaseDependents(tx, { ...run, taskId: run.taskId });
}

/** Notes a commit that reached the task's branch, and what it changed; twice is once. */
export async function addToTask(tx: Tx, taskId: string, commit: string, files: readonly string[]): Promise<void> {
  await sql`
    update tasks set
      commits = case when ${commit}::text = any(commits) then commits else commits || ${commit}::text end,
      affected_files = array(select distinct file from unnest(affected_files || ${files}::text[]) as file order by file)
    where id = ${taskId}`.execute(tx);
}
