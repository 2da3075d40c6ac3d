import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fetchClone, resolveCommit } from '../../src/git/clone.js';
import { commitWorktree } from '../../src/git/commit.js';
import { equipWithThrowAwayGit, objectsOf } from '../../src/git/throw-away-git.js';
import { createExecutor, execute } from '../../src/sandbox/execute.js';
import { WORKING_LIMITS } from '../../src/sandbox/limits/limits.js';
import type { Network, SandboxPolicy } from '../../src/sandbox/policy.js';
import { commitOf, facts, landed, makeRoom, worktreeAt, type Room } from './git-fixture.js';

let room: Room;
beforeEach(async () => (room = await makeRoom()));
afterEach(() => room.remove());

const script = `git status --porcelain; echo edited >> README.md; git diff --stat; git log --format=%s;
  git add -A && git commit -qm mine && git log --format=%s; git remote; git worktree list | wc -l`;
const expected = ' README.md | 1 +\n 1 file changed, 1 insertion(+)\nBegin\nmine\nBegin\n1\n';

function policyFor(path: string, readOnly: { source: string; target: string }[] = []): SandboxPolicy {
  const home = join(room.root, 'home');
  mkdirSync(home, { recursive: true });
  const workspace = { path, writable: true };
  return {
    kind: 'sandbox',
    workspace,
    home,
    network: 'none',
    limits: { ...WORKING_LIMITS, memoryBytes: 512 * 1024 * 1024 },
    readOnly,
  };
}

describe('the throw-away git of an agent', () => {
  it('works in the sandbox, and nothing of it reaches the clone but the files', async () => {
    const worktree = await worktreeAt(room, 'one', room.base);
    const bind = await equipWithThrowAwayGit(room.clone, worktree);
    const result = await execute({ argv: ['sh', '-c', script], timeoutMs: 20_000 }, policyFor(worktree.path, [bind]));
    expect(result).toMatchObject({ stdout: expected });

    const git = (...args: string[]) =>
      execFileSync('git', ['--git-dir', join(worktree.path, '.git'), ...args], { encoding: 'utf8' }).trim();
    const own = readFileSync(join(worktree.path, '.git/HEAD'), 'utf8').trim();
    expect(git('config', 'user.name')).toBe('Agent');
    expect(await resolveCommit(room.clone, own)).toBeNull();
    expect(await commitWorktree(room.clone, worktree, facts)).toMatchObject({ kind: 'committed', files: 1 });
  });

  it.each<[string, Network]>([
    ['no network', 'none'],
    ['a list of hosts', { allow: ['example.com:443'] }],
    ["the host's network", 'host'],
  ])('compares a change with the default branch, with %s', async (_what, network) => {
    const change = await commitOf(room, 'change', { 'src/sum.js': 'export const sum = (...all) => all.length;\n' });
    const newer = await landed(room, 'newer', { 'NEWS.md': 'news\n' }, 'main');
    await fetchClone(room.clone);
    const worktree = await worktreeAt(room, 'one', change);
    const bind = await equipWithThrowAwayGit(room.clone, worktree, { branches: [{ name: 'main', commit: newer }] });
    const look = `git diff --name-only main...HEAD; git log --format=%s -1 origin/main; git log --format=%s main..HEAD;
      git show --format=%s --name-only HEAD; git status --porcelain | wc -l`;
    const policy = { ...policyFor(worktree.path, [bind]), network } as SandboxPolicy;
    const result = await execute({ argv: ['sh', '-c', look], timeoutMs: 20_000 }, policy);
    expect(result.stdout).toBe('src/sum.js\nChange it\nChange it\nChange it\n\nsrc/sum.js\n0\n');
  });

  it('works without a sandbox on the real path of the objects', async () => {
    const worktree = await worktreeAt(room, 'one', room.base);
    await equipWithThrowAwayGit(room.clone, worktree, { objectsPath: objectsOf(room.clone) });
    const result = await createExecutor({ isolation: 'off' })(
      { argv: ['sh', '-c', script], timeoutMs: 20_000 },
      policyFor(worktree.path),
    );
    expect(result).toMatchObject({ stdout: expected });
  });

  it('cannot write the objects of the clone', async () => {
    const worktree = await worktreeAt(room, 'one', room.base);
    const bind = await equipWithThrowAwayGit(room.clone, worktree);
    const write = 'touch /opt/git/objects/x || echo refused; rm -rf /opt/git/objects/* || echo refused';
    const result = await execute({ argv: ['sh', '-c', write], timeoutMs: 20_000 }, policyFor(worktree.path, [bind]));
    expect(result.stdout).toBe('refused\nrefused\n');
    expect(await resolveCommit(room.clone, room.base)).toBe(room.base);
  });

  it('is made anew over whatever an earlier attempt left', async () => {
    const worktree = await worktreeAt(room, 'one', room.base);
    await equipWithThrowAwayGit(room.clone, worktree);
    writeFileSync(join(worktree.path, '.git/config'), '[core]\n\tfsmonitor = evil\n');
    await equipWithThrowAwayGit(room.clone, worktree);
    expect(readFileSync(join(worktree.path, '.git/config'), 'utf8')).not.toContain('evil');
  });
});
