import { BatonError } from '../domain/errors.js';
import { suggest } from '../domain/suggest.js';
import type { Tx } from './connection.js';
import { findRepository, type Repository } from './repositories.js';

export interface Project {
  readonly id: string;
  readonly name: string;
}

export const listProjects = (tx: Tx): Promise<Project[]> =>
  tx.selectFrom('projects').select(['id', 'name']).orderBy('created_at').orderBy('name').execute();

/** The project of that name, or the only one where none is named. Throws `project-not-found`, `project-required`. */
export async function requireProject(tx: Tx, name: string | undefined): Promise<Project> {
  const projects = await listProjects(tx);
  const names = projects.map((project) => project.name).join(', ');
  if (name === undefined) {
    if (projects[0] && projects.length === 1) return projects[0];
    throw new BatonError(
      'project-required',
      `This organisation has ${projects.length === 0 ? 'no project' : `several projects: name one of ${names} as \`project\``}.`,
    );
  }
  const found = projects.find((project) => project.name === name);
  if (!found)
    throw new BatonError(
      'project-not-found',
      `There is no project ${name}; there is ${names === '' ? 'none' : names}.`,
    );
  return found;
}

/** A repository by its name. Throws `repository-not-found`, `project-required` where several projects have one. */
export async function requireRepository(tx: Tx, name: string, projectName: string | undefined): Promise<Repository> {
  const known = await tx
    .selectFrom('repositories as r')
    .innerJoin('projects as p', 'p.id', 'r.project_id')
    .select(['r.name', 'p.name as project', 'p.id as projectId'])
    .where('r.removed_at', 'is', null)
    .orderBy('r.name')
    .execute();
  const found = known.filter(
    (repository) => repository.name === name && (projectName === undefined || repository.project === projectName),
  );
  if (found.length > 1) {
    const projects = found.map(({ project }) => project).join(', ');
    throw new BatonError(
      'project-required',
      `Several projects have a repository ${name}: name one of ${projects} as \`project\`.`,
    );
  }
  const repository = found[0] && (await findRepository(tx, found[0].projectId, name));
  if (repository) return repository;
  const near = suggest(
    name,
    known.map((other) => other.name),
  );
  throw new BatonError(
    'repository-not-found',
    `There is no repository ${name}${near === null ? '.' : `; did you mean ${near}?`}`,
  );
}
