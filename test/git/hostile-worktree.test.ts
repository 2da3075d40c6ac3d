import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commitWorktree } from '../../src/git/commit.js';
import { changedFiles, diff } from '../../src/git/diff.js';
import { reconcileWorktrees } from '../../src/git/reconcile-worktrees.js';
import { removeWorktree, type Worktree } from '../../src/git/worktree.js';
import { facts, makeRoom, worktreeAt, write, type Room } from './git-fixture.js';

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
    await wholeLife();
    expect(existsSync(ran)).toBe(false);
  });

  it('with a .git file or link that leads to such a repository', async () => {
    const elsewhere = join(room.root, 'elsewhere');
    mkdirSync(elsewhere);
    armed(elsewhere);
    writeFileSync(join(worktree.path, '.git'), `gitdir: ${elsewhere}/.git\n`);
    write(worktree.path, { '.gitattributes': '* filter=evil\n', 'a.txt': 'a' });
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
