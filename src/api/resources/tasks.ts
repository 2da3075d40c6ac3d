import { z } from 'zod';
import { requireProject, requireRepository } from '../../db/project-views.js';
import { getTask, listTasks } from '../../db/task-views.js';
import { uuid } from '../../schema/api/fields.js';
import { task, taskPage, taskQuery } from '../../schema/api/task.js';
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
];
