import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { branchHead, fetchClone, openClone, resolveCommit } from '../../src/git/clone.js';
import { git } from '../../src/git/git.js';
import { landed, makeRoom, worktreeAt, type Room } from './git-fixture.js';

let room: Room;
beforeAll(async () => (room = await makeRoom()));
afterAll(() => room.remove());

describe('a clone', () => {
  it('is made once, however often and however many at a time open it', async () => {
    const root = join(room.root, 'many');
    const clones = await Promise.all(Array.from({ length: 8 }, () => openClone(root, 'demo', room.remote)));
    expect(new Set(clones.map(({ gitDir }) => gitDir)).size).toBe(1);
    expect(readdirSync(root)).toEqual(['demo.git']);
  });

  it('takes over a new address', async () => {
    const root = join(room.root, 'moved');
    await openClone(root, 'demo', '/old');
    const clone = await openClone(root, 'demo', room.remote);
    await fetchClone(clone);
    expect(await branchHead(clone, 'main')).toBe(room.base);
  });

  it.each(['../x', '', '-x', 'a/b'])('is not made for the id "%s"', async (id) => {
    await expect(openClone(room.root, id, room.remote)).rejects.toMatchObject({ code: 'bad-repository-id' });
  });

  it('fetches many at a time', async () => {
    await landed(room, 'parallel', { 'p.txt': 'p' }, 'parallel');
    await expect(Promise.all(Array.from({ length: 8 }, () => fetchClone(room.clone)))).resolves.toBeDefined();
  });

  it('forgets branches that are gone, and keeps the worktree that stood on one', async () => {
    const commit = await landed(room, 'short-lived', { 'a.txt': 'a' }, 'short-lived');
    await fetchClone(room.clone);
    expect(await branchHead(room.clone, 'short-lived')).toBe(commit);
    const worktree = await worktreeAt(room, 'stands-on-it', commit);

    await git(['update-ref', '-d', 'refs/heads/short-lived'], { gitDir: room.remote });
    await fetchClone(room.clone);
    expect(await branchHead(room.clone, 'short-lived')).toBeNull();
    expect(readdirSync(worktree.path)).toContain('a.txt');
    expect(await resolveCommit(room.clone, commit)).toBe(commit);
  });

  it.each(['nothing', '--all', 'HEAD:README.md'])('knows no commit "%s"', async (ref) => {
    expect(await resolveCommit(room.clone, ref)).toBeNull();
  });
});

describe('git', () => {
  it('says what failed, how, and what git said', async () => {
    await expect(git(['show', 'nothing'], { gitDir: room.clone.gitDir })).rejects.toMatchObject({
      code: 'git-failed',
      retryable: false,
      details: { args: ['show', 'nothing'], exitCode: 128, tail: expect.stringContaining('nothing') as string },
    });
  });
});
