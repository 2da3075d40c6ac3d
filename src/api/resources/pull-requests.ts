import { z } from 'zod';
import { requireRepository } from '../../db/project-views.js';
import { listPullRequests } from '../../db/pull-request-views.js';
import { name } from '../../schema/api/fields.js';
import { pullRequestPage, pullRequestQuery } from '../../schema/api/pull-request.js';
import { route } from '../route.js';

export const pullRequestRoutes = [
  route({
    method: 'get',
    path: '/repositories/:name/pull-requests',
    id: 'listPullRequests',
    tag: 'Pull requests',
    summary: 'Pull requests of a repository, newest first, with their reviews',
    role: 'reader',
    params: z.object({ name }),
    query: pullRequestQuery,
    response: pullRequestPage,
    handle: ({ params, query, read }) =>
      read(async (tx) =>
        listPullRequests(tx, { ...query, repositoryId: (await requireRepository(tx, params.name, undefined)).id }),
      ),
  }),
];
