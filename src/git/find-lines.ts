import type { Clone } from './clone.js';
import { gitFailed, gitOutput, tryGit } from './git.js';

const MAX_OUTPUT_BYTES = 8 * 1024 * 1024;
const MAX_LINE_CHARACTERS = 2_000;
/** Of one file. */
const MAX_LINES = 100;

/** The paths of all regular files of a commit. */
export async function listFiles({ gitDir }: Clone, commit: string): Promise<string[]> {
  const entries = await gitOutput(['ls-tree', '-r', '-z', '--full-tree', commit], { gitDir });
  return entries.split('\0').flatMap((entry) => /^100\d+ blob \w+\t(.*)$/s.exec(entry)?.[1] ?? []);
}

/**
 * Lines of a commit's text files that one of the extended regular expressions matches, in the order of the paths: of a
 * file the first 100, in all as many as 8 MiB hold. Longer lines than 2,000 characters are machines' work and left out.
 */
export async function findLines(
  { gitDir }: Clone,
  commit: string,
  patterns: readonly string[],
  { ignoreCase = false }: { readonly ignoreCase?: boolean } = {},
): Promise<{ readonly path: string; readonly line: number; readonly text: string }[]> {
  const args = ['grep', '-I', '-E', '-n', '-z', '--full-name', '--no-color', `--max-count=${MAX_LINES}`];
  const asked = [...args, ...(ignoreCase ? ['-i'] : []), ...patterns.flatMap((pattern) => ['-e', pattern]), commit];
  const result = await tryGit(asked, { gitDir, maxOutputBytes: MAX_OUTPUT_BYTES });
  if (result.exitCode === 1 && result.stdout === '') return [];
  if (result.exitCode !== 0) throw gitFailed(asked, result);
  const lines = result.stdout.split('\n');
  // The last one is empty, or cut.
  return lines.slice(0, -1).flatMap((line) => {
    const [, path, number, text] = /^[^:]*:([^\0]*)\0(\d+)\0(.*)$/s.exec(line) ?? [];
    if (path === undefined || text!.length > MAX_LINE_CHARACTERS) return [];
    return [{ path, line: Number(number), text: text! }];
  });
}
