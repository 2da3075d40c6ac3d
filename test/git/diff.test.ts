import { changedFiles, diff } from '../../src/git/diff.js';
import { git } from '../../src/git/git.js';
import { mergeBase } from '../../src/git/merge-base.js';
import { readFileAt } from '../../src/git/read-file-at.js';
import { commitOf, FILES, makeRoom, type Room } from './git-fixture.js';

let room: Room;
let commit: string;
beforeAll(async () => {
  room = await makeRoom();
  commit = await commitOf(room, 'one', { 'README.md': 'one\n2\nthree\n', 'odd\tname\n.txt': 'x\n', bin: '\0\x01' });
});
afterAll(() => room.remove());

describe('diff', () => {
  it('is unified text, cut where it is too long', async () => {
    expect(await diff(room.clone, room.base, commit, 10_000)).toContain('-two\n+2\n');
    expect(await diff(room.clone, room.base, commit, 50)).toMatch(/^diff --git[^]*\[Baton cut the output here/);
  });
});

describe('changedFiles', () => {
  it('counts lines, also of files with odd names and of binary ones', async () => {
    expect(await changedFiles(room.clone, room.base, commit)).toEqual([
      { path: 'README.md', status: 'modified', added: 1, removed: 1 },
      { path: 'bin', status: 'added', added: null, removed: null },
      { path: 'odd\tname\n.txt', status: 'added', added: 1, removed: 0 },
    ]);
  });
});

describe('what became of a file', () => {
  it('is said of every kind, also of a submodule that points somewhere else', async () => {
    const { clone, base } = room;
    const { gitDir } = clone;
    const blob = await git(['hash-object', '-w', '--stdin'], { gitDir, input: 'README.md' });
    const tree = (entries: string) => git(['mktree', '-z', '--missing'], { gitDir, input: entries });
    const file = (mode: string, id: string, name: string) =>
      `${mode} ${mode === '160000' ? 'commit' : 'blob'} ${id}\t${name}\0`;
    const before = await tree(file('100644', blob, 'a') + file('100644', blob, 'gone') + file('160000', base, 'sub'));
    const after = await tree(file('120000', blob, 'a') + file('100644', blob, 'new') + file('160000', commit, 'sub'));
    expect((await changedFiles(clone, before, after)).map(({ path, status }) => [path, status])).toEqual([
      ['a', 'type-changed'],
      ['gone', 'deleted'],
      ['new', 'added'],
      ['sub', 'modified'],
    ]);
    expect(await changedFiles(clone, before, before)).toEqual([]);
  });
});

describe('readFileAt', () => {
  it('gives a file whole, null when there is none', async () => {
    expect(await readFileAt(room.clone, room.base, 'README.md', 100)).toBe(FILES['README.md']);
    expect(await readFileAt(room.clone, room.base, 'nothing.md', 100)).toBeNull();
    expect(await readFileAt(room.clone, room.base, '*.md', 100)).toBeNull();
  });

  it('refuses folders and what is too large', async () => {
    await expect(readFileAt(room.clone, room.base, 'src', 100)).rejects.toMatchObject({ code: 'not-a-regular-file' });
    await expect(readFileAt(room.clone, room.base, 'README.md', 3)).rejects.toMatchObject({ code: 'file-too-large' });
  });
});

describe('mergeBase', () => {
  it('is the commit from which both grew', async () => {
    const other = await commitOf(room, 'other', { 'o.txt': '' });
    expect(await mergeBase(room.clone, commit, other)).toBe(room.base);
  });
});
