import { testFileMatcher } from '../../src/gates/test-files.js';
import { parseRepositoryConfig } from '../../src/schema/repository-config.js';

describe('.baton/repository.yaml', () => {
  it.each([
    ['setup: { command: npm ci, timeout: 1h }', 'setup', 3_600_000],
    ['setup: { command: npm ci, timeout: 60m }', 'setup', 3_600_000],
    ['setup: { command: npm ci }', 'setup', 600_000],
    ['test: { command: npm test, timeout: 6h }', 'test', 6 * 3_600_000],
  ] as const)('takes a timeout that there is time for: %s', (source, key, timeout) => {
    expect(parseRepositoryConfig(source)[key]).toMatchObject({ timeout });
  });

  it.each([
    ['lint: { command: x }', undefined],
    ['lint: { command: x, silence: 60s }', 60_000],
    ['lint: { command: x, silence: never }', null],
  ])('takes what silence counts as a hang: %s', (source, silence) => {
    expect(parseRepositoryConfig(source).lint!.silence).toBe(silence);
  });

  it.each([
    ['lint: { command: x, silence: 0s }', '1:30 /lint/silence is a duration such as 90s, 10m or 1h, or never'],
    ['setup: { command: npm ci, timeout: 61m }', '1:36 /setup/timeout is at most 1h here'],
    ['setup: { command: npm ci, timeout: 9999h }', '1:36 /setup/timeout is at most 1h here'],
    ['test: { command: npm test, timeout: 7h }', '1:37 /test/timeout is at most 6h here'],
    ['coverage: { command: npm test, timeout: 7h }', '1:41 /coverage/timeout is at most 6h here'],
    ['setup: { command: npm ci, timeout: soon }', '1:36 /setup/timeout is a duration such as 90s, 10m or 1h'],
  ])('refuses what would be cut off without a word: %s', (source, fault) => {
    expect(() => parseRepositoryConfig(source)).toThrow(
      expect.objectContaining({ code: 'repository-config-invalid', details: { faults: [fault] } }) as Error,
    );
  });
});

it('counts tests at the root and type tests as tests where the configuration does not say', () => {
  const isTest = testFileMatcher({});
  const tests = ['test.js', 'tests.py', 'test_a.py', 'a_test.go', 'a.test.ts', 'index.test-d.ts', 'test-d/index.ts'];
  expect(tests.filter((path) => !isTest(path))).toEqual([]);
  expect(['attest.js', 'latest.py', 'src/test.js', 'index.d.ts'].filter(isTest)).toEqual([]);
});
