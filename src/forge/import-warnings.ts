import type { ImportWarning } from './forge.js';
import { shown } from '../git/source-refs.js';
import { LFS, readTreeContent } from '../git/tree-content.js';

const MANY_FILES = 100_000;

/** What will not work, or slowly, in a repository that was imported. */
export async function importWarnings(gitDir: string, defaultBranch: string): Promise<ImportWarning[]> {
  const { fileCount, submodules, filters } = await readTreeContent(gitDir, `refs/heads/${defaultBranch}`);
  const lfs = [...new Set(filters.filter(({ filter }) => filter === LFS).map(({ pattern }) => pattern))];
  const warnings: ImportWarning[] = [];
  if (lfs.length > 0)
    warnings.push({
      kind: 'lfs',
      message:
        `Git LFS is not run: files of ${shown(lfs)} stay pointers for agents and tests, and an agent's change of such a ` +
        'file is refused. Keep changes to them out of issues for agents.',
    });
  if (submodules.length > 0)
    warnings.push({
      kind: 'submodules',
      message:
        `Submodules are not filled: ${shown(submodules)} ${submodules.length === 1 ? 'is an empty folder' : 'are empty folders'} ` +
        'for agents and tests, and links into them lead nowhere. Let the set-up fetch what the tests need.',
    });
  if (fileCount > MANY_FILES)
    warnings.push({
      kind: 'many-files',
      message:
        `The default branch has ${fileCount.toLocaleString('en')} files, more than ${MANY_FILES.toLocaleString('en')}. ` +
        'Every step checks them out: expect minutes per step, and check the free space of the workers.',
    });
  return warnings;
}
