import { z } from 'zod';
import { listRepositories } from '../../db/repository-views.js';
import { findRepository } from '../../db/repositories.js';
import { requireProject, requireRepository } from '../../db/project-views.js';
import { BatonError } from '../../domain/errors.js';
import { name, projectQuery } from '../../schema/api/fields.js';
import {
  addedRepository,
  newRepository,
  repository,
  repositoryPage,
  repositoryQuery,
} from '../../schema/api/repository.js';
import { route } from '../route.js';

const tag = 'Repositories';

export const repositoryRoutes = [
  route({
    method: 'get',
    path: '/repositories',
    id: 'listRepositories',
    tag,
    summary: 'Repositories by name',
    role: 'reader',
    query: repositoryQuery,
    response: repositoryPage,
    handle: ({ query, read }) => read((tx) => listRepositories(tx, query)),
  }),
  route({
    method: 'get',
    path: '/repositories/:name',
    id: 'getRepository',
    tag,
    summary: 'One repository',
    role: 'reader',
    params: z.object({ name }),
    query: projectQuery,
    response: repository,
    handle: ({ params: of, query, read }) =>
      read(async (tx) => {
        const { id } = await requireRepository(tx, of.name, query.project);
        const { items } = await listRepositories(tx, { id, limit: 1 });
        return items[0]!;
      }),
  }),
  route({
    method: 'post',
    path: '/repositories',
    id: 'addRepository',
    tag,
    summary: 'Add a repository: import one from a path on the server or a URL, or make an empty one',
    // A path is read with the rights of the server.
    role: 'admin',
    action: 'repository.add',
    auditsItself: true,
    body: newRepository,
    status: 201,
    response: addedRepository,
    handle: async (call, { forge }) => {
      const { name: wanted, source, defaultBranch, project } = call.body;
      call.about(`repository:${wanted}`);
      const { id: projectId } = await call.read((tx) => requireProject(tx, project));
      const known = await call.read((tx) => findRepository(tx, projectId, wanted));
      if (known && !call.again) throw new BatonError('repository-exists', `There is a repository ${wanted} already.`);
      const added =
        known ??
        (await forge.createRepository({
          principal: call.principal,
          projectId,
          name: wanted,
          source: source ?? null,
          defaultBranch: defaultBranch ?? null,
        }));
      const { items } = await call.read((tx) => listRepositories(tx, { id: added.id, limit: 1 }));
      return { ...items[0]!, warnings: [...(await forge.importWarnings(added))] };
    },
  }),
];
