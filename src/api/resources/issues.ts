import { z } from 'zod';
import { findByRequest, getIssue, listIssueComments, listIssues } from '../../db/issue-views.js';
import { requireRepository } from '../../db/project-views.js';
import { startedRuns } from '../../db/run-views.js';
import { BatonError } from '../../domain/errors.js';
import { itemNumber, label, name, projectQuery } from '../../schema/api/fields.js';
import {
  commentedIssue,
  issue,
  issueComments,
  issuePage,
  issueQuery,
  labelled,
  newIssue,
  newIssueComment,
  newLabels,
  openedIssue,
  unlabelled,
} from '../../schema/api/issue.js';
import { checkLabels, placeOf } from '../preconditions.js';
import { route } from '../route.js';

const tag = 'Issues';
const params = z.object({ name });
const issueParams = z.object({ name, number: itemNumber });

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
        listIssues(tx, { ...query, repositoryId: (await requireRepository(tx, of.name, query.project)).id }),
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
    auditsItself: true,
    params,
    query: projectQuery,
    body: newIssue,
    status: 201,
    response: openedIssue,
    handle: async (call, deps) => {
      const { forge, dispatcher } = deps;
      const repository = await call.read((tx) => requireRepository(tx, call.params.name, call.query.project));
      const { key, principal } = call;
      const missing = call.again ? [] : await checkLabels(deps, placeOf(repository), call.body.labels);
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
      return call.read(async (tx) => {
        const { id } = await getIssue(tx, repository, number);
        return { id, number, runs: await startedRuns(tx, runs), missing };
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
    query: projectQuery,
    handle: ({ params: of, query, read }) =>
      read(async (tx) => getIssue(tx, await requireRepository(tx, of.name, query.project), of.number)),
  }),
  route({
    method: 'post',
    path: '/repositories/:name/issues/:number/labels',
    id: 'addLabels',
    tag,
    summary: 'Add labels to an issue; each new one starts the pipelines that it triggers',
    role: 'author',
    action: 'issue.label',
    auditsItself: true,
    params: issueParams,
    query: projectQuery,
    body: newLabels,
    response: labelled,
    handle: async (call, deps) => {
      const { forge, dispatcher } = deps;
      const { number, name: repositoryName } = call.params;
      const { labels } = call.body;
      call.about(`issue:${repositoryName}#${number}`, { labels });
      const repository = await call.read((tx) => requireRepository(tx, repositoryName, call.query.project));
      const { labels: known } = await call.read((tx) => getIssue(tx, repository, number));
      const added = labels.filter((one) => !known.includes(one));
      const missing = await checkLabels(deps, placeOf(repository), added);
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
        return { number, runs: await startedRuns(tx, [...new Set([...runs, ...earlier])]), missing };
      });
    },
  }),
  route({
    method: 'delete',
    path: '/repositories/:name/issues/:number/labels/:label',
    id: 'removeLabel',
    tag,
    summary: 'Take a label off an issue; the runs that it started go on',
    role: 'author',
    action: 'issue.unlabel',
    auditsItself: true,
    params: issueParams.extend({ label }),
    query: projectQuery,
    response: unlabelled,
    handle: async (call, { forge }) => {
      const { number, name: repositoryName, label: taken } = call.params;
      call.about(`issue:${repositoryName}#${number}`, { label: taken });
      const repository = await call.read((tx) => requireRepository(tx, repositoryName, call.query.project));
      const { principal, key } = call;
      const { labels } = await forge.removeLabel({
        principal,
        repositoryId: repository.id,
        number,
        label: taken,
        key,
      });
      return { number, labels };
    },
  }),
  route({
    method: 'get',
    path: '/repositories/:name/issues/:number/comments',
    id: 'listIssueComments',
    tag,
    summary: 'Comments on an issue, oldest first',
    role: 'reader',
    params: issueParams,
    query: projectQuery,
    response: issueComments,
    handle: ({ params: of, query, read }) =>
      read(async (tx) => listIssueComments(tx, await requireRepository(tx, of.name, query.project), of.number)),
  }),
  route({
    method: 'post',
    path: '/repositories/:name/issues/:number/comments',
    id: 'commentIssue',
    tag,
    summary: 'Comment on an issue; `state` closes it or opens it again',
    role: 'author',
    action: 'issue.comment',
    auditsItself: true,
    params: issueParams,
    query: projectQuery,
    body: newIssueComment,
    status: 201,
    response: commentedIssue,
    handle: async (call, { forge }) => {
      const { number, name: repositoryName } = call.params;
      call.about(`issue:${repositoryName}#${number}`, {});
      const repository = await call.read((tx) => requireRepository(tx, repositoryName, call.query.project));
      const { principal, key } = call;
      const { state } = await forge.commentIssue({
        ...call.body,
        principal,
        repositoryId: repository.id,
        number,
        key,
      });
      return { number, state };
    },
  }),
];
