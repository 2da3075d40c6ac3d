import { BatonError } from '../domain/errors.js';
import { withoutCredentials } from '../domain/source-address.js';
import { gitFailed, tryGit } from './git.js';
import { isRefName } from './ref-name.js';
import { accessTo } from './source-access.js';
import { unreadable } from './source-refs.js';

const PUSH_MS = 600_000;

export interface OutsidePush {
  /** A path or URL. */
  readonly target: string;
  readonly commit: string;
  /** The branch there. */
  readonly branch: string;
}

/**
 * Pushes a commit from a bare repository to a branch of another one, never with force. Hooks of a target folder run, as
 * with every push; a folder of another user is refused by git.
 *
 * @throws BatonError `push-behind`, `push-checked-out`, `push-refused`, `push-not-owned`, `bad-ref`, `source-unreadable`.
 */
export async function pushOutside(
  gitDir: string,
  { target, commit, branch }: OutsidePush,
): Promise<'pushed' | 'up-to-date'> {
  const ref = `refs/heads/${branch}`;
  if (!isRefName(ref))
    throw new BatonError('bad-ref', `${branch} cannot name a branch: see git help check-ref-format.`);
  const where = withoutCredentials(target);
  const { address, env } = accessTo(target);
  const args = ['push', '--porcelain', '--no-verify', '--no-recurse-submodules', '--', address, `${commit}:${ref}`];
  const result = await tryGit(args, { gitDir, env, timeoutMs: PUSH_MS }).catch((error: unknown) => {
    throw unreadable(where, error);
  });
  // https://git-scm.com/docs/git-push#_output: a flag, the refs, a summary and its reason.
  const [, flag, summary = ''] = /^([ +\-*!=])\t\S+\t(.*)$/m.exec(result.stdout) ?? [];
  if (flag === '!') throw rejected(where, gitDir, branch, summary);
  if (result.exitCode !== 0 && result.tail.includes('dubious ownership'))
    throw new BatonError(
      'push-not-owned',
      `${where} belongs to another user than the one who runs Baton, and Git does not push there. ` +
        `Pull from Baton's import in its place: git pull ${gitDir} ${branch}.`,
    );
  if (result.exitCode !== 0) throw unreadable(where, gitFailed(args, result));
  return flag === '=' ? 'up-to-date' : 'pushed';
}

function rejected(where: string, gitDir: string, branch: string, summary: string): BatonError {
  if (/fetch first|non-fast-forward|stale info|needs force/.test(summary))
    return new BatonError(
      'push-behind',
      `Nothing was pushed: ${branch} of ${where} has commits that Baton's import lacks. ` +
        'Bring them over with baton repo pull, then push again.',
    );
  if (summary.includes('currently checked out'))
    return new BatonError(
      'push-checked-out',
      `Nothing was pushed: ${branch} is checked out in ${where}, and Git does not push to a branch that is. ` +
        `Pull there: git pull ${gitDir} ${branch}. Or push to a branch of another name with --as.`,
    );
  // Other words than these are the target's own, which nobody has checked.
  const [reason] = /(?:pre-receive |update |proc-receive )?hook declined|protected branch/.exec(summary) ?? [];
  return new BatonError(
    'push-refused',
    `Nothing was pushed: ${where} refuses a push to ${branch}${reason === undefined ? '' : ` (${reason})`}. ` +
      'Push to a branch of another name with --as, and open a pull request there.',
  );
}
