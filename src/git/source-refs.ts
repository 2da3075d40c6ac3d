import { BatonError } from '../domain/errors.js';
import { git, type GitOptions } from './git.js';
import { withoutCredentials } from '../domain/source-address.js';

/** The branches and tags of a repository that is to be imported. */
export interface SourceRefs {
  /** Full names (`refs/heads/main`). */
  readonly branches: readonly string[];
  readonly tags: readonly string[];
  /** The full name of the ref that HEAD points to; null where it is detached or points to nothing. */
  readonly head: string | null;
}

const BRANCHES = 'refs/heads/';
const SHA256_HEX_LENGTH = 64;
const MAX_NAMES_SHOWN = 10;

/**
 * Lists the refs of a source before anything is copied.
 *
 * @throws BatonError `source-unreadable`, `source-sha256`, `source-without-commits`.
 */
export async function readSourceRefs(source: string, options: GitOptions): Promise<SourceRefs> {
  const where = withoutCredentials(source);
  const output = await git(['ls-remote', '--symref', '--', source], options).catch((error: unknown) => {
    throw unreadable(where, error);
  });
  const refs = output.split('\n').flatMap((line): { value: string; name: string }[] => {
    const [value = '', name] = line.split('\t');
    return name === undefined || name.endsWith('^{}') ? [] : [{ value, name }];
  });
  if (refs.some(({ value }) => value.length === SHA256_HEX_LENGTH && !value.startsWith('ref: ')))
    throw new BatonError(
      'source-sha256',
      `The repository at ${where} uses the SHA-256 object format, which Baton cannot read. Convert it to SHA-1 there, ` +
        'with git fast-export and git fast-import into a new repository, and add that one.',
    );
  const names = refs.map(({ name }) => name);
  const branches = names.filter((name) => name.startsWith(BRANCHES));
  if (branches.length === 0)
    throw new BatonError(
      'source-without-commits',
      `The repository at ${where} has no branch with a commit. Make a first commit there, then try again.`,
    );
  const head = refs.find(({ value, name }) => name === 'HEAD' && value.startsWith('ref: '))?.value.slice(5) ?? null;
  return { branches, tags: names.filter((name) => name.startsWith('refs/tags/')), head };
}

/**
 * Chooses the default branch by its full name: the branch that the user named, else the branch of HEAD. It never guesses.
 *
 * @returns the full name, `refs/heads/…`.
 * @throws BatonError `default-branch-unknown`, `default-branch-unclear`.
 */
export function chooseDefaultBranch(source: string, { branches, head }: SourceRefs, wanted: string | null): string {
  const where = withoutCredentials(source);
  const chosen = wanted === null ? head : `${BRANCHES}${wanted}`;
  if (chosen !== null && branches.includes(chosen)) return chosen;
  const offered = shown(branches.map((name) => name.slice(BRANCHES.length)));
  if (wanted !== null)
    throw new BatonError(
      'default-branch-unknown',
      `The repository at ${where} has no branch ${wanted}. Its branches are: ${offered}.`,
    );
  throw new BatonError(
    'default-branch-unclear',
    `HEAD of the repository at ${where} points to no branch that exists, so Baton needs to know its default branch. ` +
      `Its branches are: ${offered}.`,
  );
}

/** The first of many names. */
export function shown(names: readonly string[]): string {
  const more = names.length - MAX_NAMES_SHOWN;
  return names.slice(0, MAX_NAMES_SHOWN).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

const CAUSES: readonly (readonly [RegExp, string])[] = [
  [
    /not appear to be a git repository|not a git repository|repository .*not found|does not exist/i,
    'holds no Git repository, or none that the server may read. Check the address.',
  ],
  [
    /could not resolve|connect|connection|timed out/i,
    'cannot be reached. Check the address, the network and the proxy of the server.',
  ],
  [
    /authentication|permission denied|could not read (username|password)|prompts disabled|40[13]|host key/i,
    'refuses the server of Baton. Give the server access, or clone it to a folder of the server and add that one.',
  ],
];

/** Says why git could not read the source, without git's own words: they may repeat an address with a token. */
export function unreadable(where: string, error: unknown): BatonError {
  const details = error instanceof BatonError ? error.details : {};
  const tail = typeof details.tail === 'string' ? details.tail : '';
  const [, cause] = CAUSES.find(([pattern]) => pattern.test(tail)) ?? [];
  const other = 'could not be read by git. See what git says on the server: git ls-remote, then the address.';
  return new BatonError('source-unreadable', `${where} ${cause ?? other}`, {
    cause: error,
    retryable: error instanceof BatonError && error.retryable,
  });
}
