import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The file of a program of Baton's own: as it was built, or, where Baton runs from its sources, for Node to strip of its types. */
export const programFile = (folder: string, name: string): string =>
  existsSync(join(folder, `${name}.mjs`)) ? `${name}.mjs` : `${name}.mts`;
