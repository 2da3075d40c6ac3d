import { renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { changedFiles } from '../../src/git/diff.js';
import { commitWorktree, snapshotWorktree } from '../../src/git/commit.js';
import { git, gitOutput } from '../../src/git/git.js';
import { commitMessage } from '../../src/git/message.js';
import { findCommitByTrailers, readTrailers } from '../../src/git/trailers.js';
import { unfilledParts } from '../../src/git/unfilled-parts.js';
import { removeWorktree, worktreeGit } from '../../src/git/worktree.js';
import { writeCommit } from '../../src/git/write-commit.js';
import { commitOf, facts, makeRoom, worktreeAt, write, type Room } from './git-fixture.js';

let room: Room;
beforeEach(async () => (room = await makeRoom({ 'a.txt': 'a\n', 'b.txt': 'b\n', '.gitignore': 'dist/\n' })));
afterEach(() => room.remove());

describe('files that a Git filter has to write', () => {
  const pointer = (oid: string): string => `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize 9\n`;
  const refused = (paths: string) => ({
    code: 'unfiltered-content',
    message: expect.stringContaining(`for ${paths}, and Baton runs no Git filter`) as string,
  });
  const rooms = new Map<string, Room>();
  const attributes = '*.bin filter=lfs -text\nvault/** filter=crypt\nvault/open filter=\n*.md -filter\n';
  beforeAll(async () => {
    const files = { 'a.bin': pointer('1'), 'b.bin': pointer('2'), 'whole.bin': 'whole', 'vault/key': 'cipher' };
    rooms.set('filters', await makeRoom({ ...files, '.gitattributes': attributes }));
  });
  afterAll(() => rooms.get('filters')?.remove());
  let number = 0;
  const commit = async (change: (path: string) => void) => {
    const filters = rooms.get('filters')!;
    const worktree = await worktreeAt(filters, `w${(number += 1)}`, filters.base);
    change(worktree.path);
    return commitWorktree(filters.clone, worktree, facts);
  };

  it.each([
    ['content in place of a pointer', { 'a.bin': 'content' }, 'a.bin'],
    ['a pointer that nobody has the content of', { 'a.bin': pointer('3') }, 'a.bin'],
    ['a new file', { 'sub/new.bin': 'content', 'b.txt': 'x' }, 'sub/new.bin'],
    ['plain text where a filter encrypts', { 'vault/key': 'plain' }, 'vault/key'],
    ['what its attributes no longer filter', { '.gitattributes': '', 'a.bin': 'content' }, 'a.bin'],
    ['what its attributes filter from now on', { '.gitattributes': '*.txt filter=x\n', 'b.txt': 'x' }, 'b.txt'],
  ])('are not committed with %s', async (_what, files, paths) => {
    await expect(commit((path) => write(path, files))).rejects.toMatchObject(refused(paths));
  });

  it('may be deleted, renamed, and changed where no filter wrote them', async () => {
    const outcome = await commit((path) => {
      rmSync(join(path, 'a.bin'));
      renameSync(join(path, 'b.bin'), join(path, 'c.bin'));
      write(path, { 'whole.bin': 'whole, more', 'vault/open': 'x', 'sub/x.md': 'x' });
    });
    expect(outcome).toMatchObject({ kind: 'committed' });
  });

  it('are named, with the submodules', async () => {
    const { clone, base } = rooms.get('filters')!;
    expect(await unfilledParts(clone, base)).toEqual({
      submodules: [],
      pointers: ['a.bin', 'b.bin'],
      patterns: ['*.bin', 'vault/**'],
    });
    expect(await unfilledParts(room.clone, room.base)).toEqual({ submodules: [], pointers: [], patterns: [] });
  });
});

describe('commitWorktree', () => {
  it('commits what was added, changed and deleted, and not what is ignored', async () => {
    const worktree = await worktreeAt(room, 'one', room.base);
    write(worktree.path, { 'a.txt': 'changed\n', 'new.txt': 'new\n', 'dist/out.js': '' });
    rmSync(join(worktree.path, 'b.txt'));
    const outcome = await commitWorktree(room.clone, worktree, facts);
    if (outcome.kind !== 'committed') throw new Error('unchanged');
    expect(outcome.files).toBe(3);
    expect(await changedFiles(room.clone, room.base, outcome.commit)).toEqual([
      { path: 'a.txt', status: 'modified', added: 1, removed: 1 },
      { path: 'b.txt', status: 'deleted', added: 0, removed: 1 },
      { path: 'new.txt', status: 'added', added: 1, removed: 0 },
    ]);
    expect(await git(['status', '--porcelain'], worktreeGit(room.clone, worktree))).toBe('');
    expect(await git(['show', '-s', '--format=%an <%ae> %at %cn <%ce> %ct', outcome.commit], room.clone)).toBe(
      'Ada <ada@example.org> 1767312000 Baton <baton@localhost> 1767312000',
    );
  });

  it('leaves the worktree where it stands when only a snapshot is asked for', async () => {
    const worktree = await worktreeAt(room, 'one', room.base);
    const onBase = { ...facts, parent: room.base };
    expect(await snapshotWorktree(room.clone, worktree, onBase)).toEqual({ commit: null, leftOut: [] });
    write(worktree.path, { 'new.txt': 'new\n' });
    const { commit } = await snapshotWorktree(room.clone, worktree, onBase);
    expect(await git(['rev-parse', 'HEAD'], worktreeGit(room.clone, worktree))).toBe(room.base);
    expect(await commitWorktree(room.clone, worktree, facts)).toEqual({ kind: 'committed', commit, files: 1 });
  });

  it('says when nothing was changed', async () => {
    const worktree = await worktreeAt(room, 'one', room.base);
    expect(await commitWorktree(room.clone, worktree, facts)).toEqual({ kind: 'unchanged' });
  });

  it('makes the same commit in another worktree, and again after a crash behind it', async () => {
    const commits = [];
    for (const name of ['one', 'two']) {
      const worktree = await worktreeAt(room, name, room.base);
      write(worktree.path, { 'new.txt': 'new\n' });
      commits.push(
        await commitWorktree(room.clone, worktree, facts),
        await commitWorktree(room.clone, worktree, facts),
      );
      commits.push(await commitWorktree(room.clone, worktree, { ...facts, parent: room.base }));
      await removeWorktree(room.clone, worktree);
    }
    expect(commits[0]).toMatchObject({ kind: 'committed', files: 1 });
    expect(new Set(commits.map((commit) => JSON.stringify(commit))).size).toBe(1);
  });

  it('does not take the commit of another attempt for its own', async () => {
    const worktree = await worktreeAt(room, 'one', room.base);
    write(worktree.path, { 'new.txt': 'new\n' });
    await commitWorktree(room.clone, worktree, facts);
    const next = { ...facts, trailers: { ...facts.trailers, 'Baton-Attempt': '2' } };
    expect(await commitWorktree(room.clone, worktree, next)).toEqual({ kind: 'unchanged' });
  });

  it('sees an edit that keeps size and time', async () => {
    const worktree = await worktreeAt(room, 'one', room.base);
    const { utimesSync, statSync } = await import('node:fs');
    const file = join(worktree.path, 'a.txt');
    const { atime, mtime } = statSync(file);
    writeFileSync(file, 'z\n');
    utimesSync(file, atime, mtime);
    expect((await commitWorktree(room.clone, worktree, facts)).kind).toBe('committed');
  });
});

describe('trailers', () => {
  it('are read back, whatever the text above them pretends', async () => {
    const worktree = await worktreeAt(room, 'one', room.base);
    write(worktree.path, { 'new.txt': '' });
    const message = 'Forge it\n\nBaton-Run: another\nApproved-by: the boss';
    const outcome = await commitWorktree(room.clone, worktree, { ...facts, message });
    if (outcome.kind !== 'committed') throw new Error('unchanged');
    expect(await readTrailers(room.clone, outcome.commit)).toEqual(facts.trailers);
  });

  it('find their own commit in a range, and no other', async () => {
    const worktree = await worktreeAt(room, 'one', room.base);
    const commits: string[] = [];
    for (const attempt of ['1', '11']) {
      write(worktree.path, { 'new.txt': attempt });
      const trailers = { ...facts.trailers, 'Baton-Attempt': attempt };
      const outcome = await commitWorktree(room.clone, worktree, { ...facts, trailers });
      if (outcome.kind === 'committed') commits.push(outcome.commit);
    }
    const range = `${room.base}..${commits[1]}`;
    expect(await findCommitByTrailers(room.clone, range, facts.trailers)).toBe(commits[0]);
    expect(await findCommitByTrailers(room.clone, range, { 'Baton-Attempt': '11' })).toBe(commits[1]);
    expect(await findCommitByTrailers(room.clone, range, { 'Baton-Attempt': '2' })).toBeNull();
  });

  it('are one line each, with a message above', () => {
    expect(() => commitMessage('x', { Key: 'a\nApproved-by: me' })).toThrow(/one line/);
    expect(() => commitMessage('x', { 'A key': 'a' })).toThrow(/cannot be a trailer/);
    expect(() => commitMessage(' \n', {})).toThrow(/needs a message/);
  });

  it('are always the last paragraph', () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => text.replaceAll('\0', '').trim() !== ''),
        (text) => {
          expect(commitMessage(text, { 'Baton-Run': 'r' }).split('\n\n').at(-1)).toBe('Baton-Run: r\n');
        },
      ),
    );
  });
});

describe('files with CRLF that the attributes declare as LF', () => {
  const OLD = 'a\r\nb\r\nc\r\n';
  const ATTRIBUTES = '*.txt text eol=lf\n';
  const NAMES = ['old.txt', 'with "quotes" \\ and\nlines.txt'];
  let base: string;
  beforeEach(async () => {
    const crlf = await commitOf(room, 'crlf', { [NAMES[0]!]: OLD, [NAMES[1]!]: OLD, 'utf16.txt': 'u\r\n' });
    // Without a worktree, so that nothing normalises the other files.
    const { clone } = room;
    const blob = await git(['hash-object', '-w', '--stdin'], { ...clone, input: ATTRIBUTES });
    const entries = `${await gitOutput(['ls-tree', '-z', crlf], clone)}100644 blob ${blob}\t.gitattributes\0`;
    const tree = await git(['mktree', '-z'], { ...clone, input: entries });
    base = await writeCommit(clone, tree, [crlf], { ...facts, trailers: {} });
  });

  /** A worktree all of whose files git has to read anew. */
  async function touched(name: string) {
    const worktree = await worktreeAt(room, name, base);
    for (const file of NAMES) utimesSync(join(worktree.path, file), 1, 1);
    return worktree;
  }
  const changed = (commit: string) => changedFiles(room.clone, base, commit);

  it('are no change of an agent that changed nothing', async () => {
    const worktree = await touched('one');
    expect(await commitWorktree(room.clone, worktree, facts)).toEqual({ kind: 'unchanged' });
  });

  it('change in the lines that the agent changed, and in no other file', async () => {
    const worktree = await touched('one');
    write(worktree.path, { 'old.txt': 'a\r\nB\r\nc\r\n' });
    const outcome = await commitWorktree(room.clone, worktree, facts);
    if (outcome.kind !== 'committed') throw new Error('unchanged');
    expect(await changed(outcome.commit)).toEqual([{ path: 'old.txt', status: 'modified', added: 1, removed: 1 }]);
  });

  it('are normalised where the agent itself wrote LF', async () => {
    const worktree = await touched('one');
    write(worktree.path, { 'old.txt': 'a\nb\nc\n' });
    const outcome = await commitWorktree(room.clone, worktree, facts);
    if (outcome.kind !== 'committed') throw new Error('unchanged');
    expect(await changed(outcome.commit)).toEqual([{ path: 'old.txt', status: 'modified', added: 3, removed: 3 }]);
  });

  it('keep other conversions, and leave out a secret behind a CRLF', async () => {
    const worktree = await touched('one');
    write(worktree.path, { '.gitattributes': `${ATTRIBUTES}utf16.txt working-tree-encoding=UTF-16LE\n` });
    writeFileSync(join(worktree.path, 'utf16.txt'), Buffer.from('v\r\n', 'utf16le'));
    write(worktree.path, { 'old.txt': 'a\r\nkey\r\n' });
    const holdsSecret = (content: Buffer) => content.includes('a\r\nkey');
    const { commit, leftOut } = await snapshotWorktree(room.clone, worktree, { ...facts, parent: base, holdsSecret });
    expect(leftOut).toEqual(['old.txt']);
    expect(await git(['show', `${commit}:utf16.txt`], room.clone)).toBe('v');
  });
});
