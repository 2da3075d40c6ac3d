import { sep } from 'node:path';
import { BatonError } from '../domain/errors.js';
import type { ReadOnlyBind } from './policy.js';

/**
 * The read-only mounts of one sandbox in the order in which they are made. A mount at or above an earlier one would hide it,
 * and one inside another bind would hide a part of that: both are programming errors of whoever composed the policy, and
 * they show inside as files that are missing. What a bind shows already at the same place is left out.
 *
 * @param taken folders inside that are mounted before these; a mount may lie in one of them, as in the workspace.
 * @throws BatonError `mount-hidden`.
 */
export function composeMounts(binds: readonly ReadOnlyBind[], taken: readonly string[]): readonly ReadOnlyBind[] {
  const mounted: ReadOnlyBind[] = [];
  // Parents first, so that a folder within another of the same host folder needs no mount of its own.
  for (const bind of [...binds].sort((a, b) => depth(a.target) - depth(b.target))) {
    if (mounted.some((earlier) => shows(earlier, bind))) continue;
    const hidden =
      taken.find((path) => isAtOrBelow(bind.target, path)) ??
      mounted.find(({ target }) => isAtOrBelow(target, bind.target) || isAtOrBelow(bind.target, target))?.target;
    if (hidden !== undefined) throw hides(bind, hidden);
    mounted.push(bind);
  }
  return mounted;
}

const depth = (path: string): number => path.split(sep).length;

/** Whether `path` is `folder` or lies below it. */
const isAtOrBelow = (folder: string, path: string): boolean => path === folder || path.startsWith(`${folder}${sep}`);

/** Whether an earlier bind shows the very same files at the very same place. */
const shows = (earlier: ReadOnlyBind, { source, target }: ReadOnlyBind): boolean =>
  isAtOrBelow(earlier.target, target) && `${earlier.source}${target.slice(earlier.target.length)}` === source;

const hides = ({ source, target }: ReadOnlyBind, hidden: string): BatonError =>
  new BatonError(
    'mount-hidden',
    `The sandbox cannot show ${source} at ${target}: that is in the way of ${hidden}. Mount it at a path of its own.`,
    { details: { source, target, hidden } },
  );
