import { git } from '../../src/git/git.js';
import { mergeCommit } from '../../src/git/merge-commit.js';
import { patchId } from '../../src/git/patch-id.js';
import { rebaseCommit } from '../../src/git/rebase.js';
import { rebaseOnto } from '../../src/git/rebase-commits.js';
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

describe('mergeCommit', () => {
  it('has both parents, also where the base has not moved', async () => {
    const head = await commitOf(room, 'head', { 'c.txt': '1' });
    const merge = await mergeCommit(room.clone, { ...facts, onto: room.base, head });
    if (merge.kind !== 'merged') throw new Error(merge.kind);
    expect(await git(['show', '--no-patch', '--format=%P', merge.commit], room.clone)).toBe(`${room.base} ${head}`);
    expect(await show(merge.commit, 'c.txt')).toBe('1');
  });

  it('names the files of a conflict', async () => {
    const head = await commitOf(room, 'head', { 'b.txt': 'one\n' });
    const onto = await commitOf(room, 'onto', { 'b.txt': 'two\n' });
    expect(await mergeCommit(room.clone, { ...facts, onto, head })).toEqual({
      kind: 'conflict',
      tree: expect.stringMatching(/^[0-9a-f]{40}$/) as string,
      files: ['b.txt'],
    });
  });
});

describe('rebaseOnto', () => {
  const rebase = (onto: string, head: string) =>
    rebaseOnto(room.clone, {
      onto,
      head,
      trailers: { 'Baton-Run': 'run-2', 'Approved-by': 'lee' },
      dateMs: facts.dateMs,
    });

  it('takes each commit over with its message, its author and its trailers, and adds others', async () => {
    const first = await commitOf(room, 'first', { 'c.txt': '1' });
    const head = await commitOf(room, 'second', { 'c.txt': '2', 'd.txt': 'd' }, first);
    const onto = await commitOf(room, 'onto', { 'b.txt': 'changed\n' });
    const landing = await rebase(onto, head);
    if (landing.kind !== 'rebased') throw new Error(landing.kind);
    const log = (format: string, range: string) => git(['log', '--reverse', `--format=${format}`, range], room.clone);
    const range = `${onto}..${landing.commit}`;
    expect(await log('%s', range)).toBe(await log('%s', `${room.base}..${head}`));
    expect(await log('%an %at', range)).toBe(await log('%an %at', `${room.base}..${head}`));
    expect(await log('%(trailers:key=Approved-by,valueonly,separator=)', range)).toBe('lee\nlee');
    // Not what the commits say of themselves.
    expect(await log('%(trailers:key=Baton-Run,valueonly,separator=)', range)).toBe('run-2\nrun-2');
    expect([await show(landing.commit, 'c.txt'), await show(landing.commit, 'b.txt')]).toEqual(['2', 'changed']);
    expect(await rebase(onto, head)).toEqual(landing);
  });

  it('leaves out what the base has already', async () => {
    const same = await commitOf(room, 'same', { 'c.txt': '1' });
    const head = await commitOf(room, 'mine', { 'd.txt': 'd' }, same);
    const onto = await commitOf(room, 'onto', { 'c.txt': '1', 'b.txt': 'changed\n' });
    const landing = await rebase(onto, head);
    if (landing.kind !== 'rebased') throw new Error(landing.kind);
    const changed = ['log', '--format=', '--name-only', `${onto}..${landing.commit}`];
    expect(await git(changed, room.clone)).toBe('d.txt');
  });

  it('is refused where a commit conflicts though the whole does not, with what to do', async () => {
    const away = await commitOf(room, 'away', { 'b.txt': 'mine\n' });
    const head = await commitOf(room, 'back', { 'b.txt': 'b\n', 'c.txt': '1' }, away);
    const onto = await commitOf(room, 'onto', { 'b.txt': 'theirs\n' });
    await expect(rebase(onto, head)).rejects.toThrow(/conflicts with the base in b\.txt.*method: squash/);
  });

  it('names the files of a conflict', async () => {
    const head = await commitOf(room, 'head', { 'b.txt': 'one\n' });
    const onto = await commitOf(room, 'onto', { 'b.txt': 'two\n' });
    expect(await rebase(onto, head)).toEqual({
      kind: 'conflict',
      tree: expect.stringMatching(/^[0-9a-f]{40}$/) as string,
      files: ['b.txt'],
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
