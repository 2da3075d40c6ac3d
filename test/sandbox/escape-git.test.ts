import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { commitWorktree } from '../../src/git/commit.js';
import { changedFiles, diff } from '../../src/git/diff.js';
import { git } from '../../src/git/git.js';
import { reconcileWorktrees } from '../../src/git/reconcile-worktrees.js';
import { equipWithThrowAwayGit } from '../../src/git/throw-away-git.js';
import { removeWorktree, worktreeGit, type Worktree } from '../../src/git/worktree.js';
import { execute } from '../../src/sandbox/execute.js';
import { WORKING_LIMITS } from '../../src/sandbox/limits/limits.js';
import type { SandboxedPolicy } from '../../src/sandbox/policy.js';
import { facts, makeRoom, worktreeAt, type Room } from '../git/git-fixture.js';
import { shell } from './sandbox-fixture.js';

let room: Room;
let worktree: Worktree;
let policy: SandboxedPolicy;
let ran: string;
beforeEach(async () => {
  room = await makeRoom();
  worktree = await worktreeAt(room, 'hostile', room.base);
  ran = join(room.root, 'ran');
  const home = join(room.root, 'home');
  mkdirSync(home);
  const objects = await equipWithThrowAwayGit(room.clone, worktree);
  policy = {
    kind: 'sandbox',
    workspace: { path: worktree.path, writable: true },
    home,
    network: 'none',
    limits: WORKING_LIMITS,
    readOnly: [objects],
  };
});
afterEach(() => room.remove());

/** All that Baton does with a worktree after an agent. Gives the code of what it refused. */
async function wholeLife(): Promise<string | null> {
  try {
    const outcome = await commitWorktree(room.clone, worktree, facts);
    if (outcome.kind === 'committed') {
      await diff(room.clone, room.base, outcome.commit, 10_000);
      await changedFiles(room.clone, room.base, outcome.commit);
    }
    return null;
  } catch (error) {
    return (error as { code: string }).code;
  } finally {
    await git(['status', '--porcelain'], worktreeGit(room.clone, worktree));
    await reconcileWorktrees(room.clone, new Set([worktree.name]));
  }
}

/** What somebody would do who trusts what lies there. */
function trustfully(...commands: readonly string[]): void {
  const environment = {
    PATH: process.env['PATH'],
    HOME: room.root,
    GIT_PAGER: 'cat',
    // Where the agent's own repository finds what was there before, inside.
    GIT_ALTERNATE_OBJECT_DIRECTORIES: policy.readOnly![0]!.source,
  };
  const config = [
    '-c',
    'user.name=x',
    '-c',
    'user.email=x@localhost',
    '-c',
    'safe.directory=*',
    '-c',
    'protocol.file.allow=always',
  ];
  for (const command of commands)
    try {
      execFileSync('git', [...config, '-C', worktree.path, ...command.split(' ')], {
        env: environment,
        stdio: 'ignore',
        timeout: 10_000,
      });
    } catch {
      // Whether it ends well does not count, only what it ran.
    }
}

const evil = (): string =>
  `printf '#!/bin/sh\\ntouch ${ran}\\n' > evil.sh; chmod +x evil.sh; E=${worktree.path}/evil.sh;`;

const TRICKS: Readonly<Record<string, { readonly script: () => string; readonly trusting: readonly string[] }>> = {
  'core.fsmonitor': { script: () => 'git config core.fsmonitor $E', trusting: ['status'] },
  'a hook': {
    script: () =>
      'mkdir -p .git/hooks; for h in pre-commit post-index-change post-checkout; do cp evil.sh .git/hooks/$h; done',
    trusting: ['add -A', 'commit -m x'],
  },
  'core.hooksPath': {
    script: () => 'mkdir hooks; cp evil.sh hooks/pre-commit; git config core.hooksPath hooks',
    trusting: ['add -A', 'commit -m x'],
  },
  'a filter': {
    script: () => 'git config filter.evil.clean $E; echo "* filter=evil" > .gitattributes; echo x > a.txt',
    trusting: ['add -A'],
  },
  'a filter of long duration': {
    script: () =>
      'git config filter.evil.process $E; git config filter.evil.required true; echo "* filter=evil" > .gitattributes; echo x > a.txt',
    trusting: ['add -A'],
  },
  'diff.external': { script: () => 'git config diff.external $E; echo x >> README.md', trusting: ['diff HEAD'] },
  'a text conversion': {
    script: () => 'git config diff.evil.textconv $E; echo "* diff=evil" > .gitattributes; echo x >> README.md',
    trusting: ['diff HEAD'],
  },
  'an editor': { script: () => 'git config core.editor $E; echo x > a.txt', trusting: ['add -A', 'commit'] },
  'a program that signs': {
    script: () => 'git config gpg.program $E; git config commit.gpgSign true; echo x > a.txt',
    trusting: ['add -A', 'commit -m x'],
  },
  'an included configuration': {
    script: () => 'printf "[core]\\n\\tfsmonitor = $E\\n" > conf; git config include.path ../conf',
    trusting: ['status'],
  },
  'an alias': { script: () => 'git config alias.st "!$E"', trusting: ['st'] },
  'a remote with a helper': {
    script: () => 'git config protocol.ext.allow always; git remote add origin "ext::$E"',
    trusting: ['fetch origin'],
  },
  'a remote by ssh': {
    script: () => 'git config core.sshCommand $E; git remote add origin ssh://localhost/x',
    trusting: ['fetch origin'],
  },
  'a .git that is a file and leads elsewhere': {
    script: () => 'git config core.fsmonitor $E; mv .git /workspace/elsewhere; echo "gitdir: elsewhere" > .git',
    trusting: ['status'],
  },
  'a .git that is a link': {
    script: () => 'git config core.fsmonitor $E; mv .git elsewhere; ln -s elsewhere .git',
    trusting: ['status'],
  },
  'a repository inside': {
    script: () =>
      'git init -q inner; cd inner; git config core.fsmonitor $E; git -c user.name=x -c user.email=x -c core.fsmonitor= commit -q --allow-empty -m x',
    trusting: ['-C inner status'],
  },
};

describe('an agent cannot have Baton run a program by its .git:', () => {
  it.each(Object.entries(TRICKS))('%s', async (_what, { script, trusting }) => {
    const armed = await execute(shell(`${evil()} ${script()}`), policy);
    expect(armed.exitCode).toBe(0);
    rmSync(ran, { force: true });
    await wholeLife();
    expect(existsSync(ran)).toBe(false);
    trustfully(...trusting);
    expect(existsSync(ran)).toBe(true);
  });
});

describe('an agent cannot bring in by its .git', () => {
  it('a repository: it is refused', async () => {
    await execute(shell('git init -q inner; echo x > inner/file'), policy);
    expect(await wholeLife()).toBe('nested-repository');
    rmSync(join(worktree.path, 'inner/.git'), { recursive: true });
    expect(await wholeLife()).toBeNull();
  });

  it('a submodule that names a program, or a place on the host', async () => {
    const script = `printf '[submodule "s"]\\n\\tpath = s\\n\\turl = ${room.clone.gitDir}\\n\\tupdate = !touch ${ran}\\n' > .gitmodules; mkdir -p s; git update-index --add --cacheinfo 160000,${room.base},s`;
    await execute(shell(script), policy);
    expect(await wholeLife()).toBeNull();
    expect(existsSync(ran)).toBe(false);
    // A file like any other: nothing is fetched for it, and no submodule comes of what the agent has in its index.
    const tree = await git(['ls-tree', '-r', await git(['rev-parse', 'HEAD'], worktreeGit(room.clone, worktree))], {
      gitDir: room.clone.gitDir,
    });
    expect(tree).toContain('.gitmodules');
    expect(tree).not.toContain('160000');
    const trusted = execFileSync('git', ['-C', worktree.path, '-c', 'safe.directory=*', 'ls-files', '-s']);
    expect(trusted.toString()).toContain('160000');
  });

  it('objects of another repository by alternates', async () => {
    const other = await makeRoom();
    const foreign = await git(
      ['rev-parse', 'HEAD'],
      worktreeGit(other.clone, await worktreeAt(other, 'w', other.base)),
    );
    const script = `echo ${other.clone.gitDir}/objects > .git/objects/info/alternates; echo ${foreign} > .git/HEAD; echo x > a.txt`;
    await execute(shell(script), policy);
    expect(await wholeLife()).toBeNull();
    const alternates = join(room.clone.gitDir, 'objects/info/alternates');
    expect(existsSync(alternates)).toBe(false);
    const parent = await git(['rev-parse', 'HEAD^'], worktreeGit(room.clone, worktree));
    expect(parent).toBe(room.base);
    other.remove();
  });

  it('objects into the clone, which it only reads', async () => {
    const before = await git(['count-objects'], { gitDir: room.clone.gitDir });
    const write = shell(
      'touch /opt/git/objects/x; echo new | GIT_OBJECT_DIRECTORY=/opt/git/objects git hash-object -w --stdin',
    );
    const refused = await execute(write, policy);
    expect(refused.exitCode).not.toBe(0);
    expect(await git(['count-objects'], { gitDir: room.clone.gitDir })).toBe(before);
    const [objects] = policy.readOnly!;
    const writable = { ...policy, readOnly: [], workspace: { path: objects!.source, writable: true } };
    const open = shell(
      'echo new | GIT_OBJECT_DIRECTORY=/workspace GIT_DIR=/tmp/x sh -c "git init -q --bare /tmp/x; git hash-object -w --stdin"',
    );
    expect((await execute(open, writable)).exitCode).toBe(0);
    expect(await git(['count-objects'], { gitDir: room.clone.gitDir })).not.toBe(before);
  });

  it('a branch or a tag: what it commits stays in its own .git', async () => {
    const script = 'echo x > a.txt; git add -A; git commit -qm own; git branch -f main HEAD; git tag evil';
    expect((await execute(shell(script), policy)).exitCode).toBe(0);
    const refs = await git(['for-each-ref', '--format=%(refname) %(objectname)'], { gitDir: room.clone.gitDir });
    expect(refs).not.toContain('evil');
    const own = execFileSync('git', ['-C', worktree.path, '-c', 'safe.directory=*', 'tag']).toString();
    expect(own).toBe('evil\n');
    await removeWorktree(room.clone, worktree);
  });
});
