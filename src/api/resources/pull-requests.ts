import { z } from 'zod';
import { requireRepository } from '../../db/project-views.js';
import { listPullRequests } from '../../db/pull-request-views.js';
import { itemNumber, name, projectQuery } from '../../schema/api/fields.js';
import {
  newPullRequest,
  openedPullRequest,
  pullRequest,
  pullRequestPage,
  pullRequestQuery,
} from '../../schema/api/pull-request.js';
import { startedRuns } from '../../db/run-views.js';
import { BatonError } from '../../domain/errors.js';
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
        listPullRequests(tx, { ...query, repositoryId: (await requireRepository(tx, params.name, query.project)).id }),
      ),
  }),
  route({
    method: 'post',
    path: '/repositories/:name/pull-requests',
    id: 'openPullRequest',
    tag: 'Pull requests',
    summary: 'Open a pull request for a branch that was pushed; it starts the pipelines that it triggers',
    role: 'author',
    action: 'pull-request.open',
    auditsItself: true,
    params: z.object({ name }),
    query: projectQuery,
    body: newPullRequest,
    status: 201,
    response: openedPullRequest,
    handle: async ({ params, query, body, principal, key, about, read }, { forge, dispatcher }) => {
      about(`repository:${params.name}`, { head: body.head });
      const repository = await read((tx) => requireRepository(tx, params.name, query.project));
      const base = body.base ?? repository.defaultBranch;
      const { number, runs } = await forge.openPullRequestByHand({
        ...body,
        base,
        principal,
        repositoryId: repository.id,
        key,
      });
      dispatcher.wake();
      return { number, runs: await read((tx) => startedRuns(tx, runs)) };
    },
  }),
  route({
    method: 'get',
    path: '/repositories/:name/pull-requests/:number',
    id: 'getPullRequest',
    tag: 'Pull requests',
    summary: 'One pull request, with its reviews',
    role: 'reader',
    params: z.object({ name, number: itemNumber }),
    query: projectQuery,
    response: pullRequest,
    handle: ({ params: { name: of, number }, query, read }) =>
      read(async (tx) => {
        const repository = await requireRepository(tx, of, query.project);
        const { items } = await listPullRequests(tx, { repositoryId: repository.id, number, limit: 1 });
        if (!items[0])
          throw new BatonError('pull-request-not-found', `The repository ${of} has no pull request #${number}.`);
        return items[0];
      }),
  }),
];
