import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commitWorktree, snapshotWorktree } from '../../src/git/commit.js';
import { changedFiles } from '../../src/git/diff.js';
import { git } from '../../src/git/git.js';
import { worktreeGit } from '../../src/git/worktree.js';
import { facts, makeRoom, worktreeAt, write, type Room } from './git-fixture.js';

const SECRET = 'the-key-that-nobody-sees';
const LARGE = 9 * 1024 * 1024;
const guarded = { ...facts, holdsSecret: (content: Buffer) => content.includes(SECRET) };

let room: Room;
beforeEach(async () => (room = await makeRoom({ 'a.txt': 'a\n', 'old.txt': `${SECRET} of old\n` })));
afterEach(() => room.remove());

const everything = () => git(['cat-file', '--batch', '--batch-all-objects'], { gitDir: room.clone.gitDir });

describe('a worktree whose files hold a secret', () => {
  it.each<readonly [what: string, path: string, leave: (path: string) => void]>([
    ['in a text', 'b.txt', (path) => writeFileSync(path, `it is ${SECRET}.\n`)],
    ['between bytes', 'b.bin', (path) => writeFileSync(path, Buffer.from(`\0\xff\n${SECRET}\0\xfe`, 'latin1'))],
    ['far within', 'b.bin', (path) => writeFileSync(path, `${'x'.repeat(LARGE)}${SECRET}${'y'.repeat(LARGE)}`)],
    ['where a link leads', 'b', (path) => symlinkSync(SECRET, path)],
    ['in a name', `${SECRET}.txt`, (path) => writeFileSync(path, 'nothing')],
  ])('is not committed: %s', async (_, path, leave) => {
    const worktree = await worktreeAt(room, 'one', room.base);
    write(worktree.path, { 'fine.txt': 'fine\n' });
    leave(join(worktree.path, path));
    await expect(commitWorktree(room.clone, worktree, guarded)).rejects.toMatchObject({
      code: 'secret-in-change',
      details: { paths: [path] },
    });
    expect((await everything()).split(SECRET)).toHaveLength(2);
    // It is found again where it is left, and nothing is in the way where it is not.
    const { commit, leftOut } = await snapshotWorktree(room.clone, worktree, { ...guarded, parent: room.base });
    expect(leftOut).toEqual([path]);
    const kept = await changedFiles(room.clone, room.base, commit!);
    expect(kept.map((file) => file.path)).toEqual(['fine.txt']);
    await git(['clean', '-fdqx', '--', path], worktreeGit(room.clone, worktree));
    expect(existsSync(join(worktree.path, path))).toBe(false);
    expect(await commitWorktree(room.clone, worktree, guarded)).toMatchObject({ kind: 'committed', files: 1 });
  });

  it('is kept without what was written into a file that was there, which is as it was', async () => {
    const worktree = await worktreeAt(room, 'one', room.base);
    write(worktree.path, { 'a.txt': `${SECRET}\n`, 'fine.txt': 'fine\n' });
    const { commit, leftOut } = await snapshotWorktree(room.clone, worktree, { ...guarded, parent: room.base });
    expect(leftOut).toEqual(['a.txt']);
    expect(await git(['show', `${commit!}:a.txt`], { gitDir: room.clone.gitDir })).toBe('a');
    expect((await everything()).split(SECRET)).toHaveLength(2);
  });

  it('is committed where the secret was there before, in a file that nobody touched', async () => {
    const worktree = await worktreeAt(room, 'one', room.base);
    write(worktree.path, { 'a.txt': 'another\n' });
    expect(await commitWorktree(room.clone, worktree, guarded)).toMatchObject({ kind: 'committed', files: 1 });
  });

  it('keeps what the clone has of it: a copy of an old file is refused, the old one stays', async () => {
    const worktree = await worktreeAt(room, 'one', room.base);
    write(worktree.path, { 'copy.txt': `${SECRET} of old\n` });
    await expect(commitWorktree(room.clone, worktree, guarded)).rejects.toMatchObject({
      details: { paths: ['copy.txt'] },
    });
    expect(await git(['show', `${room.base}:old.txt`], { gitDir: room.clone.gitDir })).toBe(`${SECRET} of old`);
  });
});
