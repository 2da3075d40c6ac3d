import picomatch from 'picomatch';
import { isGenerated, type Change, type ChangeFile } from '../../domain/context/change.js';
import type { AttemptRequest } from '../../domain/work.js';
import type { Clone } from '../../git/clone.js';
import { changedFiles, PLAIN_DIFF } from '../../git/diff.js';
import { gitFailed, tryGit } from '../../git/git.js';
import { readFileAt } from '../../git/read-file-at.js';
import type { ActivityDeps } from '../deps.js';
import { persist } from '../persist.js';
import { reviewsOf } from '../run-reviews.js';

/** More of a diff than any agent is told. */
const MAX_DIFF_BYTES = 2 * 1024 * 1024;
const MAX_FILES = 500;
const MAX_ATTRIBUTES_BYTES = 64 * 1024;

/**
 * Describes the change of a run between two commits, with its pull request and earlier reviews; null: no file differs.
 * The diff of generated files is left out: nobody reviews it by its lines.
 */
export async function changeSoFar(
  deps: ActivityDeps,
  { ref, repository, branch }: Pick<AttemptRequest, 'ref' | 'repository' | 'branch'>,
  { clone, base, commit }: { readonly clone: Clone; readonly base: string; readonly commit: string },
): Promise<Change | null> {
  const changed = base === commit ? [] : (await changedFiles(clone, base, commit)).slice(0, MAX_FILES);
  if (changed.length === 0) return null;
  const generatedHere = await generatedByAttributes(clone, base);
  const patches = await patchesOf(clone, base, commit);
  const files = changed.map((file, index): ChangeFile => {
    const generated = isGenerated(file.path) || generatedHere(file.path);
    const patch = patches[index];
    const isText = file.added !== null && patch !== undefined;
    return { ...file, generated, patch: generated || !isText ? null : deps.redactor.text(patch) };
  });
  const { organisationId, runId } = ref.run;
  const pullRequest = await persist(deps, organisationId, (tx) =>
    tx
      .selectFrom('pull_requests')
      .select(['number', 'title', 'body'])
      .where('repository_id', '=', repository.id)
      .where('head', '=', branch)
      .where('state', '=', 'open')
      .orderBy('number', 'desc')
      .limit(1)
      .executeTakeFirst(),
  );
  const reviews = (await reviewsOf(deps, organisationId, runId))
    .filter(({ step }) => step !== ref.step)
    .map(({ step, author, body, findings }) => ({ step, by: author, summary: body, findings }));
  return { pullRequest: pullRequest ?? null, files, reviews };
}

/** The patches of a diff, in the order of its files; those that did not fit are left out. */
async function patchesOf({ gitDir }: Clone, base: string, commit: string): Promise<readonly string[]> {
  const args = ['diff-tree', '-r', '-p', ...PLAIN_DIFF, '--no-renames', base, commit, '--'];
  const result = await tryGit(args, { gitDir, maxOutputBytes: MAX_DIFF_BYTES });
  if (result.exitCode !== 0) throw gitFailed(args, result);
  // Lines of the files begin with a sign or a space, so this one is always the diff's own.
  const patches = result.stdout.split(/^(?=diff --git )/m);
  return result.stdoutCut ? patches.slice(0, -1) : patches;
}

/** Whether `.gitattributes` at the root says of a path that programs write it (`linguist-generated`). */
async function generatedByAttributes(clone: Clone, commit: string): Promise<(path: string) => boolean> {
  const source = await readFileAt(clone, commit, '.gitattributes', MAX_ATTRIBUTES_BYTES).catch(() => null);
  const patterns = (source ?? '').split('\n').flatMap((line) => {
    const [pattern, ...attributes] = line.trim().split(/\s+/);
    const says = attributes.some((name) => /^linguist-generated(=true)?$/.test(name));
    return pattern !== undefined && pattern !== '' && !pattern.startsWith('#') && says ? [pattern] : [];
  });
  const matchers = patterns.map((pattern) => {
    const anchored = pattern.includes('/') ? pattern.replace(/^\//, '') : `**/${pattern}`;
    return picomatch(anchored, { dot: true });
  });
  return (path) => matchers.some((matches) => matches(path));
}
