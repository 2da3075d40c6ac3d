import picomatch from 'picomatch';
import { testGlobs, type RepositoryConfig } from '../schema/repository-config.js';

/** Whether paths are tests, as the repository says. */
export const testFileMatcher = (config: RepositoryConfig): ((path: string) => boolean) =>
  picomatch([...testGlobs(config)], { dot: true });
