import { git } from '../../src/git/git.js';
import { patchId } from '../../src/git/patch-id.js';
import { rebaseCommit } from '../../src/git/rebase.js';
import { squashOnto } from '../../src/git/squash.js';
import { commitOf, facts, makeRoom, type Room } from './git-fixture.js';

let room: Room;
beforeEach(async () => (room = await makeRoom({ 'a.py': 'if x:\n    y()\nz()\n', 'b.txt': 'b\n' })));
afterEach(() => room.remove());

const show = (commit: string, path: string) => git(['show', `${commit}:${path}`], { gitDir: room.clone.gitDir });

describe('squashOnto', () => {
  it('makes one commit of a branch on top of another', async () => {
    const first = await commitOf(room, 'first', { 'c.txt': '1' });
    const head = await commitOf(room, 'second', { 'c.txt': '2', 'd.txt': 'd' }, first);
    const onto = await commitOf(room, 'onto', { 'b.txt': 'changed\n' });
    const squash = await squashOnto(room.clone, { ...facts, onto, head });
    if (squash.kind !== 'squashed') throw new Error(squash.kind);
    expect(await git(['rev-parse', `${squash.commit}^`, `${squash.commit}^{tree}`], room.clone)).toBe(
      `${onto}\n${squash.tree}`,
    );
    expect([await show(squash.commit, 'c.txt'), await show(squash.commit, 'b.txt')]).toEqual(['2', 'changed']);
    expect(await squashOnto(room.clone, { ...facts, onto, head })).toEqual(squash);
  });

  it('names the files of a conflict', async () => {
    const head = await commitOf(room, 'head', { 'b.txt': 'one\n', 'a.py': 'one\n' });
    const onto = await commitOf(room, 'onto', { 'b.txt': 'two\n', 'a.py': 'two\n' });
    expect(await squashOnto(room.clone, { ...facts, onto, head })).toEqual({
      kind: 'conflict',
      files: ['a.py', 'b.txt'],
    });
  });
});

describe('rebaseCommit', () => {
  it('takes the change of one commit only, not of those below it', async () => {
    const below = await commitOf(room, 'below', { 'below.txt': 'x' });
    const commit = await commitOf(room, 'commit', { 'mine.txt': 'x' }, below);
    const onto = await commitOf(room, 'onto', { 'b.txt': 'changed\n' });
    const rebase = await rebaseCommit(room.clone, commit, onto);
    if (rebase.kind !== 'rebased') throw new Error(rebase.kind);
    expect(await git(['ls-tree', '--name-only', rebase.commit], room.clone)).toBe('a.py\nb.txt\nmine.txt');
  });
});

describe('patchId', () => {
  it('stays over a clean rebase, and changes with the change', async () => {
    const commit = await commitOf(room, 'commit', { 'a.py': 'if x:\n    y()\nz()\nw()\n' });
    const onto = await commitOf(room, 'onto', { 'b.txt': 'changed\n' });
    const rebase = await rebaseCommit(room.clone, commit, onto);
    if (rebase.kind !== 'rebased') throw new Error(rebase.kind);
    const id = await patchId(room.clone, room.base, commit);
    expect(id).toMatch(/^[0-9a-f]{40}$/);
    expect(await patchId(room.clone, onto, rebase.commit)).toBe(id);
    expect(await patchId(room.clone, onto, commit)).toBe(id);
    expect(await patchId(room.clone, room.base, onto)).not.toBe(id);
  });

  it.each([
    ['indentation', { 'a.py': 'if x:\n    y()\nz()\nw()\n' }, { 'a.py': 'if x:\n    y()\nz()\n    w()\n' }],
    ['the bytes of a binary file', { bin: '\0one' }, { bin: '\0two' }],
  ])('tells changes apart by %s', async (_, one, other) => {
    const [first, second] = [await commitOf(room, 'one', one), await commitOf(room, 'other', other)];
    expect(await patchId(room.clone, room.base, first)).not.toBe(await patchId(room.clone, room.base, second));
  });

  it('is all zeros for no change', async () => {
    expect(await patchId(room.clone, room.base, room.base)).toBe('0'.repeat(40));
  });
});
