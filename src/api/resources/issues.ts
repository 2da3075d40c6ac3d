import { z } from 'zod';
import { findByRequest, listIssues } from '../../db/issue-views.js';
import { requireRepository } from '../../db/project-views.js';
import { startedRuns } from '../../db/run-views.js';
import { BatonError } from '../../domain/errors.js';
import { name } from '../../schema/api/fields.js';
import { issue, issuePage, issueQuery, labelled, newIssue, newLabels, openedIssue } from '../../schema/api/issue.js';
import { route } from '../route.js';

const tag = 'Issues';
const params = z.object({ name });
const issueParams = z.object({
  name,
  number: z
    .string()
    .regex(/^\d{1,9}$/, 'use a whole number')
    .transform(Number),
});

export const issueRoutes = [
  route({
    method: 'get',
    path: '/repositories/:name/issues',
    id: 'listIssues',
    tag,
    summary: 'Issues of a repository, newest first',
    role: 'reader',
    params,
    query: issueQuery,
    response: issuePage,
    handle: ({ params: of, query, read }) =>
      read(async (tx) =>
        listIssues(tx, { ...query, repositoryId: (await requireRepository(tx, of.name, undefined)).id }),
      ),
  }),
  route({
    method: 'post',
    path: '/repositories/:name/issues',
    id: 'openIssue',
    tag,
    summary: 'Open an issue; its labels start the pipelines that they trigger',
    role: 'author',
    action: 'issue.open',
    params,
    body: newIssue,
    status: 201,
    response: openedIssue,
    handle: async (call, { forge, dispatcher }) => {
      const repository = await call.read((tx) => requireRepository(tx, call.params.name, undefined));
      const { key, principal } = call;
      const { number, runs } = await forge
        .openIssue({ ...call.body, principal, repositoryId: repository.id, key })
        .catch(async (error: unknown) => {
          const earlier =
            error instanceof BatonError &&
            error.code === 'opened-already' &&
            (await call.read((tx) => findByRequest(tx, key)));
          if (!earlier || earlier.number === null) throw error;
          return { number: earlier.number, runs: earlier.runs };
        });
      dispatcher.wake();
      call.about(`issue:${repository.name}#${number}`, { title: call.body.title, labels: call.body.labels });
      return call.read(async (tx) => {
        const { items } = await listIssues(tx, { repositoryId: repository.id, number, limit: 1 });
        return { id: items[0]!.id, number, runs: await startedRuns(tx, runs) };
      });
    },
  }),
  route({
    method: 'get',
    path: '/repositories/:name/issues/:number',
    id: 'getIssue',
    tag,
    summary: 'One issue, with the runs that it started',
    role: 'reader',
    params: issueParams,
    response: issue,
    handle: ({ params: of, read }) =>
      read(async (tx) => {
        const repository = await requireRepository(tx, of.name, undefined);
        const { items } = await listIssues(tx, { repositoryId: repository.id, number: of.number, limit: 1 });
        if (!items[0])
          throw new BatonError('issue-not-found', `The repository ${repository.name} has no issue #${of.number}.`);
        return items[0];
      }),
  }),
  route({
    method: 'post',
    path: '/repositories/:name/issues/:number/labels',
    id: 'addLabels',
    tag,
    summary: 'Add labels to an issue; each new one starts the pipelines that it triggers',
    role: 'author',
    action: 'issue.label',
    params: issueParams,
    body: newLabels,
    response: labelled,
    handle: async (call, { forge, dispatcher }) => {
      const { number, name: repositoryName } = call.params;
      const { labels } = call.body;
      call.about(`issue:${repositoryName}#${number}`, { labels });
      const repository = await call.read((tx) => requireRepository(tx, repositoryName, undefined));
      const { runs } = await forge.addLabels({
        principal: call.principal,
        repositoryId: repository.id,
        number,
        labels,
        key: call.key,
      });
      dispatcher.wake();
      return call.read(async (tx) => {
        const earlier = call.again ? (await findByRequest(tx, call.key)).runs : [];
        return { number, runs: await startedRuns(tx, [...new Set([...runs, ...earlier])]) };
      });
    },
  }),
];
