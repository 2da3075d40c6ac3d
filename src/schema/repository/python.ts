import type { Part, ProposedCommand, ProposedCoverage, ProposedSetUp, ProposedTest } from './part.js';
import { pythonProject, type PythonProject } from './python-project.js';
import { firstOf, has, stringsOf, tableAt, textOf, type RepositoryFiles } from './repository-files.js';

const PYTHON = '.venv/bin/python';
const REPORT = 'junit.xml';
const MARKERS = ['pyproject.toml', 'setup.py', 'setup.cfg', 'tox.ini', 'requirements.txt', 'uv.lock', 'poetry.lock'];
const SET_UP_TIME = '30m';

/** uv, Poetry, pip and tox, each with a virtual environment inside the worktree. */
export function detectPython(files: RepositoryFiles): Part | null {
  const marker = firstOf(files, MARKERS);
  if (marker === null) return null;
  const project = pythonProject(files);
  const isTested = files.paths.some((path) => /(^|\/)(test_[^/]*|[^/]*_test|conftest|tests)\.py$/.test(path));
  const usesPytest = project.mentions('pytest') || files.paths.some((path) => /(^|\/)conftest\.py$/.test(path));
  const manager = managerOf(files, project, isTested && usesPytest);
  const test = isTested || usesPytest ? testOf(files, manager.name, usesPytest) : undefined;
  return {
    packageManager: manager.name,
    because: manager.because,
    setup: manager.setup,
    test,
    lint: lintOf(files, project),
    typecheck: typecheckOf(files, project),
    coverage: test && usesPytest && manager.name !== 'tox' ? coverageOf(project) : undefined,
    doubts: [...manager.doubts, ...(test ? [] : ['no test command: there are no Python tests and pytest is not used'])],
  };
}

interface Manager {
  readonly name: 'uv' | 'poetry' | 'tox' | 'pip';
  readonly because: string;
  readonly setup: ProposedSetUp;
  readonly doubts: readonly string[];
}

function managerOf(files: RepositoryFiles, project: PythonProject, needsPytest: boolean): Manager {
  const { pyproject, extras, groups } = project;
  const base = { network: true, cache: ['.venv'], timeout: SET_UP_TIME };
  if (has(files, 'uv.lock')) {
    // uv takes the group `dev` by itself.
    const more = [
      ...extras.map((name) => ` --extra ${name}`),
      ...groups.filter((name) => name !== 'dev').map((name) => ` --group ${name}`),
    ];
    const command = `uv sync --frozen${more.join('')}`;
    return {
      name: 'uv',
      because: 'uv.lock',
      setup: { ...base, command, lockFiles: ['uv.lock', 'pyproject.toml'], why: 'uv.lock is there' },
      doubts: [],
    };
  }
  if (has(files, 'poetry.lock') || 'poetry' in tableAt(pyproject, 'tool')) {
    const because = firstOf(files, ['poetry.lock', 'pyproject.toml'])!;
    const more = extras.map((name) => ` --extras ${name}`).join('');
    return {
      name: 'poetry',
      because: because === 'poetry.lock' ? because : '[tool.poetry] of pyproject.toml',
      setup: {
        ...base,
        command: `POETRY_VIRTUALENVS_IN_PROJECT=true poetry install --no-interaction${more}`,
        lockFiles: ['poetry.lock', 'pyproject.toml'].filter((path) => has(files, path)),
        why: `${because} is there; the virtual environment is made in the worktree`,
      },
      doubts: has(files, 'poetry.lock') ? [] : ['there is no poetry.lock: versions can change between runs'],
    };
  }
  return pip(files, project, needsPytest, base);
}

function pip(
  files: RepositoryFiles,
  project: PythonProject,
  needsPytest: boolean,
  base: Pick<ProposedSetUp, 'network' | 'cache' | 'timeout'>,
): Manager {
  const lockFiles = ['pyproject.toml', 'setup.py', 'setup.cfg', 'tox.ini', ...project.requirements].filter((path) =>
    has(files, path),
  );
  const hasTestDependencies = project.dependsOn('pytest') || !needsPytest;
  const create = `python3 -m venv .venv && ${PYTHON} -m pip install --disable-pip-version-check`;
  if (!hasTestDependencies && usesTox(files, project))
    return {
      name: 'tox',
      because: has(files, 'tox.ini') ? 'tox.ini' : '[tool.tox] of pyproject.toml',
      setup: {
        ...base,
        command: `${create} tox && ${PYTHON} -m tox run -e py --notest`,
        cache: ['.venv', '.tox'],
        lockFiles,
        why: 'only tox says what the tests need; its environment is made once, and tests run in it without network',
      },
      doubts: [],
    };
  const { wanted, doubts } = pipArguments(project, needsPytest && !hasTestDependencies);
  return {
    name: 'pip',
    because: lockFiles[0] ?? 'Python files',
    setup: {
      ...base,
      command: wanted.length === 0 ? 'python3 -m venv .venv' : `${create} ${wanted.join(' ')}`,
      lockFiles: lockFiles.length === 0 ? ['pyproject.toml'] : lockFiles,
      why: `${lockFiles.join(', ')}; there is no lock file of uv or Poetry, so pip installs into a virtual environment`,
    },
    doubts,
  };
}

const usesTox = (files: RepositoryFiles, { pyproject }: PythonProject): boolean =>
  has(files, 'tox.ini') || 'tox' in tableAt(pyproject, 'tool') || textOf(files, 'setup.cfg').includes('[tox:tox]');

function pipArguments(project: PythonProject, addPytest: boolean) {
  const { isInstallable, extras, groups, requirements, pyproject } = project;
  const grouped = groups.flatMap((name) => stringsOf(tableAt(pyproject, 'dependency-groups')[name]));
  const wanted = [
    ...requirements.map((path) => `-r ${path}`),
    ...(isInstallable ? [extras.length === 0 ? '-e .' : `-e '.[${extras.join(',')}]'`] : []),
    ...grouped.filter((requirement) => !requirement.includes("'")).map((requirement) => `'${requirement}'`),
    ...(addPytest ? ['pytest'] : []),
  ];
  const doubts = [
    'versions of dependencies are not locked and can change between runs',
    ...(addPytest ? ['the tests use pytest, which no dependency list names: it is installed beside them'] : []),
  ];
  return { wanted, doubts };
}

function testOf(files: RepositoryFiles, manager: Manager['name'], usesPytest: boolean): ProposedTest {
  if (manager === 'tox') {
    const passesArguments = (textOf(files, 'tox.ini') + textOf(files, 'pyproject.toml')).includes('{posargs');
    const command = `${PYTHON} -m tox run -e py --skip-pkg-install`;
    return passesArguments && usesPytest
      ? { command: `${command} -- --junitxml=${REPORT}`, junit: [REPORT], why: 'tox hands its arguments on to pytest' }
      : { command, why: 'tox takes no arguments for the tests: its exit code alone decides' };
  }
  return usesPytest
    ? {
        command: `${PYTHON} -m pytest --junitxml=${REPORT}`,
        junit: [REPORT],
        why: 'the tests use pytest, which writes JUnit itself',
      }
    : {
        command: `${PYTHON} -m unittest discover`,
        why: 'there are tests and no pytest; unittest writes no report, its exit code decides',
      };
}

function lintOf(files: RepositoryFiles, project: PythonProject): ProposedCommand | undefined {
  const { pyproject, dependsOn } = project;
  if (dependsOn('ruff') && ('ruff' in tableAt(pyproject, 'tool') || firstOf(files, ['ruff.toml', '.ruff.toml'])))
    return { command: `${PYTHON} -m ruff check .`, why: 'ruff is a dependency and configured' };
  if (
    dependsOn('flake8') &&
    (has(files, '.flake8') || (textOf(files, 'setup.cfg') + textOf(files, 'tox.ini')).includes('[flake8]'))
  )
    return { command: `${PYTHON} -m flake8`, why: 'flake8 is a dependency and configured' };
  return undefined;
}

function typecheckOf(files: RepositoryFiles, { pyproject, dependsOn }: PythonProject): ProposedCommand | undefined {
  const mypy = tableAt(pyproject, 'tool', 'mypy');
  if (dependsOn('mypy') && (Object.keys(mypy).length > 0 || firstOf(files, ['mypy.ini', '.mypy.ini']))) {
    const says = 'files' in mypy || 'packages' in mypy;
    const source = files.paths.some((path) => path.startsWith('src/')) ? 'src' : '.';
    return { command: `${PYTHON} -m mypy${says ? '' : ` ${source}`}`, why: 'mypy is a dependency and configured' };
  }
  if (dependsOn('pyright')) return { command: `${PYTHON} -m pyright`, why: 'pyright is a dependency' };
  return undefined;
}

function coverageOf({ dependsOn }: PythonProject): ProposedCoverage | undefined {
  const report = 'coverage.xml';
  if (dependsOn('pytest-cov'))
    return {
      command: `${PYTHON} -m pytest --cov --cov-report=xml:${report}`,
      report,
      why: 'pytest-cov is a dependency',
    };
  if (dependsOn('coverage'))
    return {
      command: `${PYTHON} -m coverage run -m pytest && ${PYTHON} -m coverage xml -o ${report}`,
      report,
      why: 'coverage.py is a dependency',
    };
  return undefined;
}
