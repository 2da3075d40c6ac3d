import { isAbsolute, normalize, relative } from 'node:path/posix';
import { WORKSPACE } from '../../sandbox/policy.js';

/** Gives the path in the repository of a file that a tool names; null where it lies elsewhere. */
export type RepositoryPath = (named: string) => string | null;

/** @param worktree where it lies on the host: a tool that runs without a sandbox names its files there. */
export const repositoryPaths =
  (worktree: string): RepositoryPath =>
  (named) => {
    const root = [WORKSPACE, worktree].find((folder) => named.startsWith(`${folder}/`));
    const path = normalize(root === undefined ? named : relative(root, named));
    return path === '' || path === '.' || path === '..' || path.startsWith('../') || isAbsolute(path) ? null : path;
  };
