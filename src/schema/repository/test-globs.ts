import picomatch from 'picomatch';
import { DEFAULT_TESTS } from '../repository-config.js';
import type { RepositoryFiles } from './repository-files.js';

/** Tests that some projects keep where the default globs do not look, by glob. */
const UNUSUAL = ['**/*Test.{java,kt}', '**/*Tests.{java,kt}'];

/** The default globs with those that this repository needs beside them; undefined where the defaults are enough. */
export function testGlobsBeside({ paths }: RepositoryFiles): string[] | undefined {
  const isKnown = picomatch([...DEFAULT_TESTS], { dot: true });
  const needed = UNUSUAL.filter((glob) => {
    const matches = picomatch(glob, { dot: true });
    return paths.some((path) => matches(path) && !isKnown(path));
  });
  return needed.length === 0 ? undefined : [...DEFAULT_TESTS, ...needed];
}
