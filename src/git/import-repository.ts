import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BatonError } from '../domain/errors.js';
import { initialiseBare } from './bare-repository.js';
import { git, gitFailed, tryGit, type GitOptions } from './git.js';
import { makeInPlace } from './make-in-place.js';
import { readAccessTo, TRUST } from './source-access.js';
import { withoutCredentials } from '../domain/source-address.js';
import { chooseDefaultBranch, readSourceRefs, shown, unreadable, type SourceRefs } from './source-refs.js';
import { LFS, readTreeContent } from './tree-content.js';

const IMPORT_MS = 1_800_000;

export interface ImportOptions {
  /** Null: the branch that HEAD of the source points to. */
  readonly defaultBranch?: string | null;
}

/**
 * A repository with all branches and tags of another one, a folder or a URL. There already: left as it is. A source
 * that Baton cannot work with is refused, and leaves nothing behind.
 *
 * @throws BatonError `source-shallow`, `source-incomplete`, `source-filter`, and what `readSourceRefs` and
 * `chooseDefaultBranch` throw.
 */
export async function importFrom(
  path: string,
  source: string,
  { defaultBranch = null }: ImportOptions = {},
): Promise<void> {
  await makeInPlace(path, async (gitDir) => {
    await initialiseBare(gitDir, 'main');
    let head = '';
    await copySource(source, gitDir, (refs) => (head = chooseDefaultBranch(source, refs, defaultBranch)));
    await git(['symbolic-ref', 'HEAD', head], { gitDir });
    await refuseFilters(source, gitDir, head);
  });
}

/**
 * Copies all branches and tags of a source to an empty bare repository.
 *
 * @param check looks at the refs before anything is copied, and may refuse them.
 */
export async function copySource(
  source: string,
  gitDir: string,
  check: (refs: SourceRefs) => unknown = () => undefined,
): Promise<void> {
  const { address, env } = await readAccessTo(source, gitDir);
  const options = { gitDir, env, timeoutMs: IMPORT_MS };
  const refs = await readSourceRefs(address, options);
  check(refs);
  await fetchRefs(address, refs, options);
  await rm(join(gitDir, TRUST), { force: true });
}

async function fetchRefs(source: string, { branches, tags }: SourceRefs, options: GitOptions): Promise<void> {
  const where = withoutCredentials(source);
  const specs = ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'];
  const args = ['fetch', '--quiet', '--no-write-fetch-head', '--', source, ...specs];
  const result = await tryGit(args, options).catch((error: unknown) => {
    throw unreadable(where, error);
  });
  // Git leaves out refs of a shallow source with a warning, and calls the fetch a success.
  if (result.tail.includes('shallow roots'))
    throw new BatonError(
      'source-shallow',
      `The repository at ${where} is a shallow clone, which holds a part of its history only: ` +
        'run git fetch --unshallow there first, then try again.',
    );
  if (result.exitCode !== 0) throw unreadable(where, gitFailed(args, result));
  const format = ['for-each-ref', '--format=%(refname)'];
  const fetched = new Set((await git(format, { gitDir: options.gitDir })).split('\n'));
  const missing = [...branches, ...tags].filter((name) => !fetched.has(name));
  if (missing.length > 0)
    throw new BatonError(
      'source-incomplete',
      `The repository at ${where} did not give ${shown(missing)}. Check it there with git fsck, then try again.`,
    );
}

/** Baton never runs a filter. Where one encrypts, the next commit of an agent would hold plain text. */
export async function refuseFilters(source: string, gitDir: string, head: string): Promise<void> {
  const { filters } = await readTreeContent(gitDir, head);
  const found = filters.find(({ filter }) => filter !== LFS);
  if (found)
    throw new BatonError(
      'source-filter',
      `The repository at ${withoutCredentials(source)} sets filter=${found.filter} for ${found.pattern} in its ` +
        '.gitattributes. Baton does not run Git filters, and would commit such files unfiltered, for example in plain ' +
        'text instead of encrypted. Move these files to another repository and remove the filter, then try again.',
      { details: { filters: [...new Set(filters.map(({ filter }) => filter))].slice(0, 20) } },
    );
}
