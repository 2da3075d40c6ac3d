import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The commands of the tutorial in the docs, in their order. */
export function tutorialCommands(): readonly string[] {
  const text = readFileSync(join(import.meta.dirname, '../../docs/tutorial.md'), 'utf8');
  return [...text.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, block]) => block!.trim().split('\n'));
}
