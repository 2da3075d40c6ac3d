/** The ecosystem of a lock file, by the names that osv.dev gives them. */
const ECOSYSTEM: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock'].map((name) => [
      name,
      'npm',
    ]),
  ),
  ...Object.fromEntries(
    ['poetry.lock', 'uv.lock', 'pdm.lock', 'Pipfile.lock', 'requirements.txt'].map((name) => [name, 'PyPI']),
  ),
  ...{ 'go.mod': 'Go', 'Cargo.lock': 'crates.io', 'pom.xml': 'Maven', 'gradle.lockfile': 'Maven' },
  ...{ 'Gemfile.lock': 'RubyGems', 'composer.lock': 'Packagist', 'mix.lock': 'Hex', 'pubspec.lock': 'Pub' },
};

export const ecosystemOf = (lockFile: string): string => ECOSYSTEM[lockFile.split('/').at(-1)!]!;

/** A lock file with a package version that has had an advisory for years. */
interface Planted {
  readonly package: string;
  readonly file: string;
  readonly text: string;
}

/** One for each database: one that does not know of its package knows nothing. */
export const PLANTED: Readonly<Record<string, Planted>> = {
  npm: {
    package: 'lodash 4.17.15',
    file: 'package-lock.json',
    text: JSON.stringify({
      name: 'planted',
      lockfileVersion: 3,
      packages: { 'node_modules/lodash': { version: '4.17.15' } },
    }),
  },
  PyPI: { package: 'jinja2 2.4.1', file: 'requirements.txt', text: 'jinja2==2.4.1\n' },
  Go: {
    package: 'golang.org/x/text 0.3.0',
    file: 'go.mod',
    text: 'module planted.example\n\nrequire golang.org/x/text v0.3.0\n',
  },
  'crates.io': {
    package: 'smallvec 0.6.9',
    file: 'Cargo.lock',
    text: `version = 3

[[package]]
name = "smallvec"
version = "0.6.9"
source = "registry+https://github.com/rust-lang/crates.io-index"
`,
  },
  Maven: {
    package: 'org.apache.logging.log4j:log4j-core 2.14.0',
    file: 'gradle.lockfile',
    text: 'org.apache.logging.log4j:log4j-core:2.14.0=runtimeClasspath\nempty=\n',
  },
  RubyGems: {
    package: 'rack 1.6.0',
    file: 'Gemfile.lock',
    text: 'GEM\n  remote: https://rubygems.org/\n  specs:\n    rack (1.6.0)\n\nPLATFORMS\n  ruby\n\nDEPENDENCIES\n  rack\n',
  },
  Packagist: {
    package: 'guzzlehttp/guzzle 6.5.0',
    file: 'composer.lock',
    text: JSON.stringify({ packages: [{ name: 'guzzlehttp/guzzle', version: '6.5.0' }], 'packages-dev': [] }),
  },
  Hex: {
    package: 'plug 1.3.0',
    file: 'mix.lock',
    text: `%{
  "plug": {:hex, :plug, "1.3.0", "${'0'.repeat(64)}", [:mix], [], "hexpm"},
}
`,
  },
  Pub: {
    package: 'http 0.13.2',
    file: 'pubspec.lock',
    text: 'packages:\n  http:\n    dependency: "direct main"\n    source: hosted\n    version: "0.13.2"\n',
  },
};
