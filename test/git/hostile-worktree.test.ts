import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commitWorktree } from '../../src/git/commit.js';
import { changedFiles, diff } from '../../src/git/diff.js';
import { git } from '../../src/git/git.js';
import { reconcileWorktrees } from '../../src/git/reconcile-worktrees.js';
import { removeWorktree, type Worktree } from '../../src/git/worktree.js';
import { writeCommit } from '../../src/git/write-commit.js';
import { asOrdinaryUser } from '../support/ordinary-user.js';
import { commitOf, facts, makeRoom, worktreeAt, write, type Room } from './git-fixture.js';

let room: Room;
let worktree: Worktree;
let ran: string;

beforeEach(async () => {
  room = await makeRoom();
  worktree = await worktreeAt(room, 'hostile', room.base);
  ran = join(room.root, 'ran');
});
afterEach(() => room.remove());

/** The settings by which a repository makes git run a program. */
function armed(folder: string): void {
  const program = join(room.root, 'program.sh');
  writeFileSync(program, `#!/bin/sh\ntouch ${ran}\ncat\n`);
  chmodSync(program, 0o755);
  execFileSync('git', ['init', '-q', folder]);
  const settings = ['core.fsmonitor', 'filter.evil.clean', 'filter.evil.smudge', 'diff.evil.textconv', 'diff.external'];
  for (const name of settings) execFileSync('git', ['-C', folder, 'config', name, program]);
  const hooks = ['pre-commit', 'post-checkout', 'post-index-change', 'reference-transaction', 'pre-push'];
  for (const hook of hooks) {
    mkdirSync(join(folder, '.git/hooks'), { recursive: true });
    symlinkSync(program, join(folder, '.git/hooks', hook));
  }
}

/** All that Baton does with a worktree in a step's life. */
async function wholeLife(): Promise<void> {
  const outcome = await commitWorktree(room.clone, worktree, facts);
  if (outcome.kind === 'committed') {
    await diff(room.clone, room.base, outcome.commit, 10_000);
    await changedFiles(room.clone, room.base, outcome.commit);
  }
  await reconcileWorktrees(room.clone, new Set());
  await removeWorktree(room.clone, worktree);
}

/** Baton runs no filter: it takes no content that one would have to change. */
const UNFILTERED = { code: 'unfiltered-content' };

describe('a hostile worktree runs nothing outside the sandbox', () => {
  it('whose arms work against a plain git', () => {
    rmSync(join(worktree.path, '.git'));
    armed(worktree.path);
    execFileSync('git', ['-C', worktree.path, 'status'], { stdio: 'ignore' });
    expect(existsSync(ran)).toBe(true);
  });

  it('with a repository in the place of its .git', async () => {
    rmSync(join(worktree.path, '.git'));
    armed(worktree.path);
    write(worktree.path, { '.gitattributes': '* filter=evil diff=evil merge=evil\n', 'a.txt': 'a' });
    await expect(commitWorktree(room.clone, worktree, facts)).rejects.toMatchObject(UNFILTERED);
    write(worktree.path, { '.gitattributes': '* diff=evil merge=evil\n' });
    await wholeLife();
    expect(existsSync(ran)).toBe(false);
  });

  it('with a .git file or link that leads to such a repository', async () => {
    const elsewhere = join(room.root, 'elsewhere');
    mkdirSync(elsewhere);
    armed(elsewhere);
    writeFileSync(join(worktree.path, '.git'), `gitdir: ${elsewhere}/.git\n`);
    write(worktree.path, { '.gitattributes': '* filter=evil\n', 'a.txt': 'a' });
    await expect(commitWorktree(room.clone, worktree, facts)).rejects.toMatchObject(UNFILTERED);
    write(worktree.path, { '.gitattributes': '* diff=evil\n' });
    expect(await commitWorktree(room.clone, worktree, facts)).toMatchObject({ kind: 'committed', files: 2 });
    rmSync(join(worktree.path, '.git'));
    symlinkSync(join(elsewhere, '.git'), join(worktree.path, '.git'));
    await wholeLife();
    expect(existsSync(ran)).toBe(false);
  });

  it.each(['inner', 'deep/er/inner', 'node_modules/inner'])(
    'with a nested repository %s, which fails the step',
    async (path) => {
      mkdirSync(join(worktree.path, path), { recursive: true });
      armed(join(worktree.path, path));
      await expect(commitWorktree(room.clone, worktree, facts)).rejects.toMatchObject({
        code: 'nested-repository',
        details: { paths: [path] },
      });
      await reconcileWorktrees(room.clone, new Set());
      expect(existsSync(ran)).toBe(false);
    },
  );

  it('with a .git file or a .GIT folder further down', async () => {
    write(worktree.path, { 'a/.git': 'gitdir: /elsewhere\n', 'b/.GIT/config': '' });
    await expect(commitWorktree(room.clone, worktree, facts)).rejects.toMatchObject({ details: { paths: ['a', 'b'] } });
  });

  it('but may have repositories in node_modules that it ignores', async () => {
    write(worktree.path, { '.gitignore': 'node_modules/\n' });
    mkdirSync(join(worktree.path, 'node_modules/inner'), { recursive: true });
    armed(join(worktree.path, 'node_modules/inner'));
    await wholeLife();
    expect(existsSync(ran)).toBe(false);
  });

  it.each(['.venv/src/inner', 'deep/er/target/inner', ':(bad)/inner', '[a-z]/inner'])(
    'but may have them in whatever else it ignores: %s',
    async (path) => {
      write(worktree.path, { '.gitignore': '.venv\ntarget/\n/:(bad)\n/\\[a-z\\]\n', 'a.txt': 'a' });
      mkdirSync(join(worktree.path, path), { recursive: true });
      armed(join(worktree.path, path));
      await wholeLife();
      expect(existsSync(ran)).toBe(false);
    },
  );

  it.each(['kept/inner', ':!kept/inner', 'tracked/inner'])(
    'nor may it where git looks although a pattern is there: %s',
    async (path) => {
      await removeWorktree(room.clone, worktree);
      const base = await commitOf(room, 'before', { 'tracked/inner/file': 'x' });
      worktree = await worktreeAt(room, 'hostile', base);
      write(worktree.path, { '.gitignore': 'tracked\n*kept\n!*kept\n' });
      mkdirSync(join(worktree.path, path), { recursive: true });
      armed(join(worktree.path, path));
      await expect(commitWorktree(room.clone, worktree, facts)).rejects.toMatchObject({ details: { paths: [path] } });
      expect(existsSync(ran)).toBe(false);
    },
  );

  it('with a folder whose name is no text: the repository in it is found, the files in it are committed', async () => {
    const folder = Buffer.concat([Buffer.from(`${worktree.path}/`), Buffer.from([0x61, 0xff])]);
    mkdirSync(Buffer.concat([folder, Buffer.from('/.git')]), { recursive: true });
    await expect(commitWorktree(room.clone, worktree, facts)).rejects.toMatchObject({
      details: { paths: ['a\ufffd'] },
    });
    rmSync(Buffer.concat([folder, Buffer.from('/.git')]), { recursive: true });
    writeFileSync(Buffer.concat([folder, Buffer.from('/file')]), 'x');
    expect(await commitWorktree(room.clone, worktree, facts)).toMatchObject({ kind: 'committed', files: 1 });
  });

  it('with folders that it closed: they are looked into, and removed', async () => {
    write(worktree.path, { 'closed/inner/.git': 'gitdir: /elsewhere\n' });
    chmodSync(join(worktree.path, 'closed/inner'), 0o100);
    chmodSync(join(worktree.path, 'closed'), 0);
    await asOrdinaryUser(room.root, async () => {
      await expect(commitWorktree(room.clone, worktree, facts)).rejects.toMatchObject({
        details: { paths: ['closed/inner'] },
      });
      chmodSync(join(worktree.path, 'closed'), 0o555);
      await removeWorktree(room.clone, worktree);
    });
    expect(existsSync(worktree.path)).toBe(false);
  });

  it('with a submodule of the repository, filled or not, and folders in it', async () => {
    await removeWorktree(room.clone, worktree);
    const seed = await worktreeAt(room, 'seed', room.base);
    const options = { gitDir: join(room.clone.gitDir, 'worktrees/seed'), workTree: seed.path };
    await git(['update-index', '--add', '--cacheinfo', `160000,${room.base},sub`], options);
    const tree = await git(['write-tree'], options);
    worktree = await worktreeAt(room, 'hostile', await writeCommit(room.clone, tree, [room.base], facts));
    write(worktree.path, { 'a.txt': 'a', 'sub/folder/file': 'x' });
    expect(await commitWorktree(room.clone, worktree, facts)).toMatchObject({ kind: 'committed', files: 1 });
    armed(join(worktree.path, 'sub'));
    await expect(commitWorktree(room.clone, worktree, facts)).rejects.toMatchObject({ details: { paths: ['sub'] } });
    expect(existsSync(ran)).toBe(false);
  });

  it('even if it got hooks and a file system monitor into the clone itself', async () => {
    const program = join(room.root, 'program.sh');
    armed(join(room.root, 'elsewhere'));
    execFileSync('git', ['--git-dir', room.clone.gitDir, 'config', 'core.fsmonitor', program]);
    mkdirSync(join(room.clone.gitDir, 'hooks'));
    for (const hook of ['post-index-change', 'reference-transaction']) {
      symlinkSync(program, join(room.clone.gitDir, 'hooks', hook));
    }
    rmSync(ran, { force: true });
    write(worktree.path, { 'a.txt': 'a' });
    await wholeLife();
    expect(existsSync(ran)).toBe(false);
  });

  it('with a link to a secret: the link is committed, not what it leads to', async () => {
    writeFileSync(join(room.root, 'secret'), 'hunter2');
    symlinkSync(join(room.root, 'secret'), join(worktree.path, 'link'));
    const outcome = await commitWorktree(room.clone, worktree, facts);
    if (outcome.kind !== 'committed') throw new Error('unchanged');
    expect(await diff(room.clone, room.base, outcome.commit, 10_000)).not.toContain('hunter2');
  });
});
