import type { Clone } from './clone.js';
import { gitOutput } from './git.js';

const MAX_OUTPUT_BYTES = 8 * 1024 * 1024;

/** What the newest commits before and with one say, and the paths that they changed; without merges. */
export async function pastCommits(
  { gitDir }: Clone,
  commit: string,
  most: number,
): Promise<readonly { readonly message: string; readonly paths: readonly string[] }[]> {
  const args = ['-c', 'core.quotePath=false', 'log', '--no-merges', `--max-count=${most}`, '--name-only'];
  const output = await gitOutput([...args, '--format=%x00%B%x01', commit], {
    gitDir,
    maxOutputBytes: MAX_OUTPUT_BYTES,
  });
  return output
    .split('\0')
    .slice(1)
    .map((entry) => {
      const [message = '', paths = ''] = entry.split('\x01');
      return { message, paths: paths.split('\n').filter((path) => path !== '') };
    });
}
