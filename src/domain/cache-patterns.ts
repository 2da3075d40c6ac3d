/** Folders and files that tools make beside the source, with the file whose presence says that the tool is used; null: always. */
const MADE_BY_TOOLS: readonly (readonly [pattern: string, manifest: RegExp | null])[] = [
  ['node_modules/', null],
  ['.pnpm-store/', null],
  ['__pycache__/', null],
  ['*.pyc', null],
  ['.venv/', null],
  ['.pytest_cache/', null],
  ['.mypy_cache/', null],
  ['.ruff_cache/', null],
  ['.tox/', null],
  ['.nox/', null],
  ['*.egg-info/', /^(pyproject\.toml|setup\.(py|cfg))$/],
  ['.gradle/', /^(build|settings)\.gradle(\.kts)?$/],
  ['build/', /^(build|settings)\.gradle(\.kts)?$/],
  ['target/', /^(Cargo\.toml|pom\.xml|build\.sbt)$/],
  ['.yarn/cache/', /^yarn\.lock$/],
];

/**
 * The patterns of gitignore(5) for what tools leave in a worktree and no commit of an agent takes in. Only files that git
 * does not know are concerned; where a repository keeps such files on purpose their pattern is left out.
 *
 * @param tracked paths that git knows, relative to the root.
 */
export function cachePatterns(tracked: readonly string[]): readonly string[] {
  const names = new Set(tracked.map(baseName));
  const folders = new Set(tracked.flatMap((path) => path.split('/').slice(0, -1)));
  const isKept = (pattern: string): boolean => {
    if (!pattern.endsWith('/')) return [...names].some((name) => name.endsWith(pattern.slice(1)));
    const last = pattern.slice(0, -1).split('/').at(-1)!;
    return last.startsWith('*') ? [...folders].some((folder) => folder.endsWith(last.slice(1))) : folders.has(last);
  };
  return MADE_BY_TOOLS.filter(
    ([pattern, manifest]) => (manifest === null || [...names].some((name) => manifest.test(name))) && !isKept(pattern),
  ).map(([pattern]) => pattern);
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** A path as a pattern of gitignore(5) that stands for itself only. */
export const asPattern = (path: string): string => `/${path.replace(/[\\*?[\]]|^[#!]| $/g, '\\$&')}`;
