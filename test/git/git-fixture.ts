import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { seedFrom } from '../../src/git/bare-repository.js';
import { branchHead, fetchClone, openClone, type Clone } from '../../src/git/clone.js';
import { commitWorktree } from '../../src/git/commit.js';
import { push } from '../../src/git/push.js';
import { addWorktree, type Worktree } from '../../src/git/worktree.js';
import type { CommitFacts } from '../../src/git/write-commit.js';

export const ada = { name: 'Ada', email: 'ada@example.org' };
export const facts = {
  message: 'Change it',
  trailers: { 'Baton-Run': 'run-1', 'Baton-Step': 'implement', 'Baton-Attempt': '1' },
  author: ada,
  dateMs: Date.UTC(2026, 0, 2),
} satisfies CommitFacts;

export interface Room {
  readonly root: string;
  /** The bare repository that plays the forge. */
  readonly remote: string;
  readonly clone: Clone;
  /** The remote's first commit, on `main`. */
  readonly base: string;
  readonly remove: () => void;
}

export const FILES = { 'README.md': 'one\ntwo\nthree\n', 'src/sum.js': 'export const sum = (a, b) => a + b;\n' };

/** A remote with one commit and a fetched clone of it, in a temporary folder. */
export async function makeRoom(files: Readonly<Record<string, string>> = FILES): Promise<Room> {
  const root = mkdtempSync(join(tmpdir(), 'baton-git-'));
  const remote = join(root, 'remote.git');
  write(join(root, 'seed'), files);
  await seedFrom(remote, join(root, 'seed'), { message: 'Begin', author: ada, dateMs: 0 });
  const clone = await openClone(join(root, 'clones'), 'demo', remote);
  await fetchClone(clone);
  const base = (await branchHead(clone, 'main'))!;
  return { root, remote, clone, base, remove: () => rmSync(root, { recursive: true, force: true }) };
}

export function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

export function worktreeAt({ root, clone }: Room, name: string, commit: string): Promise<Worktree> {
  return addWorktree(clone, { name, path: join(root, 'work', name), commit });
}

/** A commit that writes some files on top of another; no ref holds it. */
export async function commitOf(
  room: Room,
  name: string,
  files: Readonly<Record<string, string>>,
  parent = room.base,
  more: Partial<CommitFacts> = {},
): Promise<string> {
  const worktree = await worktreeAt(room, name, parent);
  write(worktree.path, files);
  const outcome = await commitWorktree(room.clone, worktree, { ...facts, ...more });
  if (outcome.kind === 'unchanged') throw new Error('the fixture changed nothing');
  return outcome.commit;
}

/** As somebody else would: a commit that lands on a branch of the remote. */
export async function landed(
  room: Room,
  name: string,
  files: Readonly<Record<string, string>>,
  branch: string,
  parent = room.base,
): Promise<string> {
  const commit = await commitOf(room, name, files, parent);
  const pushed = await push(room.clone, commit, `refs/heads/${branch}`);
  if (pushed.kind !== 'pushed') throw new Error('the fixture could not push');
  return commit;
}
