import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createBareRepository, seedFrom } from '../../src/git/bare-repository.js';
import { git } from '../../src/git/git.js';
import { ada, makeRoom, write, type Room } from './git-fixture.js';

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

  it('is refused with a default branch that git does not allow', async () => {
    const path = join(room.root, 'made/bad.git');
    await expect(createBareRepository(path, { defaultBranch: 'a..b' })).rejects.toMatchObject({
      code: 'branch-name-invalid',
    });
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
