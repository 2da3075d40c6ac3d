/** Why one scan of one repository says less than it should. */
export type ScanGap = {
  readonly repository: string;
  /** `secrets`, `sast`, `dependencies` or `updates`. */
  readonly scan: string;
  readonly why: string;
  readonly fix: string;
};

/** How much of its repositories a run could look at. */
export interface ScanCoverage {
  /** Repositories that the run's scans were asked to look at. */
  readonly repositories: number;
  readonly gaps: readonly ScanGap[];
}

/** At most this many repositories are named in one line. */
const MAX_NAMES = 10;
const MAX_REASON_CHARACTERS = 160;
const TITLES: Readonly<Record<string, string>> = { sast: 'static analysis' };

/** What the scans could not look at, in one line; null where every scan could look at everything. */
export const describeCoverage = ({ repositories, gaps }: ScanCoverage): string | null =>
  gaps.length === 0
    ? null
    : describeUnseen(
        repositories,
        gaps.map(({ repository, scan, why }) => ({ repository, why: `${scanTitle(scan)}: ${why}` })),
      );

/**
 * `7 of 13 repositories could not be looked at: api, cli (static analysis: ast-grep has no rules for Go); …`.
 * Repositories with the same reasons are named together.
 */
export function describeUnseen(
  repositories: number,
  unseen: readonly { readonly repository: string; readonly why: string }[],
): string {
  const reasons = new Map<string, string[]>();
  for (const { repository, why } of unseen) reasons.set(repository, [...(reasons.get(repository) ?? []), cut(why)]);
  const sameReasons = new Map<string, string[]>();
  for (const [repository, whys] of [...reasons].slice(0, MAX_NAMES)) {
    const why = whys.join('; ');
    sameReasons.set(why, [...(sameReasons.get(why) ?? []), repository]);
  }
  const named = [...sameReasons].map(([why, names]) => `${names.join(', ')} (${why})`).join('; ');
  const more = reasons.size > MAX_NAMES ? `; and ${reasons.size - MAX_NAMES} more` : '';
  const all = `${repositories} ${repositories === 1 ? 'repository' : 'repositories'}`;
  return `${reasons.size} of ${all} could not be looked at: ${named}${more}`;
}

/** What people call a scan. */
export const scanTitle = (scan: string): string => TITLES[scan] ?? scan;

const cut = (text: string): string =>
  text.length <= MAX_REASON_CHARACTERS ? text : `${text.slice(0, MAX_REASON_CHARACTERS - 1)}…`;
