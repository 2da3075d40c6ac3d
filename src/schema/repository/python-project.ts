import { has, stringsOf, tableAt, textOf, tomlOf, type RepositoryFiles, type Table } from './repository-files.js';

/** What a Python repository says of its dependencies and tools. */
export interface PythonProject {
  readonly pyproject: Table;
  /** Whether pip can install the repository itself. */
  readonly isInstallable: boolean;
  /** Names of extras, of dependency groups (PEP 735) and of requirements files that are for development or tests. */
  readonly extras: readonly string[];
  readonly groups: readonly string[];
  readonly requirements: readonly string[];
  /** Whether a package is named anywhere among the declared dependencies. */
  readonly dependsOn: (name: string) => boolean;
  /** Whether a tool is used anywhere: dependencies, tox, nox, CI, imports of tests. */
  readonly mentions: (name: string) => boolean;
}

const FOR_TESTS = /^(tests?|testing|dev|develop|development|ci|lint|linting|types?|typing)$/;
const REQUIREMENTS_FOR_TESTS = /(^|[/_.-])(tests?|testing|dev|develop|development|ci)([/_.-]|$)/;

export function pythonProject(files: RepositoryFiles): PythonProject {
  const pyproject = tomlOf(files, 'pyproject.toml') ?? {};
  const project = tableAt(pyproject, 'project');
  const optional = tableAt(project, 'optional-dependencies');
  const groups = tableAt(pyproject, 'dependency-groups');
  const requirementFiles = files.paths.filter(
    (path) => /^(requirements\/)?[^/]*\.txt$/.test(path) && path.includes('requirements'),
  );
  const declared = [
    ...stringsOf(project['dependencies']),
    ...Object.values(optional).flatMap(stringsOf),
    ...Object.values(groups).flatMap(stringsOf),
    ...poetryDependencies(pyproject),
    ...requirementFiles.flatMap((path) => textOf(files, path).split('\n')),
    textOf(files, 'setup.cfg'),
    textOf(files, 'setup.py'),
  ].join('\n');
  const everything = [
    declared,
    ...[...files.contents].filter(([path]) => tellsOfTools(path)).map(([, text]) => text),
  ].join('\n');
  return {
    pyproject,
    isInstallable:
      has(files, 'setup.py') || has(files, 'setup.cfg') || 'project' in pyproject || 'build-system' in pyproject,
    extras: Object.keys(optional).filter((name) => FOR_TESTS.test(name)),
    groups: Object.keys(groups).filter((name) => FOR_TESTS.test(name)),
    requirements: chooseRequirements(requirementFiles),
    dependsOn: (name) => names(declared, name),
    mentions: (name) => names(everything, name),
  };
}

const tellsOfTools = (path: string): boolean =>
  ['pyproject.toml', 'tox.ini', 'pytest.ini', 'noxfile.py'].includes(path) ||
  path.startsWith('.github/workflows/') ||
  path.endsWith('.py');

const names = (text: string, name: string): boolean =>
  new RegExp(String.raw`(^|[^\w-])${name}(?![\w-])`, 'im').test(text);

function poetryDependencies(pyproject: Table): string[] {
  const poetry = tableAt(pyproject, 'tool', 'poetry');
  const groups = Object.keys(tableAt(poetry, 'group')).map((name) => tableAt(poetry, 'group', name, 'dependencies'));
  return [tableAt(poetry, 'dependencies'), tableAt(poetry, 'dev-dependencies'), ...groups].flatMap(Object.keys);
}

/** The plain file and those for tests; where these include others, pip follows them. */
const chooseRequirements = (paths: readonly string[]): string[] => {
  const forTests = paths.filter((path) => REQUIREMENTS_FOR_TESTS.test(path.replace(/\.txt$/, '')));
  return [...paths.filter((path) => path === 'requirements.txt'), ...forTests];
};
