import { definesScripts, redefinedScripts, type Definition } from '../../src/gates/redefined-scripts.js';

const manifest = (
  scripts: Record<string, string>,
  path = 'package.json',
  before: typeof scripts = SCRIPTS,
): Definition => ({
  path,
  before: JSON.stringify({ scripts: before }),
  after: JSON.stringify({ scripts }),
});
const SCRIPTS = {
  test: 'npm run build && run-p "unit:*" lint',
  build: 'tsc',
  'unit:fast': 'node --test fast',
  'unit:slow': 'node --test slow',
  lint: 'eslint .',
  start: 'node src',
};

describe('a command that runs a script of the package', () => {
  it.each<[string, Definition[], string[]]>([
    ['npm test', [manifest({ ...SCRIPTS, test: 'exit 0' })], ['test in package.json']],
    ['npm run --silent test', [manifest({ ...SCRIPTS, test: 'exit 0' })], ['test in package.json']],
    ['npm t', [manifest({ ...SCRIPTS, test: 'exit 0' })], ['test in package.json']],
    ['cd src && yarn test', [manifest({ ...SCRIPTS, test: 'exit 0' })], ['test in package.json']],
    ['node --run test', [manifest({ ...SCRIPTS, test: 'exit 0' })], ['test in package.json']],
    ['npm test', [manifest({ ...SCRIPTS, build: 'rm -r test' })], ['build in package.json']],
    ['npm test', [manifest({ ...SCRIPTS, 'unit:slow': 'true' })], ['unit:slow in package.json']],
    ['npm test', [manifest({ ...SCRIPTS, 'unit:new': 'true' })], ['unit:new in package.json']],
    ['npm test', [manifest({ ...SCRIPTS, pretest: 'rm -r test' })], ['pretest in package.json']],
    ['npm test', [manifest({ ...SCRIPTS, postbuild: 'rm -r test' })], ['postbuild in package.json']],
    [
      'npm test',
      [manifest({})],
      ['test', 'build', 'lint', 'unit:fast', 'unit:slow'].map((name) => `${name} in package.json`),
    ],
    ['npm run other', [manifest({ ...SCRIPTS, other: 'true' })], ['other in package.json']],
    [
      'npm test',
      [{ path: 'package.json', before: JSON.stringify({ scripts: SCRIPTS }), after: '{' }],
      ['package.json'],
    ],
    [
      'npm test',
      [{ path: 'package.json', before: JSON.stringify({ scripts: SCRIPTS }), after: '{"scripts":[]}' }],
      ['package.json'],
    ],
    ['npm test', [{ path: '.npmrc', before: null, after: 'script-shell=./yes' }], ['.npmrc']],
    [
      'npm test --workspaces',
      [
        manifest(SCRIPTS),
        manifest({ test: 'npm run inner', inner: 'true' }, 'a/package.json', { test: 'npm run inner', inner: 'jest' }),
      ],
      ['inner in a/package.json'],
    ],
  ])('is redefined: %s', (command, definitions, expected) => {
    expect(redefinedScripts(command, definitions).sort()).toEqual(expected.sort());
  });

  it.each<[string, Definition[]]>([
    ['npm test', [manifest({ ...SCRIPTS, coverage: 'jest --coverage', start: 'node lib' })]],
    ['npm test', [manifest({ ...SCRIPTS, prestart: 'true' })]],
    ['npm test', []],
    ['npm test ! -x', [manifest({ ...SCRIPTS, start: 'node lib' })]],
    ['pytest', [manifest({ ...SCRIPTS, test: 'exit 0' }), { path: '.npmrc', before: null, after: 'x=y' }]],
    ['node --test', [manifest({ ...SCRIPTS, test: 'exit 0' })]],
  ])('is as it was: %s', (command, definitions) => {
    expect(redefinedScripts(command, definitions)).toEqual([]);
  });

  it('is defined in every package, and by the settings of the package manager', () => {
    const paths = ['package.json', 'a/package.json', 'a/.npmrc', 'package.json.md', 'src/index.js'];
    expect(paths.filter(definesScripts)).toEqual(['package.json', 'a/package.json', 'a/.npmrc']);
  });
});
