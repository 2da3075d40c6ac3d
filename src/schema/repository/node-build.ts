import { posix } from 'node:path';
import type { NodePackage } from './node-packages.js';
import { has, jsonOf, type RepositoryFiles } from './repository-files.js';

/**
 * Whether packages of a workspace import one whose files a build makes first: none of its entries is in the repository.
 * The build belongs to the checks, since the results of a set-up are kept for other commits.
 */
export function needsBuild(files: RepositoryFiles, root: NodePackage, members: readonly NodePackage[]): boolean {
  if (root.scripts['build'] === undefined) return false;
  const imported = new Set([root, ...members].flatMap(({ dependencies }) => [...dependencies]));
  return members.some(({ folder }) => {
    const { name, main, module, exports } = jsonOf(files, `${folder}/package.json`) ?? {};
    if (typeof name !== 'string' || !imported.has(name)) return false;
    const entries = pathsIn([main, module, exports]);
    return entries.length > 0 && !entries.some((entry) => has(files, posix.join(folder, entry)));
  });
}

/** The files that a package's fields name, without those that stand for many. */
function pathsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return /\.[cm]?[jt]sx?$/.test(value) && !value.includes('*') ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(pathsIn) : [];
}
