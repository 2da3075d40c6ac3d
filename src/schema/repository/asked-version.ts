import semver from 'semver';

/**
 * Whether a version is one that a repository asks for: an exact version, its beginning (`3.12`), a range of npm
 * (`>=20 <23 || ^24`), or a specifier of Python (`>=3.9,<4`, `~=3.8`; PEP 440). Null: what is asked for is no version, such
 * as `lts/*` or a channel of Rust.
 */
export function meetsVersion(asked: string, found: string): boolean | null {
  const version = semver.coerce(found);
  const range = semver.validRange(asNpmRange(asked), { loose: true });
  return version === null || range === null ? null : semver.satisfies(version, range, { loose: true });
}

/** A specifier of Python as npm writes the same. */
const asNpmRange = (asked: string): string =>
  asked
    .split('||')
    .map((alternative) =>
      alternative
        .split(',')
        .map((part) => part.trim())
        // What is excluded is rare, and no reason to refuse a version here.
        .filter((part) => part !== '' && !part.startsWith('!='))
        // `~=3.8` lets the last number grow, as `^3.8` does; `~=3.8.1` as `~3.8.1`.
        .map((part) =>
          part
            .replace(/^===?/, '')
            .replace(/^~=(?=\s*\d+\.\d+$)/, '^')
            .replace(/^~=/, '~'),
        )
        .join(' '),
    )
    .join('||');
