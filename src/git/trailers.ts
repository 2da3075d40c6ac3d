import type { Clone } from './clone.js';
import { git, gitOutput } from './git.js';

type ReadTrailers = Readonly<Record<string, string>>;

/** The trailers of a commit; of a key that comes twice the last. */
export async function readTrailers({ gitDir }: Clone, commit: string): Promise<ReadTrailers> {
  return parse(await git(['show', '--no-patch', '--format=%(trailers:only,unfold)', commit], { gitDir }));
}

/**
 * The newest commit of a range (`base..head`) that carries all the trailers, null when none does. So a repeated
 * activity finds what it made before.
 */
export async function findCommitByTrailers(
  { gitDir }: Clone,
  range: string,
  wanted: ReadTrailers,
): Promise<string | null> {
  const needles = Object.entries(wanted).map(([key, value]) => `--grep=${key}: ${value}`);
  const format = '--format=%H%n%(trailers:only,unfold)%x00';
  const log = await gitOutput(['log', format, '--fixed-strings', '--all-match', ...needles, range, '--'], { gitDir });
  for (const entry of log.split('\0').map((text) => text.trimStart())) {
    const [commit = '', ...lines] = entry.split('\n');
    const trailers = parse(lines.join('\n'));
    if (commit !== '' && Object.entries(wanted).every(([key, value]) => trailers[key] === value)) return commit;
  }
  return null;
}

function parse(text: string): ReadTrailers {
  const pairs = text.split('\n').map((line) => /^([^:\s]+): (.*)$/.exec(line));
  return Object.fromEntries(pairs.filter((pair) => pair !== null).map(([, key = '', value = '']) => [key, value]));
}
