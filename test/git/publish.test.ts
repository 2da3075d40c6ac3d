import { chmodSync, writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { isReferenced } from '../../src/git/clone.js';
import { git } from '../../src/git/git.js';
import { pushProtected } from '../../src/git/protected-push.js';
import { publishToBranch, pushRef } from '../../src/git/publish.js';
import { readTrailers } from '../../src/git/trailers.js';
import { commitOf, landed, makeRoom, type Room } from './git-fixture.js';

let room: Room;
beforeEach(async () => (room = await makeRoom()));
afterEach(() => room.remove());

const policy = { protectedBranches: ['main', 'release/**'] };
const remoteHead = (ref: string) => git(['rev-parse', ref], { gitDir: room.remote });

describe('publishToBranch', () => {
  it('makes the branch, and counts a commit that is there already as published', async () => {
    const commit = await commitOf(room, 'mine', { 'a.txt': 'a' });
    expect(await publishToBranch(room.clone, commit, 'feature/x', policy)).toEqual({ kind: 'published', commit });
    expect(await remoteHead('feature/x')).toBe(commit);

    const later = await landed(room, 'later', { 'b.txt': 'b' }, 'feature/x', commit);
    expect(await publishToBranch(room.clone, commit, 'feature/x', policy)).toEqual({ kind: 'published', commit });
    expect(await remoteHead('feature/x')).toBe(later);
  });

  it('puts the change on top of a branch that moved, for another push', async () => {
    const mine = await commitOf(room, 'mine', { 'a.txt': 'a' });
    const theirs = await landed(room, 'theirs', { 'b.txt': 'b' }, 'feature/x');
    const first = await publishToBranch(room.clone, mine, 'feature/x', policy);
    if (first.kind !== 'moved') throw new Error(first.kind);
    expect(await remoteHead('feature/x')).toBe(theirs);
    expect(await readTrailers(room.clone, first.rebased)).toEqual(await readTrailers(room.clone, mine));
    expect(await git(['log', '--format=%P %an %at %ct %s', '-1', first.rebased], room.clone)).toBe(
      `${theirs} Ada 1767312000 1767312000 Change it`,
    );
    expect(await publishToBranch(room.clone, mine, 'feature/x', policy)).toEqual(first);

    expect((await publishToBranch(room.clone, first.rebased, 'feature/x', policy)).kind).toBe('published');
    expect(await git(['ls-tree', '--name-only', 'feature/x'], { gitDir: room.remote })).toBe(
      'README.md\na.txt\nb.txt\nsrc',
    );
  });

  it('names the files of a conflict', async () => {
    const mine = await commitOf(room, 'mine', { 'README.md': 'mine\n', 'a.txt': 'a' });
    await landed(room, 'theirs', { 'README.md': 'theirs\n' }, 'feature/x');
    expect(await publishToBranch(room.clone, mine, 'feature/x', policy)).toEqual({
      kind: 'conflict',
      files: ['README.md'],
      head: await git(['rev-parse', 'feature/x'], { gitDir: room.remote }),
    });
  });

  it.each(['main', 'release/1.0', 'release/1/2'])('refuses the protected branch %s', async (branch) => {
    const commit = await commitOf(room, 'mine', { 'a.txt': 'a' });
    await expect(publishToBranch(room.clone, commit, branch, policy)).rejects.toMatchObject({
      code: 'protected-branch',
    });
    expect(await remoteHead('main')).toBe(room.base);
  });

  it.each(['../heads/main', 'x:refs/heads/main', 'a b', ''])('refuses "%s", which is no name', async (branch) => {
    await expect(publishToBranch(room.clone, room.base, branch, policy)).rejects.toMatchObject({ code: 'bad-ref' });
  });

  it.each([
    ['fix/12', 'fix'],
    ['fix', 'fix/12'],
  ])('names the branch beside which %s cannot exist', async (branch, other) => {
    await git(['branch', other, room.base], { gitDir: room.remote });
    const commit = await commitOf(room, 'mine', { 'a.txt': 'a' });
    await expect(publishToBranch(room.clone, commit, branch, policy)).rejects.toMatchObject({
      code: 'branch-clash',
      message: expect.stringContaining(`cannot exist beside the branch ${other}: rename or delete ${other}`) as string,
    });
  });

  it('says when the rules of the remote refuse it', async () => {
    mkdirSync(join(room.remote, 'hooks'), { recursive: true });
    const hook = join(room.remote, 'hooks/pre-receive');
    writeFileSync(hook, '#!/bin/sh\necho too big >&2\nexit 1\n');
    chmodSync(hook, 0o755);
    await git(['branch', 'feature/x', room.base], { gitDir: room.remote });
    const commit = await commitOf(room, 'mine', { 'a.txt': 'a' });
    await expect(publishToBranch(room.clone, commit, 'feature/x', policy)).rejects.toMatchObject({
      code: 'push-refused',
      message: expect.stringContaining('too big') as string,
    });
  });
});

describe('pushRef', () => {
  it('saves a tree beside the branches, and never replaces one', async () => {
    const [one, other] = [
      await commitOf(room, 'one', { 'a.txt': '1' }),
      await commitOf(room, 'other', { 'a.txt': '2' }),
    ];
    await pushRef(room.clone, one, 'refs/baton/wip/run/step');
    await pushRef(room.clone, one, 'refs/baton/wip/run/step');
    await expect(pushRef(room.clone, other, 'refs/baton/wip/run/step')).rejects.toMatchObject({
      code: 'push-rejected',
    });
    expect(await remoteHead('refs/baton/wip/run/step')).toBe(one);
    expect(await isReferenced(room.clone, one)).toBe(true);
    expect(await isReferenced(room.clone, other)).toBe(false);
  });

  it('leaves the clone with the same ref, also where the remote has it already or went on from it', async () => {
    const ref = 'refs/baton/wip/run/mirrored';
    const { gitDir } = room.clone;
    const own = (): Promise<string> => git(['rev-parse', ref], { gitDir });
    const one = await commitOf(room, 'first', { 'a.txt': '1' });
    await pushRef(room.clone, one, ref);
    expect(await own()).toBe(one);
    await git(['update-ref', '-d', ref], { gitDir });
    await pushRef(room.clone, one, ref);
    expect(await own()).toBe(one);
    const next = await commitOf(room, 'next', { 'a.txt': '2' }, one);
    await pushRef(room.clone, next, ref);
    await git(['update-ref', '-d', ref], { gitDir });
    await pushRef(room.clone, one, ref);
    expect([await own(), await remoteHead(ref)]).toEqual([one, next]);
  });

  it('is no way round the protection of branches', async () => {
    await expect(pushRef(room.clone, room.base, 'refs/heads/main')).rejects.toMatchObject({ code: 'not-for-branches' });
  });
});

describe('pushProtected', () => {
  it('moves the branch forward, once, and says so again', async () => {
    const commit = await commitOf(room, 'mine', { 'a.txt': 'a' });
    expect(await pushProtected(room.clone, commit, 'main')).toBe('pushed');
    expect(await pushProtected(room.clone, commit, 'main')).toBe('pushed');
    expect(await remoteHead('main')).toBe(commit);
  });

  it('says when the branch moved, and leaves it', async () => {
    const mine = await commitOf(room, 'mine', { 'a.txt': 'a' });
    const theirs = await landed(room, 'theirs', { 'b.txt': 'b' }, 'main');
    expect(await pushProtected(room.clone, mine, 'main')).toBe('moved');
    expect(await remoteHead('main')).toBe(theirs);
  });
});
