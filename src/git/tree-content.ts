import { parseFilters, type FilteredPath } from './attribute-filters.js';
import { gitFailed, gitOutput, tryGit } from './git.js';

/** What the tree of a commit holds that a plain checkout does not fill or convert. */
export interface TreeContent {
  /** Without submodules. */
  readonly fileCount: number;
  /** Their paths. */
  readonly submodules: readonly string[];
  /** What `.gitattributes` files name as `filter=`. */
  readonly filters: readonly FilteredPath[];
}

/** The filter whose absence is only named: Git LFS keeps pointers in the place of files. */
export const LFS = 'lfs';

const LIST_MS = 600_000;
const SUBMODULE = '160000 ';

/** Looks through the tree of a commit of a bare repository; an empty one where the ref does not exist. */
export async function readTreeContent(gitDir: string, ref: string): Promise<TreeContent> {
  const { exitCode, stdout } = await tryGit(['rev-parse', '--verify', '--quiet', `${ref}^{tree}`], { gitDir });
  if (exitCode !== 0) return { fileCount: 0, submodules: [], filters: [] };
  const tree = stdout.trim();
  const entries = new Entries();
  await gitOutput(['ls-tree', '-r', '-z', tree], {
    gitDir,
    timeoutMs: LIST_MS,
    onOutput: (chunk) => entries.push(chunk),
  });
  return { fileCount: entries.fileCount, submodules: entries.submodules, filters: await readFilters(gitDir, tree) };
}

/** Counts entries as they come: the list of a large repository is not held in memory. */
class Entries {
  fileCount = 0;
  readonly submodules: string[] = [];
  #rest = '';

  push(chunk: Buffer): void {
    // Of a path that is cut within a character only the end is read wrong: it is shown, never opened.
    const entries = (this.#rest + chunk.toString('utf8')).split('\0');
    this.#rest = entries.pop() ?? '';
    for (const entry of entries) {
      if (entry.startsWith(SUBMODULE)) this.submodules.push(entry.slice(entry.indexOf('\t') + 1));
      else this.fileCount += 1;
    }
  }
}

// One process for all files of that name, however many; links are passed over, as git does for attributes.
async function readFilters(gitDir: string, tree: string): Promise<FilteredPath[]> {
  const args = ['grep', '--text', '-h', '--fixed-strings', '-e', 'filter=', tree, '--', ':(glob)**/.gitattributes'];
  const result = await tryGit(args, { gitDir, env: { GIT_LITERAL_PATHSPECS: '0' }, timeoutMs: LIST_MS });
  const hasNone = result.exitCode === 1 && result.stdout === '';
  if (result.exitCode !== 0 && !hasNone) throw gitFailed(args, result);
  return parseFilters(result.stdout);
}
