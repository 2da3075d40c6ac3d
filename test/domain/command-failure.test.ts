import { tellEnd, tellFailure, type CommandEnd } from '../../src/domain/command-failure.js';
import { failureCause } from '../../src/domain/failure-cause.js';
import { lastLines, printedLines } from '../../src/domain/output-lines.js';

const ended = (end: Partial<CommandEnd>): CommandEnd => ({
  ...{ outcome: 'exited', exitCode: 1, signal: null, tail: '', durationMs: 12_300, silentMs: 400 },
  ...end,
});

describe('printedLines', () => {
  it('are without colours, titles, bells and the earlier states of a progress bar', () => {
    const printed = '\u001b[31mred\u001b[0m\u0007\n\u001b]0;title\u0007in a\ttab \n 1 %\r 50 %\r100 %\r\nend\u001bM\r';
    expect(printedLines(printed)).toEqual(['red', 'in a\ttab', '100 %', 'end']);
    expect(printedLines('\u001b]8;;http://x\u001b\\link\n\r')).toEqual(['link', '']);
  });
});

describe('lastLines', () => {
  it('are the end of the output in whole lines', () => {
    const output = `${Array.from({ length: 40 }, (_, at) => `line ${at}`).join('\n')}\n\n`;
    expect(lastLines(output).split('\n')).toEqual(Array.from({ length: 15 }, (_, at) => `line ${at + 25}`));
    expect(lastLines('one\ntwo\nthree', { lines: 3, characters: 10 })).toBe('two\nthree');
    expect(lastLines(' \n')).toBe('');
  });

  it('cut a line that is too long by itself, between two characters', () => {
    expect(lastLines(`${'a'.repeat(20)}😀b`, { lines: 1, characters: 2 })).toBe('\ufffdb');
  });
});

describe('tellEnd', () => {
  it.each([
    [{}, 'failed with exit code 1 after 12 s'],
    [{ exitCode: null, signal: 'SIGSEGV' }, 'was ended by SIGSEGV after 12 s'],
    [{ exitCode: null }, 'was ended by a signal after 12 s'],
    [
      { outcome: 'hung', tail: 'compiling', silentMs: 300_000, durationMs: 310_000 },
      'hung: it printed nothing more for 300 s, and was ended after 310 s',
    ],
    [
      { outcome: 'hung', silentMs: 300_000, durationMs: 300_000 },
      'hung: it printed nothing at all for 300 s, and was ended after 300 s',
    ],
    [{ outcome: 'timed-out', durationMs: 20 }, 'did not end in time, and was ended after 1 s'],
    [{ outcome: 'cancelled' }, 'was cancelled after 12 s'],
    [{ outcome: 'out-of-memory' }, 'used too much memory, and was ended after 12 s'],
    [{ outcome: 'disk-limit' }, 'filled its disk space, and was ended after 12 s'],
    [{ outcome: 'output-limit' }, 'printed without end, and was ended after 12 s'],
  ] satisfies [Partial<CommandEnd>, string][])('says of %j: %s', (end, said) => {
    expect(tellEnd(ended(end))).toBe(said);
  });
});

describe('tellFailure', () => {
  it('gives the cause and the last lines', () => {
    const tail = 'first\nnpm error code EUSAGE\nnpm error\nnpm error The lock file is out of sync.\n';
    expect(tellFailure(ended({ tail }))).toBe(
      `failed with exit code 1 after 12 s: npm: EUSAGE: The lock file is out of sync. Its last lines:\n${tail.trim()}`,
    );
    expect(tellFailure(ended({ tail: 'no such thing' }))).toBe(
      'failed with exit code 1 after 12 s. Its last lines:\nno such thing',
    );
    expect(tellFailure(ended({ tail: 'sh: 1: foo: not found\n' }))).toBe(
      'failed with exit code 1 after 12 s: sh: 1: foo: not found.',
    );
  });

  it('is never empty', () => {
    expect(tellFailure(ended({}))).toBe('failed with exit code 1 after 12 s. It printed nothing.');
    expect(tellFailure(ended({ outcome: 'hung', silentMs: 60_000 }))).toBe(
      'hung: it printed nothing at all for 60 s, and was ended after 12 s.',
    );
    expect(tellFailure(ended({ outcome: 'hung', silentMs: 6_000, tail: 'Error: not it\n' }))).toBe(
      'hung: it printed nothing more for 6 s, and was ended after 12 s. Its last lines:\nError: not it',
    );
  });
});

describe('failureCause', () => {
  it.each([
    [
      'npm 10 and later',
      'npm error code E404\nnpm error 404 Not Found - GET http://127.0.0.1:4873/x - not found\nnpm error A complete log of this run can be found in: /x',
      'npm: E404: 404 Not Found - GET http://127.0.0.1:4873/x - not found',
    ],
    [
      'npm before',
      'npm ERR! code ELIFECYCLE\nnpm ERR! errno 1\nnpm ERR! app@1.0.0 build: `tsc`',
      'npm: ELIFECYCLE: app@1.0.0 build: `tsc`',
    ],
    [
      'npm with a script of a package',
      'npm error code 127\nnpm error path /workspace/node_modules/x\nnpm error command failed\nnpm error command sh -c node-gyp rebuild',
      'npm: 127: command sh -c node-gyp rebuild',
    ],
    ['npm without a code', 'npm error Missing script: "tset"', 'npm: Missing script: "tset"'],
    ['npm with nothing but a code', 'npm error code 1\nnpm error', 'npm: 1'],
    [
      'pnpm',
      ' ERR_PNPM_OUTDATED_LOCKFILE  Cannot install with "frozen-lockfile"',
      'ERR_PNPM_OUTDATED_LOCKFILE Cannot install with "frozen-lockfile"',
    ],
    [
      'yarn',
      '➤ YN0000: ┌ Resolution step\n➤ YN0028: │ The lockfile would have been modified',
      'YN0028: │ The lockfile would have been modified',
    ],
    [
      'pip',
      'ERROR: Ignored the following versions: 1.0\nERROR: Could not find a version that satisfies the requirement nope\nERROR: No matching distribution found for nope',
      'Could not find a version that satisfies the requirement nope',
    ],
    [
      'uv',
      'error: Failed to fetch: `https://pypi.org/simple/x/`\n  Caused by: Request failed after 3 retries\n  Caused by: invalid peer certificate: UnknownIssuer',
      'error: Failed to fetch: `https://pypi.org/simple/x/`: invalid peer certificate: UnknownIssuer',
    ],
    [
      'uv that finds no solution',
      '  × No solution found when resolving dependencies:\n  ╰─▶ Because nope was not found in the package registry',
      'No solution found when resolving dependencies: Because nope was not found in the package registry',
    ],
    ['uv that says no more', '  × Failed to build x', 'Failed to build x'],
    [
      'cargo',
      "error: failed to get `serde` as a dependency of package `x`\n\nCaused by:\n  failed to load source\n\nCaused by:\n  download of config.json failed\n\nCaused by:\n  [6] Couldn't resolve host name",
      "error: failed to get `serde` as a dependency of package `x`: [6] Couldn't resolve host name",
    ],
    [
      'rustc',
      'error[E0425]: cannot find value `y` in this scope\n --> src/main.rs:2:3\nerror: could not compile `x`\nCaused by:',
      'error[E0425]: cannot find value `y` in this scope',
    ],
    [
      'go',
      'go: downloading example.com/x v1.0.0\ngo: example.com/x@v1.0.0: Get "http://127.0.0.1:1/x": connection refused',
      'go: example.com/x@v1.0.0: Get "http://127.0.0.1:1/x": connection refused',
    ],
    ['the compiler of go', '# app\n./main.go:3:2: undefined: x', './main.go:3:2: undefined: x'],
    [
      'Maven',
      '[INFO] x\n[ERROR] Failed to execute goal on project app: Could not resolve dependencies -> [Help 1]\n[ERROR] ',
      'Failed to execute goal on project app: Could not resolve dependencies',
    ],
    [
      'Gradle',
      "FAILURE: Build failed with an exception.\n\n* What went wrong:\nExecution failed for task ':test'.\n> There were failing tests.",
      "Execution failed for task ':test'. > There were failing tests.",
    ],
    [
      'Python',
      'Traceback (most recent call last):\n  File "a.py", line 1, in <module>\n    import x\nModuleNotFoundError: No module named \'x\'',
      "ModuleNotFoundError: No module named 'x'",
    ],
    [
      'Node',
      "node:internal/x\n  throw err\n\nError: Cannot find module 'x'\n    at y",
      "Error: Cannot find module 'x'",
    ],
    ['a shell', '/bin/sh: 1: cargo: not found', '/bin/sh: 1: cargo: not found'],
    ['bash', 'bash: line 1: cargo: command not found', 'bash: line 1: cargo: command not found'],
    ['a missing file', 'cat: x: No such file or directory', 'cat: x: No such file or directory'],
    ['a full disk', 'npm error code 1\ncp: x: No space left on device', 'cp: x: No space left on device'],
    ['make', 'cc x.c\nmake: *** [Makefile:2: all] Error 1', 'make: *** [Makefile:2: all] Error 1'],
    ['whatever says error', 'error An unexpected error', 'An unexpected error'],
  ])('knows what %s says', (_tool, output, cause) => {
    expect(failureCause(output)).toBe(cause);
  });

  it('is null where no tool is recognised, and never long', () => {
    expect(failureCause('all is lost\n')).toBeNull();
    expect(failureCause('')).toBeNull();
    expect(failureCause(`Error: ${'x'.repeat(1_000)}`)).toHaveLength(301);
  });
});
