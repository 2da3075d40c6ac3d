import { randomUUID } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { git } from './git.js';

/**
 * Environment of Baton's own pushes: the hook lets them pass, because `publishToBranch` and the merge check before they
 * push. A person's push does not have it.
 */
export const OWN_PUSH = { BATON_OWN_PUSH: 'yes' } as const;

const LIST = 'protected-branches';
/** Below the repository. Set there, a `core.hooksPath` of the pusher's own settings does not switch the hook off. */
const HOOKS = 'hooks';

// Git runs it once per pushed ref with the ref, the old and the new commit, in the folder of the repository.
const HOOK = `#!/bin/sh
# Written by Baton, again at each start. It refuses pushes to protected branches, except Baton's own.
ref=$1
old=$2
[ "$BATON_OWN_PUSH" = yes ] && exit 0
case $ref in
  refs/heads/*) branch=\${ref#refs/heads/} ;;
  *) exit 0 ;;
esac
# An empty repository takes a first commit on its default branch.
case $old in
  *[!0]*) ;;
  *) [ "$(git symbolic-ref --quiet HEAD)" = "$ref" ] && exit 0 ;;
esac
if [ ! -r ${LIST} ]; then
  echo "Baton: the list of protected branches is missing here. Start Baton, which writes it, then push again." >&2
  exit 1
fi
while IFS= read -r pattern; do
  case $branch in
    $pattern)
      echo "Baton: $branch is a protected branch, and only an approved pull request changes it." >&2
      echo "Push to another branch and open a pull request for it:" >&2
      echo "  git push <remote> <commit>:refs/heads/my-change" >&2
      echo "  baton pr create --repo <name> --head my-change --title <text>" >&2
      echo "Commits that are at the origin already are taken over with: baton repo pull <name>" >&2
      exit 1
      ;;
  esac
done <${LIST}
exit 0
`;

/**
 * Has git refuse direct pushes to these branches of a bare repository. Each file is replaced at once, so that a push at
 * the same moment meets the old or the new protection.
 *
 * @param protectedBranches names, or globs of the shell.
 */
export async function protectBranches(gitDir: string, protectedBranches: readonly string[]): Promise<void> {
  await replace(join(gitDir, LIST), protectedBranches.map((pattern) => `${pattern}\n`).join(''), 0o644);
  await mkdir(join(gitDir, HOOKS), { recursive: true });
  await replace(join(gitDir, HOOKS, 'update'), HOOK, 0o755);
  await git(['config', 'core.hooksPath', HOOKS], { gitDir });
}

async function replace(path: string, text: string, mode: number): Promise<void> {
  if ((await readFile(path, 'utf8').catch(() => null)) === text) return;
  const temporary = `${path}.${randomUUID()}`;
  await writeFile(temporary, text);
  await chmod(temporary, mode);
  await rename(temporary, path);
}
