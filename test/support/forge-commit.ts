import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { OWN_PUSH } from '../../src/git/protected-branches.js';

type Git = (...args: string[]) => string;

/** A commit that lands on a branch of a bare repository meanwhile, as by another merge. Returns its hash. */
export const commitTo = (bare: string, branch: string, files: Readonly<Record<string, string>>): string =>
  changeAt(bare, branch, (_git, folder) => {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
  });

/** As `commitTo`, of whatever is done in a clone. */
export function changeAt(bare: string, branch: string, change: (git: Git, folder: string) => void): string {
  const folder = mkdtempSync(join(tmpdir(), 'baton-somebody-'));
  const git: Git = (...args) =>
    execFileSync('git', ['-c', 'user.name=Somebody', '-c', 'user.email=s@example.org', ...args], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, ...OWN_PUSH },
    }).trim();
  try {
    execFileSync('git', ['clone', '-q', '--branch', branch, bare, folder]);
    change(git, folder);
    git('add', '--all');
    git('commit', '-q', '-m', 'Somebody else was here');
    git('push', '-q', 'origin', `HEAD:${branch}`);
    return git('rev-parse', 'HEAD');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
