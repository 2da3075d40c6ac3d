import { z } from 'zod';
import { requireProject, requireRepository } from '../../db/project-views.js';
import { addBlockers, removeBlocker } from '../../db/blockers.js';
import type { Tx } from '../../db/connection.js';
import { repositoryOfTask, tasksOfIssues } from '../../db/issue-tasks.js';
import type { Principal } from '../../db/people.js';
import { getTask, listTasks } from '../../db/task-views.js';
import { uuid } from '../../schema/api/fields.js';
import { newBlockers, task, taskPage, taskQuery } from '../../schema/api/task.js';
import { route } from '../route.js';

const tag = 'Tasks';

export const taskRoutes = [
  route({
    method: 'get',
    path: '/tasks',
    id: 'listTasks',
    tag,
    summary: 'What was asked for and how far it is, newest first',
    role: 'reader',
    query: taskQuery,
    response: taskPage,
    handle: ({ query: { project, repository, ...query }, read }) =>
      read(async (tx) =>
        listTasks(tx, {
          ...query,
          ...(project !== undefined && { projectId: (await requireProject(tx, project)).id }),
          ...(repository !== undefined && { repositoryId: (await requireRepository(tx, repository, project)).id }),
        }),
      ),
  }),
  route({
    method: 'get',
    path: '/tasks/:id',
    id: 'getTask',
    tag,
    summary: 'One task, with its commits, runs and pull requests',
    role: 'reader',
    params: z.object({ id: uuid }),
    response: task,
    handle: ({ params, read }) => read((tx) => getTask(tx, params.id)),
  }),
  route({
    method: 'post',
    path: '/tasks/:id/blockers',
    id: 'addBlockers',
    tag,
    summary: 'Have a task that has not begun wait for others: its runs start when the last of them is completed',
    role: 'author',
    action: 'task.block',
    params: z.object({ id: uuid }),
    body: newBlockers,
    response: task,
    handle: ({ params, body, principal, key, about, write }) => {
      about(`task:${params.id}`, { blockers: body.blockers });
      return write(async (tx) => {
        const { repository, ...change } = await changeOf(tx, params.id, principal, key);
        const byIssue = body.blockers.filter((blocker) => blocker.includes('#'));
        const blockers = body.blockers.filter((blocker) => !blocker.includes('#'));
        await addBlockers(tx, change, [
          ...blockers,
          ...(await tasksOfIssues(tx, repository, byIssue, principal.personId)),
        ]);
        return getTask(tx, params.id);
      });
    },
  }),
  route({
    method: 'delete',
    path: '/tasks/:id/blockers/:blocker',
    id: 'removeBlocker',
    tag,
    summary: 'Have a task wait for another no longer; with none left its runs start',
    role: 'author',
    action: 'task.unblock',
    params: z.object({ id: uuid, blocker: uuid }),
    response: task,
    handle: ({ params, principal, key, about, write }) => {
      about(`task:${params.id}`, { blocker: params.blocker });
      return write(async (tx) => {
        const { repository: _, ...change } = await changeOf(tx, params.id, principal, key);
        await removeBlocker(tx, change, params.blocker);
        return getTask(tx, params.id);
      });
    },
  }),
];

/** A change of what a task waits for, in whose name, and the repository whose issues are meant by their number alone. */
async function changeOf(tx: Tx, taskId: string, { organisationId, personId, handle }: Principal, key: string) {
  const repository = await repositoryOfTask(tx, taskId);
  const actor = { kind: 'person', id: personId, name: handle } as const;
  return { organisationId, projectId: repository.projectId, taskId, actor, key, repository };
}
