/** A name for a new branch, and the branch that is in the way of the wanted name (null: none is). */
export interface FreeBranch {
  readonly branch: string;
  readonly clash: string | null;
}

/**
 * Chooses a name for a new branch beside those that exist. Git keeps branches as files: `fix` and `fix/12` cannot both
 * exist, and names that differ only by case are one file on some machines. The same names give the same answer.
 *
 * @param isOwn whether a branch of exactly the name counts as the wanted branch itself.
 */
export function freeBranchName(
  wanted: string,
  existing: readonly string[],
  { isOwn }: { readonly isOwn: boolean },
): FreeBranch {
  const folded = [...existing].sort().map((name) => ({ name, key: folder(name) }));
  const clashOf = (branch: string): string | null => {
    if (isOwn && existing.includes(branch)) return null;
    const key = folder(branch);
    return folded.find((other) => key.startsWith(other.key) || other.key.startsWith(key))?.name ?? null;
  };
  const first = clashOf(wanted);
  let base = wanted;
  let branch = wanted;
  for (let clash = first, next = 2; clash !== null; clash = clashOf(branch)) {
    const parts = clash.split('/').length;
    const isFolder = parts < branch.split('/').length;
    if (isFolder) base = joinParts(base, parts);
    branch = isFolder ? base : `${base}-${next++}`;
  }
  return { branch, clash: first };
}

/** Ends with a slash: a prefix of it is a whole folder. */
const folder = (name: string): string => `${name.normalize('NFC').toLowerCase()}/`;

/** Joins the first parts and the one behind them: `fix/12/x` becomes `fix-12/x`. */
function joinParts(branch: string, parts: number): string {
  const all = branch.split('/');
  return [all.slice(0, parts + 1).join('-'), ...all.slice(parts + 1)].join('/');
}
