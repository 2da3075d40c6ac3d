import { WorkflowNotFoundError } from '@temporalio/client';
import { z } from 'zod';
import type { Tx } from '../../db/connection.js';
import { requireRepository } from '../../db/project-views.js';
import type { Repository } from '../../db/repositories.js';
import { activePipelines } from '../../db/triggers.js';
import { closeTrial, createTrial, listTrials, trialView } from '../../db/trials.js';
import { BatonError } from '../../domain/errors.js';
import { hasPassed, trialWorkflowId } from '../../domain/trial.js';
import { headOfDefaultBranch } from '../../forge/default-branch.js';
import { existingConfiguration } from '../../forge/local-configuration.js';
import { proposeFor } from '../../forge/repository-proposal.js';
import { preconditions } from '../../schema/api/missing-for-runs.js';
import { name, projectQuery, uuid } from '../../schema/api/fields.js';
import {
  newConfiguration,
  newTrial,
  placedConfiguration,
  repositoryProposal,
  trial,
  trialList,
} from '../../schema/api/repository-proposal.js';
import { keepPassed } from '../../schema/repository/keep-passed.js';
import { parseRepositoryConfig } from '../../schema/repository-config.js';
import { missingForPipeline, placeOf } from '../preconditions.js';
import { route, type Call } from '../route.js';

const tag = 'Repositories';
const params = z.object({ name });
const preconditionQuery = projectQuery.extend({ pipeline: name });
const trialParams = z.object({ name, id: uuid });
const MAX_TRIALS = 20;

type Named = { readonly name: string };
type InProject = { readonly project?: string | undefined };

const repositoryOf = ({ params: of, query }: Call<Named, InProject>, tx: Tx): Promise<Repository> =>
  requireRepository(tx, of.name, query.project);

const shown = (repository: string, row: Awaited<ReturnType<typeof trialView>>) => ({
  ...row,
  phases: [...row.phases],
  repository,
  passed: hasPassed(row.status, row.phases),
  passedParts: row.status === 'done' ? keepPassed(row.config, row.phases) : null,
});

export const repositorySetupRoutes = [
  route({
    method: 'get',
    path: '/repositories/:name/proposal',
    id: 'proposeRepositoryConfig',
    tag,
    summary: 'What Baton detects on the default branch, and the `.baton/repository.yaml` that it proposes',
    role: 'reader',
    params,
    query: projectQuery,
    response: repositoryProposal,
    handle: async (call) => {
      const repository = await call.read((tx) => repositoryOf(call, tx));
      const commit = await headOfDefaultBranch(repository);
      const { remoteUrl, defaultBranch: branch } = repository;
      const proposal = await proposeFor({ gitDir: remoteUrl, remoteUrl }, commit);
      return {
        repository: repository.name,
        branch,
        commit,
        existing: await existingConfiguration(repository, commit),
        ...proposal,
      };
    },
  }),
  route({
    method: 'get',
    path: '/repositories/:name/preconditions',
    id: 'getPreconditions',
    tag,
    summary: 'What a run of an active pipeline in this repository would lack now; nothing is started',
    role: 'reader',
    params,
    query: preconditionQuery,
    response: preconditions,
    handle: async (call, deps) => {
      const { pipeline } = call.query;
      const { repository, active } = await call.read(async (tx) => {
        const found = await repositoryOf(call, tx);
        return { repository: found, active: await activePipelines(tx, found.projectId) };
      });
      const plan = active.find(({ name: of }) => of === pipeline)?.plan;
      if (!plan)
        throw new BatonError(
          'pipeline-not-active',
          `No pipeline ${pipeline} is active. Activate it with \`baton pipelines resume ${pipeline}\`.`,
        );
      return { items: await missingForPipeline(deps, placeOf(repository), plan) };
    },
  }),
  route({
    method: 'get',
    path: '/repositories/:name/trials',
    id: 'listTrials',
    tag,
    summary: `The last ${MAX_TRIALS} trials of a repository, newest first`,
    role: 'reader',
    params,
    query: projectQuery,
    response: trialList,
    handle: (call) =>
      call.read(async (tx) => {
        const { id, name: of } = await repositoryOf(call, tx);
        return { items: (await listTrials(tx, id, MAX_TRIALS)).map((row) => shown(of, row)) };
      }),
  }),
  route({
    method: 'get',
    path: '/repositories/:name/trials/:id',
    id: 'getTrial',
    tag,
    summary: 'One trial: what its set-up and each gate say so far. Its log can be read while it grows',
    role: 'reader',
    params: trialParams,
    query: projectQuery,
    response: trial,
    handle: (call) => call.read(async (tx) => shown(call.params.name, await trialView(tx, call.params.id))),
  }),
  route({
    method: 'post',
    path: '/repositories/:name/trials',
    id: 'startTrial',
    tag,
    summary:
      'Run set-up and gates once on the default branch in the sandbox, with a configuration that counts for nothing else',
    // A set-up may have the network of the host.
    role: 'admin',
    action: 'trial.start',
    params,
    query: projectQuery,
    body: newTrial,
    status: 201,
    response: trial,
    handle: async (call, { dispatcher }) => {
      const repository = await call.read((tx) => repositoryOf(call, tx));
      const commit = await headOfDefaultBranch(repository);
      const { remoteUrl } = repository;
      const config =
        call.body.config ??
        (await existingConfiguration(repository, commit)) ??
        (await proposeFor({ gitDir: remoteUrl, remoteUrl }, commit)).text;
      parseRepositoryConfig(config);
      const started = await call.write(async (tx) => {
        const id = await createTrial(tx, { repository, requestedBy: call.principal.personId, config, commit });
        call.about(`repository:${repository.name}`, { trial: id, commit });
        return trialView(tx, id);
      });
      dispatcher.wake();
      return shown(repository.name, started);
    },
  }),
  route({
    method: 'post',
    path: '/repositories/:name/trials/:id/cancel',
    id: 'cancelTrial',
    tag,
    summary: 'Stop a trial',
    role: 'admin',
    action: 'trial.cancel',
    params: trialParams,
    query: projectQuery,
    status: 202,
    response: trial,
    handle: async (call, { temporal }) => {
      call.about(`repository:${call.params.name}`, { trial: call.params.id });
      const row = await call.read((tx) => trialView(tx, call.params.id));
      if (row.endedAt !== null) throw new BatonError('trial-ended', 'This trial has ended already.');
      try {
        await temporal.workflow.getHandle(trialWorkflowId({ trialId: row.id })).cancel();
      } catch (error) {
        // Not started yet, or Temporal has forgotten it: nothing else will end it.
        if (!(error instanceof WorkflowNotFoundError)) throw error;
        await call.write((tx) => closeTrial(tx, row.id, 'cancelled', null));
      }
      return shown(call.params.name, row);
    },
  }),
  route({
    method: 'post',
    path: '/repositories/:name/configuration',
    id: 'acceptRepositoryConfig',
    tag,
    summary:
      'Put `.baton/repository.yaml` on the default branch, as the caller. Refused where there is one, unless `replace` is set',
    role: 'admin',
    action: 'repository.configure',
    auditsItself: true,
    params,
    query: projectQuery,
    body: newConfiguration,
    status: 201,
    response: placedConfiguration,
    handle: async (call, { forge }) => {
      const repository = await call.read((tx) => repositoryOf(call, tx));
      call.about(`repository:${repository.name}`);
      const { config: text, replace } = call.body;
      const placed = await forge.placeConfiguration({
        principal: call.principal,
        repositoryId: repository.id,
        text,
        replace,
      });
      return { repository: repository.name, ...placed };
    },
  }),
];
