/** Lines, or what a report counts in their place. */
export interface LineCoverage {
  readonly covered: number;
  readonly total: number;
}

/**
 * Judges the lines that a change adds, for a repository that as a whole is below what is asked for. The counts of both
 * reports are compared, since their paths need not be those of the repository. Where the change adds no line, it may not
 * leave more lines uncovered than there were.
 */
export function judgePatch(
  before: LineCoverage,
  after: LineCoverage,
  minimumPercent: number,
): { readonly isEnough: boolean; readonly summary: string } {
  const added = after.total - before.total;
  const covered = after.covered - before.covered;
  if (added > 0) {
    const shown = Math.min(Math.max(covered, 0), added);
    return {
      isEnough: covered * 100 >= added * minimumPercent,
      summary: `of the ${added} lines that the change adds, ${shown} are covered`,
    };
  }
  const more = after.total - after.covered - (before.total - before.covered);
  return {
    isEnough: more <= 0,
    summary: more <= 0 ? 'the change leaves no more lines uncovered' : `the change leaves ${more} more lines uncovered`,
  };
}
