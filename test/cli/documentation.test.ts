import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, EXIT_MEANINGS } from '../../src/cli/exit-code.js';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const rowsOf = (text: string) =>
  [...text.matchAll(/^\| `?([^`|]+?)`? \| (.+) \|$/gm)].map(([, name, says]) => [name, says]);

describe('docs/operating.md', () => {
  it('has the exit codes of the command line', () => {
    const names = Object.keys(EXIT) as (keyof typeof EXIT)[];
    const documented = rowsOf(read('docs/operating.md')).filter(([name]) => /^\d+$/.test(name!));
    expect(documented).toEqual(names.map((name) => [String(EXIT[name]), EXIT_MEANINGS[name]]));
  });

  it('has every setting that is read', () => {
    const files = ['src/schema/environment.ts', 'src/workers/main.ts', 'src/cli/client/find-server.ts'];
    const setUp = ['scripts/setup/paths.mjs', 'scripts/setup/download.mjs', 'scripts/setup/chromium.mjs'];
    const known = [...files, ...setUp].flatMap((file) => read(file).match(/\bBATON_[A-Z_]+\b/g) ?? []);
    const documented = rowsOf(read('docs/operating.md')).map(([name]) => name);
    expect(documented).toEqual(expect.arrayContaining([...new Set(known)]));
  });
});
