import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { defaultBranchOf } from '../../src/forge/default-branch.js';
import { git } from '../../src/git/git.js';
import { importFrom } from '../../src/git/import-repository.js';
import { readTreeContent } from '../../src/git/tree-content.js';
import { unfilledParts } from '../../src/git/unfilled-parts.js';
import { landed, makeRoom, write, type Room } from './git-fixture.js';

let room: Room;
beforeAll(async () => (room = await makeRoom()));
afterAll(() => room.remove());

const refs = (gitDir: string) => git(['for-each-ref', '--format=%(refname) %(objectname)'], { gitDir });

const run = (cwd: string, ...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', '-c', 'protocol.file.allow=always', ...args], {
    cwd,
    encoding: 'utf8',
  }).trim();

/** A folder with a work tree whose files are committed to `main`. */
function work(name: string, files: Readonly<Record<string, string>> = { a: 'a' }, ...init: string[]): string {
  const folder = join(room.root, 'sources', name);
  mkdirSync(folder, { recursive: true });
  run(folder, 'init', '-q', '-b', 'main', ...init);
  commit(folder, files);
  return folder;
}
function commit(folder: string, files: Readonly<Record<string, string>>): void {
  write(folder, files);
  run(folder, 'add', '-A');
  run(folder, 'commit', '-qm', 'Change it');
}

let imports = 0;
/** Imports, and checks that a failure leaves nothing behind. */
async function imported(source: string, defaultBranch: string | null = null): Promise<string> {
  const parent = join(room.root, 'imports', String(++imports));
  try {
    await importFrom(join(parent, 'x.git'), source, { defaultBranch });
  } catch (error) {
    expect(readdirSync(parent)).toEqual([]);
    throw error;
  }
  return join(parent, 'x.git');
}
const headOf = (gitDir: string) => git(['symbolic-ref', 'HEAD'], { gitDir });

describe('an import', () => {
  it('takes over all branches and the default branch', async () => {
    await landed(room, 'side', { 'a.txt': 'a' }, 'side');
    await git(['symbolic-ref', 'HEAD', 'refs/heads/side'], { gitDir: room.remote });
    const path = join(room.root, 'imported.git');
    await importFrom(path, room.remote);
    await git(['symbolic-ref', 'HEAD', 'refs/heads/main'], { gitDir: room.remote });
    expect(await refs(path)).toBe(await refs(room.remote));
    expect(await git(['symbolic-ref', 'HEAD'], { gitDir: path })).toBe('refs/heads/side');
  });

  it('leaves nothing behind when an import fails, and can be imported again', async () => {
    const path = join(room.root, 'failed/again.git');
    await expect(importFrom(path, join(room.root, 'nothing'))).rejects.toMatchObject({ code: 'source-unreadable' });
    expect(readdirSync(join(room.root, 'failed'))).toEqual([]);
    await importFrom(path, room.remote);
    expect(await refs(path)).toBe(await refs(room.remote));
  });

  it('refuses a shallow clone with the command that completes it, and takes it once it is complete', async () => {
    const whole = work('whole');
    for (const text of ['b', 'c']) commit(whole, { a: text });
    const shallow = join(room.root, 'sources/shallow');
    run(room.root, 'clone', '-q', '--depth', '1', `file://${whole}`, shallow);
    await expect(imported(shallow)).rejects.toMatchObject({
      code: 'source-shallow',
      message: expect.stringContaining('run git fetch --unshallow there first') as string,
    });
    run(shallow, 'fetch', '-q', '--unshallow');
    expect(await git(['rev-list', '--count', 'main'], { gitDir: await imported(shallow) })).toBe('3');
  });

  it('refuses a repository without commits, and one in the SHA-256 object format', async () => {
    const empty = join(room.root, 'sources/empty');
    mkdirSync(empty, { recursive: true });
    run(empty, 'init', '-q');
    await expect(imported(empty)).rejects.toMatchObject({
      code: 'source-without-commits',
      message: expect.stringContaining('Make a first commit there') as string,
    });
    await expect(imported(work('sha256', { a: 'a' }, '--object-format=sha256'))).rejects.toMatchObject({
      code: 'source-sha256',
      message: expect.stringMatching(/SHA-256 object format.*Convert it to SHA-1/) as string,
    });
  });

  it('asks for the default branch where HEAD is detached or points to no branch', async () => {
    const source = work('unclear');
    run(source, 'branch', 'side');
    const asks = {
      code: 'default-branch-unclear',
      message: expect.stringMatching(/needs to know its default branch.*main, side\.$/) as string,
    };
    run(source, 'checkout', '-q', '--detach');
    await expect(imported(source)).rejects.toMatchObject(asks);
    run(source, 'symbolic-ref', 'HEAD', 'refs/heads/gone');
    await expect(imported(source)).rejects.toMatchObject(asks);
    await expect(imported(source, 'gone')).rejects.toMatchObject({
      code: 'default-branch-unknown',
      message: expect.stringContaining('main, side') as string,
    });
    expect(await headOf(await imported(source, 'side'))).toBe('refs/heads/side');
  });

  it('chooses the branch of HEAD by its full name, though a tag is called the same', async () => {
    const source = work('tagged');
    run(source, 'branch', 'origin/main');
    run(source, 'tag', 'main');
    const gitDir = await imported(source);
    expect(await headOf(gitDir)).toBe('refs/heads/main');
    expect(await defaultBranchOf(gitDir)).toBe('main');
  });

  it('refuses filters other than Git LFS in any folder', async () => {
    const attributes = { 'a/b/.gitattributes': '# vault\n"va ult/**" diff=x filter=git-crypt\n', a1: 'a' };
    await expect(imported(work('crypt', attributes))).rejects.toMatchObject({
      code: 'source-filter',
      message: expect.stringMatching(/filter=git-crypt for "va ult\/\*\*"/) as string,
    });
    const none = { '.gitattributes': '# *.x filter=x\n*.y -filter\n*.z filter=\nfilter=q text\n', f: '*.x filter=x\n' };
    const gitDir = await imported(work('no-filter', none));
    expect(await readTreeContent(gitDir, 'HEAD')).toEqual({ fileCount: 2, submodules: [], filters: [] });
  });

  it('lists files of Git LFS, submodules and the number of files', async () => {
    const source = work('content', { '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n', b: 'b' });
    run(source, 'submodule', '--quiet', 'add', work('library'), 'vendor/lib');
    mkdirSync(join(source, 'skills'));
    symlinkSync('../vendor/lib/a', join(source, 'skills/a'));
    commit(source, { c: 'c' });
    const gitDir = await imported(source);
    expect(await readTreeContent(gitDir, 'refs/heads/main')).toEqual({
      fileCount: 5,
      submodules: ['vendor/lib'],
      filters: [{ pattern: '*.bin', filter: 'lfs' }],
    });
    expect(existsSync(join(gitDir, 'modules'))).toBe(false);
    const commitId = await git(['rev-parse', 'main'], { gitDir });
    expect(await unfilledParts({ gitDir, remoteUrl: gitDir }, commitId)).toEqual({
      submodules: ['vendor/lib'],
      pointers: [],
      patterns: ['*.bin'],
    });
  });

  it('says why a source cannot be read, never with its credentials or the words of git', async () => {
    const failed = imported('https://user:hunter2@127.0.0.1:1/x.git');
    await expect(failed).rejects.toMatchObject({
      message:
        'https://127.0.0.1:1/x.git cannot be reached. Check the address, the network and the proxy of the server.',
    });
    await expect(imported(join(room.root, 'nowhere'))).rejects.toMatchObject({
      message: expect.stringContaining('holds no Git repository') as string,
    });
  });
});
