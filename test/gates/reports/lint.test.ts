import { parseLint } from '../../../src/gates/reports/lint.js';
import { repositoryPaths } from '../../../src/gates/reports/repository-path.js';

const parse = (text: string) => parseLint(text, repositoryPaths('/host/worktree'));
const finding = (of: object) => ({ severity: 'medium', fix: null, ...of });

describe('what a linter prints', () => {
  it('is read as ESLint’s JSON, also after what a package manager says', () => {
    const files = [
      {
        filePath: '/workspace/src/a.js',
        messages: [
          { ruleId: 'no-unused-vars', severity: 2, message: "'x' is unused.", line: 3, column: 1 },
          { ruleId: 'semi', severity: 1, message: 'Missing semicolon.', line: 4, fix: { range: [1, 2], text: ';' } },
          { ruleId: null, severity: 2, message: 'Parsing error', fatal: true },
        ],
      },
      { filePath: '/workspace/src/b.js', messages: [] },
    ];
    expect(parse(`> lint\n\n${JSON.stringify(files)}\n`)).toEqual([
      finding({ rule: 'no-unused-vars', message: "'x' is unused.", file: 'src/a.js', line: 3 }),
      {
        rule: 'semi',
        severity: 'low',
        message: 'Missing semicolon.',
        file: 'src/a.js',
        line: 4,
        fix: 'The linter can fix this itself.',
      },
      finding({ rule: 'parse', message: 'Parsing error', file: 'src/a.js', line: null }),
    ]);
  });

  it('is read as ESLint’s table', () => {
    const table = [
      '',
      '/workspace/src/a.js',
      "  3:5   error    'x' is assigned  a value  no-unused-vars",
      '  10:1  warning  Unexpected console statement  no-console',
      '  11:1  error    Parsing error: Unexpected token',
      '',
      '/workspace/src/b.js',
      '  1:1  error  Missing  @typescript-eslint/semi',
      '',
      '✖ 4 problems (3 errors, 1 warning)',
      '  3 errors and 0 warnings potentially fixable with the `--fix` option.',
    ].join('\n');
    expect(parse(table)).toEqual([
      finding({ rule: 'no-unused-vars', message: "'x' is assigned  a value", file: 'src/a.js', line: 3 }),
      finding({
        rule: 'no-console',
        severity: 'low',
        message: 'Unexpected console statement',
        file: 'src/a.js',
        line: 10,
      }),
      finding({ rule: 'parse', message: 'Parsing error: Unexpected token', file: 'src/a.js', line: 11 }),
      finding({ rule: '@typescript-eslint/semi', message: 'Missing', file: 'src/b.js', line: 1 }),
    ]);
  });

  it.each([
    ["src/a.js:3:5: 'x' is unused. [Error/no-unused-vars]", 'no-unused-vars', "'x' is unused.", 'medium'],
    ["src/a.js:3:5: 'x' is unused. [Warning/no-unused-vars]", 'no-unused-vars', "'x' is unused.", 'low'],
    ['src/a.js:3:5: Unexpected token [Error]', 'parse', 'Unexpected token', 'medium'],
    ['src/a.js:3:5: F401 `os` imported but unused', 'F401', '`os` imported but unused', 'medium'],
    ['src/a.js:3: warning: unused variable', 'lint', 'warning: unused variable', 'low'],
    ['src/a.js:3:5: should have comment', 'lint', 'should have comment', 'medium'],
  ])('is read line by line: %s', (line, rule, message, severity) => {
    expect(parse(`checking\n${line}\n`)).toEqual([finding({ rule, message, severity, file: 'src/a.js', line: 3 })]);
  });

  it.each(['', 'all is well', '[not json', '[1, 2]', '12:30:01 begun', '  3:5  error  without a file  x'])(
    'is nothing where it is something else: %s',
    (text) => {
      expect(parse(text).filter(({ file }) => file !== null && file !== '12')).toEqual([]);
    },
  );

  it('is read in no time, however hostile', () => {
    expect(parse(`${' '.repeat(3_900)}x\n`.repeat(2_000))).toEqual([]);
    expect(parse(`a\n  1:1  error  x${' '.repeat(3_900)}x\n`)).toHaveLength(1);
    expect(parse('[{'.repeat(1_000_000))).toEqual([]);
  });
});
