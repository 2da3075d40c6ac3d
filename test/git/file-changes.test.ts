import { fileChanges } from '../../src/git/file-changes.js';
import { git } from '../../src/git/git.js';
import { makeRoom, type Room } from './git-fixture.js';

let room: Room;
beforeAll(async () => {
  room = await makeRoom();
});
afterAll(() => room.remove());

/** A tree of entries `<mode> <content, or id of a commit> <path>`; no worktree, so nothing is refused before. */
async function treeOf(
  ...entries: readonly (readonly [mode: string, content: string, path: string])[]
): Promise<string> {
  const { gitDir } = room.clone;
  const lines = await Promise.all(
    entries.map(async ([mode, content, path]) => {
      if (mode === '160000') return `${mode} commit ${content}\t${path}\0`;
      const id = await git(['hash-object', '-w', '--stdin'], { gitDir, input: content });
      return `${mode} blob ${id}\t${path}\0`;
    }),
  );
  return git(['mktree', '-z', '--missing'], { gitDir, input: lines.join('') });
}

describe('fileChanges', () => {
  it('says what stood and stands at each path, and where a link points', async () => {
    const { base, clone } = room;
    const before = await treeOf(
      ['100644', 'a', 'mode'],
      ['100644', 'a', 'old'],
      ['120000', 'mode', 'relinked'],
      ['160000', base, 'sub'],
      ['160000', base, 'unsub'],
    );
    const after = await treeOf(
      ['100755', 'a', 'mode'],
      ['100644', 'a', 'new\nname'],
      ['120000', '../out\tside ', 'relinked'],
      ['160000', '1'.repeat(40), 'sub'],
      ['160000', base, 'added'],
      ['120000', 'é', 'link'],
    );
    const found = await fileChanges(clone, before, after);
    expect(found.map(({ path, before: was, after: is, target }) => [path, was, is, target])).toEqual([
      ['added', null, 'submodule', null],
      ['link', null, 'link', 'é'],
      ['mode', 'file', 'file', null],
      ['new\nname', null, 'file', null],
      ['old', 'file', null, null],
      ['relinked', 'link', 'link', '../out\tside '],
      ['sub', 'submodule', 'submodule', null],
      ['unsub', 'submodule', null, null],
    ]);
  });

  it('reads no more links than anybody means to make: the others lead nowhere', async () => {
    const links = Array.from({ length: 203 }, (_, index) => ['120000', 'x', `l${1000 + index}`] as const);
    const found = await fileChanges(room.clone, await treeOf(['100644', 'a', 'a']), await treeOf(...links));
    expect(found.filter(({ target }) => target === '').map(({ path }) => path)).toEqual(['l1200', 'l1201', 'l1202']);
  });
});
