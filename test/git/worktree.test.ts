import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { git } from '../../src/git/git.js';
import { reconcileWorktrees } from '../../src/git/reconcile-worktrees.js';
import { addWorktree, adminDir, listWorktrees, removeWorktree, worktreeGit } from '../../src/git/worktree.js';
import { commitOf, makeRoom, worktreeAt, type Room } from './git-fixture.js';

let room: Room;
beforeEach(async () => (room = await makeRoom()));
afterEach(() => room.remove());

describe('a worktree', () => {
  it('holds the commit, detached, and is what git itself takes for a worktree', async () => {
    const worktree = await worktreeAt(room, 'one', room.base);
    expect(readFileSync(join(worktree.path, 'src/sum.js'), 'utf8')).toContain('sum');
    expect(await git(['status', '--porcelain'], worktreeGit(room.clone, worktree))).toBe('');
    expect(await git(['worktree', 'list', '--porcelain'], { gitDir: room.clone.gitDir })).toContain(
      `worktree ${worktree.path}\nHEAD ${room.base}\ndetached`,
    );
  });

  it('is added eight at a time', async () => {
    const names = Array.from({ length: 8 }, (_, index) => `w${index}`);
    await Promise.all(names.map((name) => worktreeAt(room, name, room.base)));
    expect((await listWorktrees(room.clone)).map(({ name }) => name)).toEqual(names);
    for (const name of names) expect(existsSync(join(room.root, 'work', name, 'src/sum.js'))).toBe(true);
  });

  it('is not replaced unless that is asked for', async () => {
    const { path } = await worktreeAt(room, 'one', room.base);
    writeFileSync(join(path, 'work.txt'), 'unsaved');
    await expect(worktreeAt(room, 'one', room.base)).rejects.toMatchObject({ code: 'worktree-exists' });
    expect(existsSync(join(path, 'work.txt'))).toBe(true);

    await addWorktree(room.clone, { name: 'one', path, commit: room.base, replace: true });
    expect(existsSync(join(path, 'work.txt'))).toBe(false);
    expect(existsSync(join(path, 'README.md'))).toBe(true);
  });

  it('is refused for a commit that the clone does not have', async () => {
    await expect(worktreeAt(room, 'one', 'f'.repeat(40))).rejects.toMatchObject({ code: 'unknown-commit' });
    expect(await listWorktrees(room.clone)).toEqual([]);
  });

  it('is removed with its links, not with what they lead to, and removing it again is no error', async () => {
    const worktree = await worktreeAt(room, 'one', room.base);
    const outside = join(room.root, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'kept.txt'), '');
    symlinkSync(outside, join(worktree.path, 'link'));
    rmSync(join(worktree.path, '.git'));
    symlinkSync(outside, join(worktree.path, '.git'));

    await removeWorktree(room.clone, worktree);
    await removeWorktree(room.clone, worktree);
    expect(existsSync(worktree.path)).toBe(false);
    expect(existsSync(join(outside, 'kept.txt'))).toBe(true);
    expect(await listWorktrees(room.clone)).toEqual([]);
  });
});

describe('reconcileWorktrees', () => {
  it('removes what nobody knows, and keeps what is known, dirty or not pushed', async () => {
    await worktreeAt(room, 'known', room.base);
    await worktreeAt(room, 'forgotten', room.base);
    const gone = await worktreeAt(room, 'folder-gone', room.base);
    rmSync(gone.path, { recursive: true });
    const dirty = await worktreeAt(room, 'dirty', room.base);
    writeFileSync(join(dirty.path, 'new.txt'), '');
    const nested = await worktreeAt(room, 'nested', room.base);
    mkdirSync(join(nested.path, 'inner/.git'), { recursive: true });
    await commitOf(room, 'unpushed', { 'a.txt': 'a' });

    const { removed, kept } = await reconcileWorktrees(room.clone, new Set(['known']));
    expect(removed.map(({ name }) => name)).toEqual(['folder-gone', 'forgotten']);
    expect(kept.map(({ name, reason }) => [name, reason])).toEqual([
      ['dirty', 'dirty'],
      ['nested', 'dirty'],
      ['unpushed', 'unpushed'],
    ]);
    expect((await listWorktrees(room.clone)).map(({ name }) => name)).toEqual(['dirty', 'known', 'nested', 'unpushed']);
  });

  it('removes a worktree whose checkout a crash cut short', async () => {
    const half = await worktreeAt(room, 'half', room.base);
    rmSync(join(adminDir(room.clone, half), 'index'));
    rmSync(join(half.path, 'README.md'));
    expect((await reconcileWorktrees(room.clone, new Set())).removed).toEqual([half]);
  });
});
