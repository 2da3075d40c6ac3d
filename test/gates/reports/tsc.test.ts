import { parseTsc } from '../../../src/gates/reports/tsc.js';
import { repositoryPaths } from '../../../src/gates/reports/repository-path.js';

const parse = (text: string) => parseTsc(text, repositoryPaths('/host/worktree'));

describe('what tsc prints', () => {
  it('is a finding an error, with the lines that explain it', () => {
    const printed = [
      "src/a.ts(3,5): error TS2322: Type 'A' is not assignable to type 'B'.",
      "  Property 'x' is missing.",
      '    More of it.',
      "../other/b.ts(1,1): error TS1005: ';' expected.",
      'error TS5058: The specified path does not exist.',
      'Found 3 errors.',
    ].join('\n');
    expect(parse(printed)).toEqual([
      {
        rule: 'TS2322',
        severity: 'high',
        message: "Type 'A' is not assignable to type 'B'.\n  Property 'x' is missing.\n    More of it.",
        file: 'src/a.ts',
        line: 3,
        fix: null,
      },
      { rule: 'TS1005', severity: 'high', message: "';' expected.", file: null, line: 1, fix: null },
      expect.objectContaining({
        rule: 'TS5058',
        file: null,
        line: null,
        message: 'The specified path does not exist.',
      }),
    ]);
  });

  it('is read in its pretty form too, without colours and without the source', () => {
    const pretty =
      "\u001b[96msrc/a b.ts\u001b[0m:\u001b[93m12\u001b[0m:\u001b[93m7\u001b[0m - \u001b[91merror\u001b[0m\u001b[90m TS2322: \u001b[0mType 'A'.\n\n\u001b[7m12\u001b[0m   const a = 1;\n\u001b[7m  \u001b[0m         \u001b[91m~\u001b[0m\n";
    expect(parse(pretty)).toEqual([
      { rule: 'TS2322', severity: 'high', message: "Type 'A'.", file: 'src/a b.ts', line: 12, fix: null },
    ]);
  });

  it('is nothing where it is something else', () => {
    expect(parse('all is well\n  indented\n')).toEqual([]);
  });

  it('is read in no time, however hostile', () => {
    expect(parse(`${'a'.repeat(3_999)}\n`.repeat(2_000))).toEqual([]);
    expect(parse(' ('.repeat(2_000_000))).toEqual([]);
  });
});

describe('a file that a tool names', () => {
  const pathOf = repositoryPaths('/host/worktree');
  it.each([
    ['src/a.ts', 'src/a.ts'],
    ['./src//a.ts', 'src/a.ts'],
    ['/workspace/src/a.ts', 'src/a.ts'],
    ['/host/worktree/src/a.ts', 'src/a.ts'],
    ['/etc/passwd', null],
    ['/workspace/../etc/passwd', null],
    ['../a.ts', null],
    ['..', null],
    ['.', null],
    ['', null],
    ['/workspace/', null],
  ])('%s is %s of the repository', (named, path) => {
    expect(pathOf(named)).toBe(path);
  });
});
