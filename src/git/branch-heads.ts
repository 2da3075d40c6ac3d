import { git } from './git.js';

/** The branches of a bare repository with the commits that they stand at. */
export async function branchHeads(gitDir: string): Promise<ReadonlyMap<string, string>> {
  const format = '--format=%(objecttype) %(objectname) %(refname:lstrip=2)';
  const lines = (await git(['for-each-ref', format, 'refs/heads'], { gitDir })).split('\n');
  return new Map(
    lines.flatMap((line): [string, string][] => {
      const [, commit, branch] = /^commit (\S+) (.+)$/.exec(line) ?? [];
      return commit !== undefined && branch !== undefined ? [[branch, commit]] : [];
    }),
  );
}
