import { jsonBytes } from './json.js';

/** A package that could be newer, or must. */
export type DependencyUpdate = {
  readonly name: string;
  readonly from: string;
  /** Null: as new as what needs it allows; nothing of the repository names it. */
  readonly to: string | null;
  readonly vulnerable: boolean;
};

/** Updates that are tried, judged and landed together. */
export type UpdateGroup = {
  readonly repository: string;
  /** For the name of a branch. */
  readonly group: string;
  readonly title: string;
  readonly packages: readonly DependencyUpdate[];
};

/** What became of the look at one repository. */
export interface Looked {
  readonly repository: string;
  readonly groups: readonly UpdateGroup[];
  /** Why it was not looked at, or not at all of it; null: it was. */
  readonly skipped: { readonly why: string; readonly fix: string } | null;
}

/** Files that say that another package manager is in use, or npm in another folder. */
const OTHER_MANIFESTS =
  /(?:^|\/)(?:pnpm-lock\.yaml|yarn\.lock|bun\.lockb?|pyproject\.toml|poetry\.lock|uv\.lock|Pipfile|requirements[^/]*\.txt|setup\.py|go\.mod|Cargo\.toml|pom\.xml|build\.gradle(?:\.kts)?|Gemfile|composer\.json|mix\.exs|pubspec\.yaml|Package\.swift|[^/]+\.csproj|deno\.json|.+\/package-lock\.json)$/;
const NPM_MANIFESTS = ['package.json', 'package-lock.json'];
const MAX_MANIFESTS = 5;

/** What of a repository with these files is not updated, and why; null: all of it is. */
export function skippedBy(paths: readonly string[]): Looked['skipped'] {
  const others = paths.filter((path) => OTHER_MANIFESTS.test(path)).toSorted();
  const named = others.slice(0, MAX_MANIFESTS).join(', ');
  const more = others.length > MAX_MANIFESTS ? ` and ${others.length - MAX_MANIFESTS} more` : '';
  const isNpm = NPM_MANIFESTS.every((name) => paths.includes(name));
  if (isNpm && others.length === 0) return null;
  if (others.length === 0)
    return {
      why: 'only npm packages are updated, and it has no package.json with a package-lock.json at its root',
      fix: 'Commit a package.json with its package-lock.json at the root, if it has npm packages.',
    };
  const rest = `${named}${more} ${others.length === 1 ? 'is' : 'are'} not read`;
  return {
    why: isNpm
      ? `in part: only npm packages of its root are updated, ${rest}`
      : `only npm packages are updated: it has no package.json with a package-lock.json at its root, ${rest}`,
    fix: 'Update these packages with the tool of their package manager.',
  };
}

/** A line for people: what is to be updated, and what was skipped and why. At most ten repositories are named. */
export function summariseUpdates(looked: readonly Looked[], left: number): string {
  const groups = looked.reduce((count, one) => count + one.groups.length, 0);
  const skipped = looked.flatMap(({ repository, skipped: reason }) =>
    reason === null ? [] : [`${repository} (${reason.why})`],
  );
  const later = left === 0 ? '' : `, ${left} of them left for the next run`;
  const more = skipped.length > MAX_NAMES ? `, and ${skipped.length - MAX_NAMES} more` : '';
  const doubt =
    skipped.length === 0
      ? ''
      : `; ${skipped.length} of ${looked.length} repositories skipped: ${skipped.slice(0, MAX_NAMES).join(', ')}${more}`;
  return `${groups} ${groups === 1 ? 'group' : 'groups'} of updates${later}${doubt}`;
}

const MAX_NAMES = 10;

/** What later steps read of an output is at most 8 KiB. */
const MAX_BYTES = 7 * 1024;
/** As many branches at once. */
const MAX_GROUPS = 20;

/**
 * One group for what is vulnerable, one for what stays within its major version, and one for each package that does not:
 * what breaks holds up nothing else.
 */
export function groupUpdates(repository: string, updates: readonly DependencyUpdate[]): readonly UpdateGroup[] {
  const sorted = updates.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const vulnerable = sorted.filter((update) => update.vulnerable);
  const rest = sorted.filter((update) => !update.vulnerable);
  const small = rest.filter((update) => !isMajor(update));
  return [
    ...group(repository, 'security', vulnerable),
    ...group(repository, 'minor', small),
    ...rest.filter(isMajor).flatMap((update) => group(repository, `major-${slugOf(update.name)}`, [update])),
  ];
}

const group = (repository: string, name: string, packages: readonly DependencyUpdate[]): readonly UpdateGroup[] =>
  packages.length === 0 ? [] : [{ repository, group: name, title: titleOf(name, packages), packages }];

function titleOf(name: string, packages: readonly DependencyUpdate[]): string {
  const [first] = packages;
  if (packages.length === 1) return describeUpdate(first!);
  return `${packages.length} ${name === 'security' ? 'vulnerable packages' : 'minor updates'}`;
}

/** `lodash 4.17.15 → 4.17.21`. */
export const describeUpdate = ({ name, from, to }: DependencyUpdate): string =>
  to === null ? `${name} ${from}, as new as it may be` : `${name} ${from} → ${to}`;

const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

/** The groups that a step can hand on, what is vulnerable before the rest; the others are there the next time. */
export function limitGroups(groups: readonly UpdateGroup[]): readonly UpdateGroup[] {
  const isUrgent = ({ group: name }: UpdateGroup): boolean => name === 'security';
  const kept: UpdateGroup[] = [];
  for (const each of [...groups.filter(isUrgent), ...groups.filter((one) => !isUrgent(one))]) {
    if (kept.length === MAX_GROUPS || jsonBytes([...kept, each]) > MAX_BYTES) break;
    kept.push(each);
  }
  return kept;
}

const isMajor = ({ from, to }: DependencyUpdate): boolean => to !== null && compatibleOf(from) !== compatibleOf(to);

/** What a caret range keeps: the first number that is not 0. */
function compatibleOf(version: string): string {
  const [major, minor = '0', patch = '0'] = version.split(/[.+-]/);
  if (major !== '0') return major!;
  return minor === '0' ? `0.0.${patch}` : `0.${minor}`;
}

/** The part of a changelog after `from` up to `to`: its headings name versions, the newest first. */
export function changesBetween(changelog: string, from: string, to: string): string {
  const lines = changelog.split(/\r?\n/);
  const headed = lines.map((line) => /^#{1,4}\s.*?\bv?(\d+\.\d+\.\d+[\w.-]*)/.exec(line)?.[1] ?? null);
  const begin = headed.findIndex((version) => version !== null && compareVersions(version, to) <= 0);
  if (begin === -1) return '';
  const end = headed.findIndex(
    (version, index) => index >= begin && version !== null && compareVersions(version, from) <= 0,
  );
  return lines
    .slice(begin, end === -1 ? undefined : end)
    .join('\n')
    .trim();
}

/** Below 0 where the first is older; by numbers only. */
function compareVersions(one: string, other: string): number {
  const numbers = (version: string): number[] => version.split(/[-+]/)[0]!.split('.').map(Number);
  const [left, right] = [numbers(one), numbers(other)];
  const differing = left.findIndex((number, index) => number !== right[index]);
  return differing === -1 ? 0 : left[differing]! - (right[differing] ?? 0);
}
