import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createBareRepository, importFrom, seedFrom } from '../../src/git/bare-repository.js';
import { git } from '../../src/git/git.js';
import { ada, landed, makeRoom, write, type Room } from './git-fixture.js';

let room: Room;
beforeAll(async () => (room = await makeRoom()));
afterAll(() => room.remove());

const refs = (gitDir: string) => git(['for-each-ref', '--format=%(refname) %(objectname)'], { gitDir });

describe('a bare repository', () => {
  it('is created empty, and left alone when it is there', async () => {
    const path = join(room.root, 'made/empty.git');
    await createBareRepository(path, { defaultBranch: 'trunk' });
    await createBareRepository(path, { defaultBranch: 'other' });
    expect(await git(['symbolic-ref', 'HEAD'], { gitDir: path })).toBe('refs/heads/trunk');
  });

  it('is imported with its branches and its default branch', async () => {
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
    await expect(importFrom(path, join(room.root, 'nothing'))).rejects.toMatchObject({ code: 'git-failed' });
    expect(readdirSync(join(room.root, 'failed'))).toEqual([]);
    await importFrom(path, room.remote);
    expect(await refs(path)).toBe(await refs(room.remote));
  });

  it('is seeded with a folder, the same commit every time, without what the folder ignores', async () => {
    const folder = join(room.root, 'plain');
    write(folder, { 'index.js': '', 'node_modules/x/index.js': '', '.gitignore': 'node_modules/\n' });
    const seed = { message: 'Begin', author: ada, dateMs: 0 };
    const paths = ['s1.git', 's2.git'].map((name) => join(room.root, name));
    for (const path of paths) await seedFrom(path, folder, seed);
    expect(await refs(paths[0]!)).toBe(await refs(paths[1]!));
    expect(await git(['ls-tree', '-r', '--name-only', 'main'], { gitDir: paths[0]! })).toBe('.gitignore\nindex.js');
    expect(readdirSync(folder).sort()).toEqual(['.gitignore', 'index.js', 'node_modules']);
  });
});
