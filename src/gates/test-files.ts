import picomatch from 'picomatch';

/** What counts as a test where the repository does not say: the conventions of the common test runners. */
export const TEST_FILES: readonly string[] = [
  '**/{test,tests,__tests__,spec,specs,e2e,cypress}/**',
  '**/*.{test,spec}.*',
  '**/{test_*,*_test}.{py,go,rb,php,exs,dart}',
  '**/conftest.py',
  'src/test/**',
];

/** Whether paths are tests, by the repository's globs. */
export const testFileMatcher = (globs: readonly string[] = TEST_FILES): ((path: string) => boolean) =>
  picomatch([...globs], { dot: true });
