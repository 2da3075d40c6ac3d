import { WORKING_LIMITS } from '../../src/sandbox/limits/limits.js';
import { chmod, copyFile, mkdir, mkdtemp, realpath, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ScanKind, ScanSpec } from '../../src/domain/gate.js';
import { scanGate } from '../../src/gates/scan-gate.js';
import type { ScannerSettings } from '../../src/gates/scanners/scanner.js';
import { createExecutor, type Isolation } from '../../src/sandbox/execute.js';
import { parseEnvironment } from '../../src/schema/environment.js';
import { findTool } from '../../src/gates/scanners/find-tools.js';
import { startNpmRegistry, type NpmRegistry } from '../support/npm-registry.js';
import { storedZip } from '../support/stored-zip.js';

const COMMIT = '0'.repeat(40);
const SETTINGS: ScannerSettings = { ...parseEnvironment(process.env), osvDatabaseUrl: 'http://127.0.0.1:1' };

let root: string;
let registry: NpmRegistry | undefined;
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'baton-scan-')));
});
afterEach(async () => {
  await registry?.close();
  registry = undefined;
  await rm(root, { recursive: true, force: true });
});

type Files = Readonly<Record<string, string>>;
interface Options extends Partial<Omit<ScanSpec, 'kind'>> {
  readonly settings?: Partial<ScannerSettings>;
  readonly isolation?: Isolation;
}

/** A gate on a checkout with these files, by the real tools in the real sandbox. */
async function scan(kind: ScanKind, files: Files, options: Options = {}) {
  const { settings, isolation = 'bubblewrap', failOn = 'info', network = false } = options;
  const workspace = join(root, 'tree');
  const home = join(root, 'home');
  await rm(workspace, { recursive: true, force: true });
  await rm(home, { recursive: true, force: true });
  await mkdir(home, { recursive: true });
  await mkdir(workspace);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(workspace, path)), { recursive: true });
    await writeFile(join(workspace, path), content);
  }
  const log: Buffer[] = [];
  const result = await scanGate({ kind, failOn, network, ...(options.only && { only: options.only }) }, COMMIT, {
    execute: createExecutor({ isolation }),
    policy: {
      kind: 'sandbox',
      workspace: { path: workspace, writable: false },
      home,
      network: 'none',
      limits: { ...WORKING_LIMITS, memoryBytes: 2 ** 31 },
    },
    signal: new AbortController().signal,
    log: (chunk) => void log.push(chunk),
    settings: { ...SETTINGS, ...settings },
    npm: { registry: registry?.url ?? 'http://127.0.0.1:1', npmrc: '' },
    network,
  });
  return { ...result, log: Buffer.concat(log).toString('utf8') };
}
type Scanned = Awaited<ReturnType<typeof scan>>;
const places = ({ findings }: Scanned) => findings.map(({ rule, file, line }) => `${rule} ${file}:${line}`).sort();

// Put together here, so that no scanner finds them in this file.
const letters = 'aB3dE5gH7jK9mN1pQ2sT4vW6yZ8bC0dF5hJ7';
const TOKEN = ['gh', 'p_', letters].join('');
const AWS_KEY = ['AK', 'IA', 'QYLPMN5HFIQR7XYA'].join('');
const DATABASE = ['postgres://admin:', 'hunter2secret', '@db.example.com:5432/prod'].join('');

describe('the scan for secrets', () => {
  it('finds with gitleaks what secretlint misses, and the other way round', async () => {
    const result = await scan('secrets', {
      'src/app.js': `const a = 1;\nconst key = '${AWS_KEY}';\n`,
      'conf/prod.env': `DATABASE_URL=${DATABASE}\n`,
      'README.md': 'nothing here\n',
    });
    expect(result.verdict).toBe('fail');
    expect(places(result)).toEqual([
      'gitleaks/aws-access-token src/app.js:2',
      'secretlint/database-connection-string conf/prod.env:1',
    ]);
    expect(JSON.stringify(result)).not.toContain(AWS_KEY);
    expect(JSON.stringify(result)).not.toContain('hunter2');
  });

  it('says of one secret that both find one thing', async () => {
    const result = await scan('secrets', { 'a.txt': `${TOKEN}\n` });
    expect(places(result)).toEqual(['secretlint/github a.txt:1']);
  });

  it('passes a clean tree, with the proof that each tool looked', async () => {
    const result = await scan('secrets', { 'a.js': 'const a = 1;\n' });
    expect(result).toMatchObject({ verdict: 'pass', findings: [] });
    expect(result.tail).toMatch(/secretlint: 0 found \(found what was planted for it; rules of version \d/);
    expect(result.tail).toMatch(/gitleaks: 0 found \(found what was planted for it; rules of version/);
  });

  it('lets nothing in the repository turn it off', async () => {
    const result = await scan('secrets', {
      'a.js': `const token = '${TOKEN}'; // gitleaks:allow\n`,
      'b.js': `// secretlint-disable\nconst token = '${TOKEN.replace('aB3', 'xY9')}';\n`,
      'c.js': `const token = '${TOKEN.replace('aB3', 'qR7')}';\n`,
      'ignored/d.js': `const token = '${TOKEN.replace('aB3', 'uV5')}';\n`,
      '.gitignore': 'ignored/\n',
      '.gitleaksignore': 'a.js:github-pat:1\nb.js:github-pat:2\nc.js:github-pat:1\n',
      '.gitleaks.toml': '[[allowlists]]\npaths = [".*"]\n',
      '.secretlintrc.json': '{ "rules": [] }',
      '.secretlintignore': '**/*\n',
    });
    expect(places(result)).toEqual([
      'gitleaks/github-pat b.js:2',
      'secretlint/github a.js:1',
      'secretlint/github c.js:1',
      'secretlint/github ignored/d.js:1',
      'suppressed/secretlint b.js:1',
    ]);
  });

  it('is inconclusive without gitleaks, and says how to mend it', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = '/usr/bin:/bin';
    try {
      const result = await scan('secrets', { 'a.js': '' }, { settings: { cacheDirectory: root } });
      expect(result).toMatchObject({
        verdict: 'inconclusive',
        summary: 'gitleaks: it is not installed (nothing found)',
        mend: expect.stringMatching(/^Put gitleaks on the PATH of the worker/) as string,
      });
      const found = await scan('secrets', { 'a.js': TOKEN }, { settings: { cacheDirectory: root } });
      expect(found).toMatchObject({ verdict: 'fail', partial: expect.stringMatching(/^Put gitleaks/) as string });
    } finally {
      process.env['PATH'] = path;
    }
  });

  it('is inconclusive where a tool runs and finds nothing of what is planted for it', async () => {
    await mkdir(join(root, 'bin'));
    await writeFile(join(root, 'bin/gitleaks'), '#!/bin/sh\necho "[]"\n');
    await chmod(join(root, 'bin/gitleaks'), 0o755);
    const path = process.env['PATH'];
    process.env['PATH'] = '/usr/bin:/bin';
    try {
      const result = await scan('secrets', { 'a.js': '' }, { settings: { cacheDirectory: root } });
      expect(result).toMatchObject({
        verdict: 'inconclusive',
        summary: expect.stringContaining('gitleaks: it passed over what was planted for it (token.txt)') as string,
      });
    } finally {
      process.env['PATH'] = path;
    }
  });

  it('works without a sandbox where its owner allows it', async () => {
    const result = await scan('secrets', { 'a.txt': `${TOKEN}\n` }, { isolation: 'off' });
    expect(places(result)).toEqual(['secretlint/github a.txt:1']);
    expect(result.tail).toMatch(/gitleaks: 1 found \(found what was planted/);
  });

  it('knows a secret again when lines move, and not by another line', async () => {
    const first = await scan('secrets', { 'a.txt': `${TOKEN}\n` });
    const moved = await scan('secrets', { 'a.txt': `\n\n  ${TOKEN}\n` });
    const twice = await scan('secrets', { 'a.txt': `${TOKEN}\n${TOKEN}\n` });
    expect(moved.findings[0]!.line).toBe(3);
    expect(moved.findings[0]!.fingerprint).toBe(first.findings[0]!.fingerprint);
    expect(new Set(twice.findings.map(({ fingerprint }) => fingerprint)).size).toBe(2);
    expect(first.findings[0]!.fingerprint).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('static analysis', () => {
  it('finds what the rules of templates/rules describe, in JavaScript, TypeScript and Python', async () => {
    const js = 'const { exec } = require("child_process");\nfunction run(x) { exec(`ls ${x}`); }\nexec("ls");\n';
    const result = await scan('sast', {
      'a.js': js,
      'b.mjs': 'process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";\n',
      'c.ts': 'const f = (x: string): void => { eval(x); };\n',
      'd.tsx': 'export const D = (p: P) => <b>{db.query(`select * from t where id = ${p.id}`)}</b>;\n',
      'e.py': 'import subprocess\nsubprocess.run("ls " + x, shell=True)\nyaml.safe_load(x)\n',
      'ignored/f.js': 'el.innerHTML = value;\n',
      '.gitignore': 'ignored/\n',
      'sgconfig.yml': 'ruleDirs: []\n',
    });
    expect(places(result)).toEqual([
      'ast-grep/js-eval c.ts:1',
      'ast-grep/js-inner-html ignored/f.js:1',
      'ast-grep/js-shell-command a.js:2',
      'ast-grep/js-sql-from-values d.tsx:1',
      'ast-grep/js-tls-off b.mjs:1',
      'ast-grep/py-shell-command e.py:2',
    ]);
    expect(result.findings.find(({ file }) => file === 'a.js')).toMatchObject({
      severity: 'high',
      message: expect.stringContaining('CWE-78') as string,
      fix: expect.stringContaining('execFile') as string,
    });
  });

  it('fails from the severity on that is asked for', async () => {
    const files = { 'a.js': 'crypto.createHash("md5");\n' };
    expect((await scan('sast', files, { failOn: 'high' })).verdict).toBe('pass');
    expect((await scan('sast', files, { failOn: 'medium' })).verdict).toBe('fail');
    expect((await scan('sast', files, { only: ['high'] })).findings).toEqual([]);
  });

  it('is inconclusive where it has no rules for a language of the repository, and keeps what it found', async () => {
    const result = await scan(
      'sast',
      { 'main.go': 'package main\n', 'lib/a.rs': '', 'a.js': 'eval(x);\n' },
      { failOn: 'never' },
    );
    expect(result).toMatchObject({
      verdict: 'inconclusive',
      summary: expect.stringContaining('ast-grep: it has no rules for Go, Rust') as string,
    });
    expect(places(result)).toEqual(['ast-grep/js-eval a.js:1']);
  });

  it('does not take the word of a comment', async () => {
    const result = await scan('sast', { 'a.js': '// ast-grep-ignore\n\neval(x);\n' });
    expect(places(result)).toEqual(['suppressed/ast-grep a.js:1']);
  });
});

const lock = (version: string) =>
  JSON.stringify(
    {
      name: 'demo',
      lockfileVersion: 3,
      packages: {
        '': { name: 'demo', dependencies: { lodash: version } },
        'node_modules/lodash': { version, resolved: `https://registry.npmjs.org/lodash/-/lodash-${version}.tgz` },
      },
    },
    null,
    2,
  );
const manifest = '{ "name": "demo", "dependencies": { "lodash": "*" } }';
const dependencies = (files: Files, network = true) => scan('dependencies', files, { network });

describe('the scan of dependencies', () => {
  it('finds a weakness that the registry knows of', async () => {
    registry = await startNpmRegistry('knows');
    const result = await dependencies({ 'package.json': manifest, 'package-lock.json': lock('4.17.15') });
    expect(result.findings).toEqual([
      {
        rule: 'advisory/GHSA-35jh-r3h4-6jhm',
        severity: 'high',
        message: expect.stringMatching(/^lodash <4\.17\.21: Command Injection in lodash \(https/) as string,
        file: 'package-lock.json',
        line: 11,
        fix: 'npm install lodash@4.17.21',
        fingerprint: expect.any(String) as string,
      },
    ]);
    expect(result.tail).toMatch(/npm audit: 1 found \(http:\S+ told of what was planted, on \d{4}-/);
  });

  it('passes where the registry knows advisories, and none of what is there', async () => {
    registry = await startNpmRegistry('knows');
    const result = await dependencies({ 'package.json': manifest, 'package-lock.json': lock('4.17.21') });
    expect(result).toMatchObject({ verdict: 'pass', findings: [] });
    expect(registry.asked).toContainEqual({ lodash: ['4.17.21'] });
  });

  it('asks the registry of the worker, whatever one the repository names', async () => {
    registry = await startNpmRegistry('knows');
    const result = await dependencies({
      'package-lock.json': lock('4.17.15'),
      '.npmrc': 'registry=http://127.0.0.1:1/\n',
    });
    expect(result.findings).toHaveLength(1);
  });

  it.each([
    ['answers 405', 'refuses', /npm audit: 405 Method Not Allowed/],
    [
      'knows no advisory at all',
      'empty',
      /npm audit: the registry \S+ knows no advisory, not even of lodash 4\.17\.15/,
    ],
  ] as const)('is inconclusive where the registry %s', async (_, mood, says) => {
    registry = await startNpmRegistry(mood);
    const result = await dependencies({ 'package-lock.json': lock('4.17.21') });
    expect(result).toMatchObject({
      verdict: 'inconclusive',
      summary: expect.stringMatching(says) as string,
      mend: expect.stringContaining('npm_config_registry') as string,
    });
  });

  it('is inconclusive without network, and where nothing reads the lock file', async () => {
    expect(await dependencies({ 'package-lock.json': lock('4.17.21') }, false)).toMatchObject({
      verdict: 'inconclusive',
      summary: expect.stringContaining('npm audit: it has no network') as string,
      mend: expect.stringContaining('`network: true`') as string,
    });
    expect(await dependencies({ 'Cargo.lock': '' })).toMatchObject({
      verdict: 'inconclusive',
      summary: expect.stringContaining('osv-scanner: ') as string,
    });
  });

  it('is inconclusive where no lock file says which versions, and passes where there is nothing', async () => {
    expect(await dependencies({ 'package.json': manifest })).toMatchObject({
      verdict: 'inconclusive',
      summary: expect.stringContaining('package.json names dependencies, and no lock file says') as string,
    });
    expect(await dependencies({ 'README.md': 'no code\n' })).toMatchObject({ verdict: 'pass' });
  });

  it.each([
    ['pyproject.toml', '[project]\ndependencies = ["flask"]\n', '[project]\nname = "a"\n'],
    ['setup.py', 'setup(install_requires=["flask"])\n', 'setup(name="a")\n'],
    ['Pipfile', '[packages]\nflask = "*"\n', '[packages\n'],
    ['Cargo.toml', '[dependencies]\nserde = "1"\n', '[package]\nname = "a"\n'],
    ['Gemfile', "gem 'rails'\n", "source 'https://rubygems.org'\n"],
    ['composer.json', '{ "require": { "php": "*", "monolog/monolog": "*" } }', '{ "require": { "php": "*" } }'],
    ['mix.exs', 'defp deps, do: [{:plug, "~> 1.0"}]\n', 'defp deps, do: []\n'],
    ['pubspec.yaml', 'dependencies:\n  http: ^1.0.0\n', 'name: a\n'],
    ['build.gradle.kts', 'dependencies {\n}\n', 'plugins {\n}\n'],
    ['App.csproj', '<PackageReference Include="a" />', '<Project />'],
    ['Package.swift', 'dependencies: [.package(url: "https://a.example")]', 'let package = Package(name: "a")'],
    ['vcpkg.json', '{}', null],
  ])('is inconclusive where %s names dependencies without a lock file', async (name, text, without) => {
    expect(await dependencies({ [`lib/${name}`]: text })).toMatchObject({
      verdict: 'inconclusive',
      why: `lock files: lib/${name} names dependencies, and no lock file says which versions`,
    });
    if (without !== null) expect(await dependencies({ [`lib/${name}`]: without })).toMatchObject({ verdict: 'pass' });
  });
});

/** As osv.dev publishes it, one file an advisory. */
const ADVISORY = {
  schema_version: '1.4.0',
  id: 'GHSA-35jh-r3h4-6jhm',
  modified: '2024-01-01T00:00:00Z',
  published: '2021-05-06T16:05:51Z',
  aliases: ['CVE-2021-23337'],
  summary: 'Command Injection in lodash',
  affected: [
    {
      package: { ecosystem: 'npm', name: 'lodash' },
      ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '4.17.21' }] }],
    },
  ],
  database_specific: { severity: 'HIGH' },
};
const osvScanner = findTool('osv-scanner', SETTINGS.cacheDirectory);

// The set-up of the tests does not build it: it takes a quarter of an hour.
(osvScanner === null ? describe.skip : describe)('osv-scanner, where it is installed', () => {
  const files = {
    'package-lock.json': lock('4.17.15'),
    'osv-scanner.toml': `[[IgnoredVulns]]\nid = "${ADVISORY.id}"\n`,
  };

  async function withOsvScanner(cacheDirectory: string): Promise<void> {
    await mkdir(join(cacheDirectory, 'bin'), { recursive: true });
    await copyFile(osvScanner!, join(cacheDirectory, 'bin/osv-scanner'));
    await chmod(join(cacheDirectory, 'bin/osv-scanner'), 0o755);
  }

  async function scanWith(advisories: readonly object[], ageDays = 0) {
    const cacheDirectory = join(root, 'cache');
    const database = join(cacheDirectory, 'osv/osv-scanner/npm/all.zip');
    await mkdir(dirname(database), { recursive: true });
    await withOsvScanner(cacheDirectory);
    await writeFile(database, storedZip({ 'advisory.json': JSON.stringify(advisories[0]) }));
    const at = new Date(Date.now() - ageDays * 24 * 3600_000);
    await utimes(database, at, at);
    return scan('dependencies', files, { settings: { cacheDirectory } });
  }

  it('finds what its database knows, whatever the repository says of it', async () => {
    const result = await scanWith([ADVISORY]);
    expect(result.findings).toMatchObject([
      { rule: 'advisory/GHSA-35jh-r3h4-6jhm', severity: 'high', file: 'package-lock.json' },
    ]);
    expect(result.tail).toMatch(/osv-scanner: 1 found \(found what was planted for it; databases of \d{4}-/);
    expect(result.partial).toBeUndefined();
  });

  it('is inconclusive without a database, with an old one, and with one that knows nothing', async () => {
    const other = { ...ADVISORY, affected: [{ package: { ecosystem: 'npm', name: 'other' }, versions: ['1.0.0'] }] };
    expect(await scanWith([ADVISORY], 8)).toMatchObject({
      verdict: 'inconclusive',
      summary: expect.stringContaining('osv-scanner: it has no database of npm that is younger than 7 days') as string,
      mend: expect.stringContaining('npm/all.zip') as string,
    });
    expect(await scanWith([other])).toMatchObject({
      verdict: 'inconclusive',
      summary: expect.stringContaining('osv-scanner: ') as string,
    });
  });

  const advisory = (ecosystem: string, name: string, version: string, range = 'ECOSYSTEM') => ({
    ...ADVISORY,
    id: `GHSA-${ecosystem.toLowerCase()}`,
    affected: [
      {
        package: { ecosystem, name },
        ranges: [{ type: range, events: [{ introduced: '0' }, { fixed: '999.0.0' }] }],
        versions: [version],
      },
    ],
  });
  const LOCKS: Readonly<Record<string, readonly [path: string, text: string, advisory: object]>> = {
    PyPI: ['requirements.txt', 'flask==3.0.0\n', advisory('PyPI', 'jinja2', '2.4.1')],
    Go: ['go.mod', 'module m.example\n\ngo 1.22\n', advisory('Go', 'golang.org/x/text', '0.3.0', 'SEMVER')],
    'crates.io': ['Cargo.lock', 'version = 3\n', advisory('crates.io', 'smallvec', '0.6.9', 'SEMVER')],
    Maven: ['gradle.lockfile', 'empty=\n', advisory('Maven', 'org.apache.logging.log4j:log4j-core', '2.14.0')],
    RubyGems: ['Gemfile.lock', 'GEM\n  specs:\n', advisory('RubyGems', 'rack', '1.6.0')],
    Packagist: [
      'composer.lock',
      '{ "packages": [], "packages-dev": [] }',
      advisory('Packagist', 'guzzlehttp/guzzle', '6.5.0'),
    ],
    Hex: ['mix.lock', '%{\n}\n', advisory('Hex', 'plug', '1.3.0')],
    Pub: ['pubspec.lock', 'packages:\n', advisory('Pub', 'http', '0.13.2')],
  };

  it('downloads the database of each ecosystem where it has network, and proves that each knows something', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url!);
      const ecosystem = request.url!.split('/')[1]!;
      response.end(storedZip({ 'advisory.json': JSON.stringify(LOCKS[ecosystem]![2]) }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const cacheDirectory = join(root, 'cache');
      const osvDatabaseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const files = Object.fromEntries(Object.values(LOCKS).map(([path, text]) => [path, text]));
      const look = (network: boolean) =>
        scan('dependencies', files, { network, settings: { cacheDirectory, osvDatabaseUrl } });
      await withOsvScanner(cacheDirectory);
      expect(await look(true)).toMatchObject({ verdict: 'pass' });
      expect(asked.sort()).toEqual(
        Object.keys(LOCKS)
          .map((name) => `/${name}/all.zip`)
          .sort(),
      );
      // They are there now.
      expect(await look(false)).toMatchObject({ verdict: 'pass' });
      // One that knows nothing says nothing, whatever the others know.
      const empty = { ...LOCKS['Hex']![2], affected: [] };
      await writeFile(
        join(cacheDirectory, 'osv/osv-scanner/Go/all.zip'),
        storedZip({ 'a.json': JSON.stringify(empty) }),
      );
      expect(await look(false)).toMatchObject({
        verdict: 'inconclusive',
        why:
          'osv-scanner does not know of golang.org/x/text 0.3.0, and nothing else reads ' +
          Object.keys(files).sort().join(', '),
      });
    } finally {
      server.close();
    }
  });

  it('names the host that it cannot download from, and what to download where', async () => {
    const cacheDirectory = join(root, 'cache');
    await withOsvScanner(cacheDirectory);
    const settings = { cacheDirectory, osvDatabaseUrl: 'http://127.0.0.1:2' };
    expect(await scan('dependencies', { 'go.mod': 'module m.example\n' }, { network: true, settings })).toMatchObject({
      verdict: 'inconclusive',
      why: expect.stringContaining(
        'no database of Go that is younger than 7 days: 127.0.0.1:2 cannot be reached (ECONNREFUSED)',
      ) as string,
      mend: expect.stringContaining('or download http://127.0.0.1:2/Go/all.zip to ') as string,
    });
  });
});
