import { isGenerated, lookedAt, readingOrder, type ChangeFile } from '../../../src/domain/context/change.js';

const file = (path: string, more: Partial<ChangeFile> = {}): ChangeFile => ({
  ...{ path, status: 'modified', added: 1, removed: 1, patch: `+${path}`, generated: false },
  ...more,
});

it.each([
  ['package-lock.json', true],
  ['web/pnpm-lock.yaml', true],
  ['dist/main.js', true],
  ['src/__snapshots__/a.test.ts.snap', true],
  ['public/app.min.js', true],
  ['api/user_pb2.py', true],
  ['src/lock.json', false],
  ['src/distance.ts', false],
])('knows by its name whether programs write %s: %s', (path, generated) => {
  expect(isGenerated(path)).toBe(generated);
});

it('tells the smallest diffs first, and none of files without one', () => {
  const files = [
    file('large', { patch: '+'.repeat(9) }),
    file('binary', { patch: null }),
    file('b'),
    file('a'),
    file('c'),
  ];
  expect(readingOrder(files).map(({ path }) => path)).toEqual(['a', 'b', 'c', 'large']);
});

describe('an agent looked at a change', () => {
  const files = [file('src/a.ts'), file('package-lock.json', { generated: true, patch: null })];
  it.each([
    ['when it was told a diff', ['src/a.ts'], [], true],
    ['when it read a changed file', [], [{ type: 'read', text: 'src/a.ts' }], true],
    ['when git showed it', [], [{ type: 'command', text: 'git --no-pager diff main...HEAD' }], true],
    ['when git logged its patches', [], [{ type: 'command', text: 'git log -3 -p' }], true],
    ['when a command read a changed file', [], [{ type: 'command', text: 'cat src/a.ts' }], true],
    ['not when it only listed it', [], [{ type: 'command', text: 'ls -l src/a.ts' }], false],
    ['not when git told numbers only', [], [{ type: 'command', text: 'git diff --stat main' }], false],
    ['not when it read other files', [], [{ type: 'read', text: 'README.md' }], false],
    ['not when it only spoke of git', [], [{ type: 'message', text: 'git diff shows nothing' }], false],
    ['not when it did nothing', [], [], false],
  ])('%s', (_what, told, looks, expected) => {
    expect(lookedAt({ files }, told, looks)).toBe(expected);
  });

  it('where there is nothing but generated files', () => {
    expect(lookedAt({ files: files.slice(1) }, [], [])).toBe(true);
  });
});
