import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A public repository as it was at a commit, and the program that works in it. */
export interface PublicRepository {
  readonly name: string;
  /** What it is here for. */
  readonly kind: string;
  readonly program: 'claude' | 'codex' | 'opencode';
  /** Whether every run of the tests takes it to its merge; else `npm run test:repositories` only. */
  readonly isInSuite: boolean;
  /** An archive beside this file, or a folder of the machine; see archives/README.md. */
  readonly source: { readonly archive: string } | { readonly folder: string };
}

export const REPOSITORIES: readonly PublicRepository[] = [
  { name: 'vary', kind: 'npm', program: 'codex', isInSuite: true, source: { archive: 'vary' } },
  { name: 'p-limit', kind: 'npm', program: 'claude', isInSuite: false, source: { archive: 'p-limit' } },
  { name: 'pflag', kind: 'Go', program: 'claude', isInSuite: false, source: { archive: 'pflag' } },
  { name: 'itoa', kind: 'Rust', program: 'opencode', isInSuite: false, source: { archive: 'itoa' } },
  {
    name: 'case-police',
    kind: 'pnpm workspace',
    program: 'claude',
    isInSuite: false,
    source: { archive: 'case-police' },
  },
  {
    name: 'itsdangerous',
    kind: 'Python with uv',
    program: 'codex',
    isInSuite: false,
    source: { archive: 'itsdangerous' },
  },
  { name: 'commons-cli', kind: 'Maven', program: 'opencode', isInSuite: false, source: { archive: 'commons-cli' } },
];

const AUTHOR = ['-c', 'user.name=Maya', '-c', 'user.email=maya@example.org'];

/** Makes a repository of its own with what an archive holds, as somebody has it who cloned it. */
export function checkOut({ name, source }: PublicRepository): string {
  if ('folder' in source) return source.folder;
  const folder = join(mkdtempSync(join(tmpdir(), 'baton-public-')), name);
  mkdirSync(folder);
  execFileSync('tar', ['-xzf', join(import.meta.dirname, 'archives', `${source.archive}.tar.gz`), '-C', folder]);
  const git = (...args: string[]) => execFileSync('git', ['-C', folder, ...AUTHOR, ...args]);
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all', '--force');
  git('commit', '--quiet', '--message', `${name} as it was published`);
  return folder;
}
