import { readFileSync } from 'node:fs';
import { testFileMatcher } from '../../../src/gates/test-files.js';
import { parseRepositoryConfig } from '../../../src/schema/repository-config.js';
import { proposeConfig } from '../../../src/schema/repository/propose.js';
import { manifestPaths } from '../../../src/schema/repository/repository-files.js';

function propose(files: Readonly<Record<string, string>>) {
  const paths = Object.keys(files).sort();
  const contents = new Map(manifestPaths(paths).map((path) => [path, files[path]!]));
  const proposal = proposeConfig({ paths, isCut: false, contents });
  // What is proposed is always valid.
  return { ...proposal, config: parseRepositoryConfig(proposal.text) };
}
const pkg = (of: object): string => JSON.stringify(of);

describe('an npm project', () => {
  it('has its set-up, tests, lint, types and coverage proposed, each with a reason', () => {
    const { config, reasons, doubts, languages, packageManagers } = propose({
      'package.json': pkg({
        scripts: { test: 'node --test', lint: 'eslint .' },
        devDependencies: { typescript: '5', eslint: '9' },
      }),
      'package-lock.json': pkg({ packages: { '': {}, 'node_modules/typescript': {} } }),
      'tsconfig.json': '{}',
      'src/a.ts': '',
    });
    expect(config).toMatchObject({
      setup: {
        command: 'npm ci --no-audit --no-fund',
        network: true,
        lockFiles: ['package-lock.json'],
        cache: ['node_modules'],
      },
      test: {
        command: expect.stringMatching(/--test-reporter=junit.* npm run --silent test$/) as string,
        junit: 'junit.xml',
      },
      lint: { command: 'npm run --silent lint' },
      typecheck: { command: 'node_modules/.bin/tsc --noEmit' },
      coverage: { command: expect.stringContaining('--experimental-test-coverage') as string },
    });
    expect(reasons.map(({ part }) => part)).toEqual(['set-up', 'tests', 'lint', 'type check', 'coverage']);
    expect(doubts).toEqual([]);
    expect(languages).toEqual([{ name: 'TypeScript', files: 1 }]);
    expect(packageManagers).toEqual([{ name: 'npm', because: 'package-lock.json' }]);
  });

  it.each(['echo "Error: no test specified" && exit 1', 'exit 1', "echo 'nothing here'; exit 2"])(
    'with a test script that can only fail gets no test command, and is told why: %s',
    (script) => {
      const { config, doubts } = propose({ 'package.json': pkg({ name: 'x', scripts: { test: script } }) });
      expect(config.test).toBeUndefined();
      expect(config.coverage).toBeUndefined();
      expect(doubts).toEqual([expect.stringContaining('placeholder that can only fail')]);
    },
  );

  it.each([
    [
      'vitest run',
      {},
      'npm run --silent test -- --reporter=default --reporter=junit --outputFile.junit=junit.xml',
      { junit: 'junit.xml' },
    ],
    [
      'vitest',
      {},
      'npm run --silent test -- --run --reporter=default --reporter=junit --outputFile.junit=junit.xml',
      { junit: 'junit.xml' },
    ],
    ['jest', {}, 'npm run --silent test', {}],
    [
      'jest',
      { 'jest-junit': '1' },
      'JEST_JUNIT_OUTPUT_FILE=junit.xml npm run --silent test -- --reporters=default --reporters=jest-junit',
      { junit: 'junit.xml' },
    ],
    [
      'c8 mocha',
      {},
      'npm run --silent test -- --reporter xunit --reporter-option output=junit.xml',
      { junit: 'junit.xml' },
    ],
    ['ava', {}, 'npm run --silent test -- --tap', { tap: true }],
    ['tape test/*.js', {}, 'npm run --silent test', { tap: true }],
    ['xo && ava && tsd', {}, 'npm run --silent test', {}],
    ['mocha --reporter dot', {}, 'npm run --silent test', {}],
  ])('whose tests are `%s` (%j) reports as its runner can', (test, devDependencies, command, report) => {
    const proposed = propose({ 'package.json': pkg({ scripts: { test }, devDependencies }) }).config.test!;
    const { junit, tap } = proposed;
    expect({ command: proposed.command, ...(junit !== undefined && { junit }), ...(tap && { tap }) }).toEqual({
      command,
      ...report,
    });
  });

  it('without a lock file is told that versions can change; with only itself in it, it needs no set-up', () => {
    expect(propose({ 'package.json': pkg({ dependencies: { a: '1' } }) })).toMatchObject({
      config: {
        setup: {
          command: expect.stringContaining('npm install --no-package-lock') as string,
          lockFiles: ['package.json'],
        },
      },
      doubts: expect.arrayContaining([expect.stringContaining('no lock file')]) as string[],
    });
    const alone = { 'package.json': pkg({ name: 'x' }), 'package-lock.json': pkg({ packages: { '': {} } }) };
    expect(propose(alone).config.setup).toBeUndefined();
  });

  it('that cannot be read has nothing proposed', () => {
    const { config, doubts } = propose({ 'package.json': '{' });
    expect(config).toEqual({});
    expect(doubts[0]).toContain('cannot be read');
  });
});

describe('pnpm, Yarn, Bun and workspaces', () => {
  it.each([
    ['pnpm', { 'pnpm-lock.yaml': '' }, {}, 'pnpm install --frozen-lockfile', 'pnpm --silent run test'],
    ['yarn', { 'yarn.lock': '' }, {}, 'yarn install --frozen-lockfile --non-interactive', 'yarn --silent run test'],
    ['yarn', { 'yarn.lock': '\n__metadata:\n' }, {}, 'yarn install --immutable', 'yarn run test'],
    ['yarn', { 'yarn.lock': '' }, { packageManager: 'yarn@4.1.0' }, 'yarn install --immutable', 'yarn run test'],
    ['bun', { 'bun.lock': '' }, {}, 'bun install --frozen-lockfile', 'bun run --silent test'],
  ])('%s: %j %j', (name, locks, more, install, test) => {
    const { config, packageManagers } = propose({
      'package.json': pkg({ scripts: { test: 'a && b' }, dependencies: { a: '1' }, ...more }),
      ...locks,
    });
    expect(packageManagers[0]?.name).toBe(name);
    expect([config.setup?.command, config.test?.command]).toEqual([install, test]);
  });

  it('what packageManager names wins over a lock file that was left behind', () => {
    const { config, doubts } = propose({
      'package.json': pkg({ packageManager: 'pnpm@9.1.0+sha1.x', dependencies: { a: '1' } }),
      'pnpm-lock.yaml': '',
      'package-lock.json': '{}',
    });
    expect(config.setup?.command).toBe('pnpm install --frozen-lockfile');
    expect(doubts).toContainEqual(expect.stringContaining('package-lock.json is there as well'));
  });

  it.each([
    ['a build makes', { main: './dist/index.js', exports: { '.': { import: './dist/index.mjs' } } }, true],
    ['is in the repository', { main: './dist/index.js', exports: { '.': './src/index.ts' } }, false],
    ['is not named', {}, false],
  ])('a workspace is built before its tests where what packages import %s', (_what, entries, isBuilt) => {
    const { test } = propose({
      'package.json': '{"scripts":{"build":"pnpm -r run build","test":"vitest"}}',
      'pnpm-lock.yaml': '',
      'pnpm-workspace.yaml': "packages: ['packages/*']",
      'packages/core/package.json': JSON.stringify({ name: 'core', ...entries }),
      'packages/core/src/index.ts': '',
      'packages/plugin/package.json': '{"name":"plugin","dependencies":{"core":"workspace:*"}}',
    }).config;
    expect(test!.command.startsWith('pnpm --silent run build && ')).toBe(isBuilt);
  });

  it('a workspace keeps the node_modules of each package, and tests those that have tests', () => {
    const { config } = propose({
      'package.json': pkg({ private: true }),
      'pnpm-lock.yaml': '',
      'pnpm-workspace.yaml': "packages: ['packages/*', '!packages/old']",
      'packages/a/package.json': pkg({ scripts: { test: 'vitest' } }),
      'packages/b/package.json': pkg({ scripts: { test: 'exit 1' } }),
      'packages/old/package.json': pkg({ scripts: { test: 'vitest' } }),
    });
    expect(config.setup?.cache).toEqual(['node_modules', 'packages/a/node_modules', 'packages/b/node_modules']);
    expect(config.test?.command).toBe('pnpm --filter ./packages/a run test');
  });
});

describe('a Python project', () => {
  const test = { 'tests/test_a.py': 'def test_a(): pass' };
  it.each([
    [
      'uv',
      { 'uv.lock': '', 'pyproject.toml': '[dependency-groups]\ndev = ["ruff"]\ntests = ["pytest"]\n[tool.ruff]\n' },
      'uv sync --frozen --group tests',
    ],
    [
      'poetry',
      { 'poetry.lock': '', 'pyproject.toml': '[tool.poetry.group.dev.dependencies]\npytest = "8"\n' },
      'POETRY_VIRTUALENVS_IN_PROJECT=true poetry install --no-interaction',
    ],
    [
      'pip',
      { 'pyproject.toml': '[project]\nname = "x"\n[project.optional-dependencies]\ntest = ["pytest"]\n' },
      "python3 -m venv .venv && .venv/bin/python -m pip install --disable-pip-version-check -e '.[test]'",
    ],
    [
      'pip',
      { 'requirements.txt': 'flask\n', 'requirements-dev.txt': 'pytest\n' },
      'python3 -m venv .venv && .venv/bin/python -m pip install --disable-pip-version-check -r requirements.txt -r requirements-dev.txt',
    ],
  ])('of %s has a virtual environment in the worktree, and pytest writes JUnit', (name, files, setup) => {
    const { config, packageManagers } = propose({ ...files, ...test });
    expect(packageManagers).toMatchObject([{ name }]);
    expect(config).toMatchObject({
      setup: { command: setup, network: true, cache: ['.venv'] },
      test: { command: '.venv/bin/python -m pytest --junitxml=junit.xml', junit: 'junit.xml' },
    });
  });

  it('whose tests only tox knows has its environment made by the set-up', () => {
    const { config } = propose({
      'setup.py': '',
      'tox.ini': '[testenv]\ndeps = pytest\ncommands = pytest {posargs}',
      ...test,
    });
    expect(config).toMatchObject({
      setup: { command: expect.stringMatching(/tox run -e py --notest$/) as string, cache: ['.venv', '.tox'] },
      test: {
        command: '.venv/bin/python -m tox run -e py --skip-pkg-install -- --junitxml=junit.xml',
        junit: 'junit.xml',
      },
    });
  });

  it('has unittest without pytest, lint and types where they are configured, and says that there are no tests', () => {
    expect(propose({ 'setup.py': '', 'tests/test_a.py': 'import unittest' }).config.test?.command).toBe(
      '.venv/bin/python -m unittest discover',
    );
    const { config, doubts } = propose({
      'pyproject.toml':
        '[project]\ndependencies = ["ruff", "mypy>=1"]\n[tool.ruff]\nline-length = 100\n[tool.mypy]\nstrict = true\n',
      'src/a.py': '',
    });
    expect([config.lint?.command, config.typecheck?.command]).toEqual([
      '.venv/bin/python -m ruff check .',
      '.venv/bin/python -m mypy src',
    ]);
    expect(doubts).toContainEqual(expect.stringContaining('no test command'));
  });
});

describe('Go, Rust, Maven, Gradle and Make', () => {
  it('Go: modules are downloaded, packages compiled, tests report as JSON, the profile is read', () => {
    expect(propose({ 'go.mod': 'module x\n\ngo 1.22\n', 'go.sum': 'y', 'a.go': '' })).toMatchObject({
      config: {
        setup: { command: "go mod download && go test -run '^$' ./...", lockFiles: ['go.sum'], cache: [] },
        test: { command: 'go test -count=1 -json ./...', goJson: true },
        lint: { command: 'go vet ./...' },
        coverage: { report: 'coverage.out' },
      },
      tools: [{ tool: 'go', version: '>=1.22', file: 'go.mod' }],
    });
    expect(propose({ 'go.mod': '' }).config.setup).toMatchObject({
      ...{ command: "go test -run '^$' ./...", network: false, lockFiles: ['go.mod'] },
    });
    expect(propose({ 'go.work': 'use (\n\t./a // first\n\t./b\n)\n', 'a/go.mod': '' }).config.test?.command).toBe(
      'go test -count=1 -json ./a/... ./b/...',
    );
  });

  it('Rust: what is built is kept, and tests run without network', () => {
    const locked = propose({ 'Cargo.toml': '[workspace]\n', 'Cargo.lock': '', 'src/lib.rs': '' }).config;
    expect(locked.setup).toMatchObject({
      command: 'cargo test --workspace --locked --no-run',
      lockFiles: ['Cargo.lock'],
      cache: ['target'],
    });
    expect(locked.test).toMatchObject({ command: 'cargo test --workspace --locked --offline' });
    expect(propose({ 'Cargo.toml': '[dependencies]\nserde = "1"\n' }).config.setup?.cache).toEqual([
      'target',
      'Cargo.lock',
    ]);
    expect(propose({ 'Cargo.toml': '[package]\nname = "x"\n' }).config.setup).toBeUndefined();
  });

  it('Maven and Gradle: every report of a module is read', () => {
    expect(propose({ 'pom.xml': '<project/>' }).config.test).toMatchObject({
      command: 'mvn -B -ntp -o test',
      junit: 'target/surefire-reports/*.xml',
    });
    const classes = { 'src/test/java/org/x/AbstractTest.java': '', 'src/test/java/org/x/OptionTest.java': '' };
    expect(propose({ 'pom.xml': '<project/>', ...classes, 'src/test/java/org/x/OptionsTest.java': '' }).text).toContain(
      '-Dtest=OptionTest ',
    );
    const modules = propose({ 'pom.xml': '<modules><module>a</module></modules>', 'a/pom.xml': '', mvnw: '' }).config;
    expect(modules).toMatchObject({
      setup: { command: expect.stringMatching(/^\.\/mvnw /) as string, lockFiles: ['a/pom.xml', 'pom.xml'] },
      test: { junit: '**/target/surefire-reports/*.xml' },
    });
    const wrapper = {
      'build.gradle': '',
      gradlew: '',
      'gradle/wrapper/gradle-wrapper.properties': 'distributionUrl=https\\://x/gradle-8.10-bin.zip',
    };
    expect(propose(wrapper).config).toMatchObject({
      setup: { command: './gradlew --no-daemon test --test-dry-run' },
      test: {
        command: './gradlew --no-daemon --offline --no-build-cache test',
        junit: 'build/test-results/test/*.xml',
      },
    });
    expect(propose({ 'build.gradle.kts': '' })).toMatchObject({
      config: { setup: { command: 'gradle --no-daemon testClasses' } },
      doubts: [expect.stringContaining('8.3') as string],
    });
  });

  it('Make: its targets are taken where nothing else has a command', () => {
    expect(propose({ Makefile: 'X := 1\ntest lint: all\n\ttrue\n' }).config).toEqual(
      expect.objectContaining({
        test: expect.objectContaining({ command: 'make test' }) as object,
        lint: expect.objectContaining({ command: 'make lint' }) as object,
      }),
    );
    const both = propose({ Makefile: 'test:\n\ntypes:\n', 'go.mod': '' });
    expect(both.config).toMatchObject({ test: { goJson: true }, typecheck: { command: 'make types' } });
    expect(both.packageManagers.map(({ name }) => name)).toEqual(['go', 'make']);
    expect(propose({ Makefile: 'all:\n' }).doubts).toEqual([expect.stringContaining('no target test')]);
  });

  it('several languages run one after the other', () => {
    const { config } = propose({
      'go.mod': '',
      'package.json': pkg({ scripts: { test: 'vitest run' }, dependencies: { a: '1' } }),
    });
    expect(config.test).toMatchObject({
      command: expect.stringMatching(/^npm .* && go test /) as string,
      junit: 'junit.xml',
    });
    expect(config.setup?.cache).toEqual(['node_modules']);
  });
});

describe('a proposal', () => {
  it('has the tool versions that the repository asks for', () => {
    const { tools } = propose({
      '.nvmrc': 'v22.1\n',
      '.tool-versions': '# ours\nnodejs 22.1.0\ngolang 1.22\n',
      '.python-version': '3.12\n',
      'rust-toolchain.toml': '[toolchain]\nchannel = "1.80"\n',
      'package.json': pkg({ packageManager: 'pnpm@9.1.0', engines: { node: '>=20' } }),
      'go.mod': 'go 1.21\ntoolchain go1.22.3\n',
    });
    expect(tools.map(({ tool, version }) => `${tool} ${version}`)).toEqual([
      'node 22.1',
      'python 3.12',
      'node 22.1.0',
      'go 1.22',
      'pnpm 9.1.0',
      'node >=20',
      'go 1.22.3',
      'go >=1.21',
      'rust 1.80',
    ]);
  });

  it('knows tests that lie where the usual globs do not look', () => {
    expect(propose({ 'pom.xml': '<project/>', 'src/MainTest.java': '' }).config.tests).toEqual(
      expect.arrayContaining(['**/*_{test,spec}.*', '**/*Test.{java,kt}']),
    );
    const usual = { 'test.js': '', 'index.test-d.ts': '', 'test-double.js': '', 'lib/add-test.mjs': '' };
    expect(propose({ 'package.json': '{}', ...usual }).config.tests).toBeUndefined();
    expect(testFileMatcher(parseRepositoryConfig('{}'))('test-double.js')).toBe(true);
    expect(propose({ 'package.json': '{}', 'test/a.js': '' }).config.tests).toBeUndefined();
  });

  it('says what it cannot do: nothing known at the root, manifests below it, a listing that was cut', () => {
    expect(propose({ 'a.txt': '' }).doubts).toEqual([expect.stringContaining('no build tool')]);
    expect(propose({ 'web/package.json': '{}', 'api/go.mod': '' }).doubts).toEqual([
      expect.stringContaining('api/go.mod, web/package.json'),
    ]);
    expect(proposeConfig({ paths: ['a'], isCut: true, contents: new Map() }).doubts).toContain(
      'only the first 1 files were looked at',
    );
  });

  it('quotes scripts in comments of one line each', () => {
    const { text } = propose({ 'package.json': pkg({ scripts: { test: 'a\n# b: c\nnetwork: true' } }) });
    expect(text.split('\n').filter((line) => line.startsWith('network'))).toEqual([]);
  });

  it('is written so that a person reads it', () => {
    const files = {
      'package.json': pkg({ scripts: { test: 'vitest run' }, devDependencies: { vitest: '3' } }),
      'package-lock.json': pkg({ packages: { 'node_modules/vitest': {} } }),
    };
    expect(propose(files).text).toBe(readFileSync(new URL('./proposed.yaml', import.meta.url), 'utf8'));
  });
});
