import { sql } from 'kysely';
import { BatonError } from '../domain/errors.js';
import type { Priority, TaskStatus } from '../domain/task.js';
import { progressOfRun, type RunProgress } from './checklist-views.js';
import type { Tx } from './connection.js';
import { decodeCursor, pageOf, type PageRequest } from './cursor.js';

export interface TaskFilter extends PageRequest {
  readonly status?: TaskStatus | undefined;
  readonly priority?: Priority | undefined;
  readonly projectId?: string | undefined;
  readonly repositoryId?: string | undefined;
}

const tasks = (tx: Tx) =>
  tx
    .selectFrom('tasks as t')
    .innerJoin('repositories as r', 'r.id', 't.repository_id')
    .innerJoin('people as p', 'p.id', 't.requested_by')
    .leftJoin('issues as i', 'i.id', 't.issue_id')
    .leftJoin('agents as a', 'a.id', 't.agent_id')
    .select([
      't.id',
      't.type',
      't.priority',
      't.status',
      't.title',
      'r.name as repository',
      'i.number as issue',
      't.branch',
      't.required_capability as requiredCapability',
      't.affected_files as affectedFiles',
      'a.name as agent',
      't.assigned_at as assignedAt',
      't.estimated_completion as estimatedCompletion',
      't.blocked_by as blockedBy',
      't.commits',
      't.instructions',
      'p.handle as requestedBy',
      't.created_at as createdAt',
      sql<string[]>`array(select b.id from tasks b where t.id = any(b.blocked_by) order by b.created_at)`.as('blocks'),
      sql<number[]>`array(select n.number::int from runs n where n.task_id = t.id order by n.number)`.as('runs'),
      sql<RunProgress | null>`(select ${progressOfRun(sql.ref('newest.id'))} from runs newest
        where newest.task_id = t.id order by newest.number desc limit 1)`.as('progress'),
      sql<number[]>`array(select q.number from pull_requests q join runs n on n.id = q.run_id
        where n.task_id = t.id order by q.number)`.as('pullRequests'),
    ]);

/** Tasks, newest first. */
export async function listTasks(tx: Tx, filter: TaskFilter) {
  const after = decodeCursor('tasks', 'uuid', filter.cursor);
  let query = tasks(tx)
    .orderBy('t.created_at', 'desc')
    .orderBy('t.id', 'desc')
    .limit(filter.limit + 1);
  if (after !== null)
    query = query.where(
      sql<boolean>`(t.created_at, t.id) < (select c.created_at, c.id from tasks c where c.id = ${after})`,
    );
  if (filter.status) query = query.where('t.status', '=', filter.status);
  if (filter.priority) query = query.where('t.priority', '=', filter.priority);
  if (filter.projectId !== undefined) query = query.where('t.project_id', '=', filter.projectId);
  if (filter.repositoryId !== undefined) query = query.where('t.repository_id', '=', filter.repositoryId);
  return pageOf('tasks', await query.execute(), filter.limit, ({ id }) => id);
}

/** One task. @throws BatonError `task-not-found`. */
export async function getTask(tx: Tx, id: string) {
  const task = await tasks(tx).where('t.id', '=', id).executeTakeFirst();
  if (!task) throw new BatonError('task-not-found', `There is no task ${id}.`);
  return task;
}
