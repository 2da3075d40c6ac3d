import { z } from 'zod';
import type { Tx } from '../../db/connection.js';
import { requireProject, requireRepository } from '../../db/project-views.js';
import { findRepository, removedRepositories, type Repository } from '../../db/repositories.js';
import { listRepositories } from '../../db/repository-views.js';
import { BatonError } from '../../domain/errors.js';
import { name, projectQuery } from '../../schema/api/fields.js';
import { repository as repositoryAnswer } from '../../schema/api/repository.js';
import {
  changedDefaultBranch,
  newDefaultBranch,
  newPull,
  newPush,
  pulled,
  pushed,
  removalQuery,
  removedRepository,
  renamedRepository,
  renaming,
} from '../../schema/api/repository-change.js';
import { route, type Call } from '../route.js';

/** They read and write paths with the rights of the server, and change what every run works on. */
const shared = {
  tag: 'Repositories',
  role: 'admin',
  auditsItself: true,
  params: z.object({ name }),
  query: projectQuery,
} as const;

type OfRepository = Pick<
  Call<{ readonly name: string }, { readonly project?: string | undefined }>,
  'params' | 'query' | 'read' | 'about'
>;

const repositoryOf = ({ params, query, read, about }: OfRepository): Promise<Repository> => {
  about(`repository:${params.name}`);
  return read((tx) => requireRepository(tx, params.name, query.project));
};

const orMissing = (found: Promise<Repository>): Promise<Repository | null> =>
  found.catch((error: unknown) => {
    if (error instanceof BatonError && error.code === 'repository-not-found') return null;
    throw error;
  });

const viewOf = async (tx: Tx, id: string) => (await listRepositories(tx, { id, limit: 1 })).items[0]!;

export const repositoryChangeRoutes = [
  route({
    ...shared,
    method: 'post',
    path: '/repositories/:name/rename',
    id: 'renameRepository',
    summary: 'Rename a repository; runs, clones and its remote URL stay as they are',
    action: 'repository.rename',
    body: renaming,
    response: renamedRepository,
    handle: async (call, { forge }) => {
      const { principal, body, again } = call;
      call.about(`repository:${call.params.name}`, { to: body.name });
      // Asked again after it was done, the old name is gone.
      const found = await orMissing(repositoryOf(call));
      const { id } = found ?? (await repositoryOf(again ? { ...call, params: body } : call));
      const warnings = await forge.renameRepository({ principal, repositoryId: id, name: body.name });
      return { ...(await call.read((tx) => viewOf(tx, id))), warnings: [...warnings] };
    },
  }),
  route({
    ...shared,
    method: 'post',
    path: '/repositories/:name/default-branch',
    id: 'setDefaultBranch',
    summary: 'Make another branch the default one, and protect it; the old one stays protected',
    action: 'repository.set-default-branch',
    body: newDefaultBranch,
    response: changedDefaultBranch,
    handle: async (call, { forge }) => {
      const { id } = await repositoryOf(call);
      const changed = await forge.setDefaultBranch({
        principal: call.principal,
        repositoryId: id,
        branch: call.body.branch,
      });
      return { ...(await call.read((tx) => viewOf(tx, id))), warnings: [...(await forge.importWarnings(changed))] };
    },
  }),
  route({
    ...shared,
    method: 'post',
    path: '/repositories/:name/pull',
    id: 'pullRepository',
    summary: 'Bring the newer commits of the origin, by fast-forward only',
    action: 'repository.pull',
    body: newPull,
    response: pulled,
    handle: async (call, { forge }) => {
      const repository = await repositoryOf(call);
      const { updated, ahead, diverged, clashing, newTags, from } = await forge.pullOrigin({
        principal: call.principal,
        repositoryId: repository.id,
        from: call.body.from ?? null,
      });
      return {
        repository: repository.name,
        from,
        updated: [...updated],
        ahead: [...ahead],
        diverged: [...diverged],
        clashing: [...clashing],
        newTags: [...newTags],
        warnings: [...(await forge.importWarnings(repository))],
      };
    },
  }),
  route({
    ...shared,
    method: 'post',
    path: '/repositories/:name/push',
    id: 'pushRepository',
    summary: 'Push a branch to the origin or another repository, never with force',
    action: 'repository.push',
    body: newPush,
    response: pushed,
    handle: async (call, { forge }) => {
      const repository = await repositoryOf(call);
      const { branch = null, as = null, to = null } = call.body;
      const facts = await forge.pushOrigin({ principal: call.principal, repositoryId: repository.id, branch, as, to });
      return { repository: repository.name, ...facts };
    },
  }),
  route({
    ...shared,
    method: 'post',
    path: '/repositories/:name/restore',
    id: 'restoreRepository',
    summary: 'Bring back the last removed repository of a name, with its issues, pull requests and runs',
    action: 'repository.restore',
    response: repositoryAnswer,
    handle: async (call, { forge }) => {
      const { params: of, principal, again } = call;
      call.about(`repository:${of.name}`);
      const { id: projectId } = await call.read((tx) => requireProject(tx, call.query.project));
      const known = await call.read((tx) => findRepository(tx, projectId, of.name));
      if (known && !again)
        throw new BatonError('repository-exists', `There is a repository ${of.name}: rename it first.`);
      const { id } = known ?? (await forge.restoreRepository({ principal, projectId, name: of.name }));
      return call.read((tx) => viewOf(tx, id));
    },
  }),
  route({
    ...shared,
    method: 'delete',
    path: '/repositories/:name',
    id: 'removeRepository',
    summary:
      'Remove a repository while no run of it is unfinished. Its files are moved aside; issues, pull requests and runs stay in the record',
    action: 'repository.remove',
    query: removalQuery,
    response: removedRepository,
    handle: async (call, { forge }) => {
      const { params: of, query, principal } = call;
      call.about(`repository:${of.name}`);
      const isPurge = query.purge === 'true';
      const known = isPurge ? await orMissing(repositoryOf(call)) : await repositoryOf(call);
      const purged = { name: of.name, files: null, keptUntil: null };
      if (known) {
        const removed = await forge.removeRepository({ principal, repositoryId: known.id });
        if (!isPurge) return { name: of.name, ...removed };
        await forge.purgeRepository({ principal, repositoryId: known.id });
        return purged;
      }
      const { id: projectId } = await call.read((tx) => requireProject(tx, query.project));
      const removed = await call.read((tx) => removedRepositories(tx, projectId, of.name));
      if (removed.length === 0 && !call.again) await repositoryOf(call);
      for (const { id } of removed) await forge.purgeRepository({ principal, repositoryId: id });
      return purged;
    },
  }),
];
