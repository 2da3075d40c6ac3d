import { rmSync } from 'node:fs';
import { branchHead, fetchClone, openClone, parentOf, resolveCommit, treeOf } from '../../src/git/clone.js';
import { changedFiles } from '../../src/git/diff.js';
import { fetchRef } from '../../src/git/push.js';
import { git } from '../../src/git/git.js';
import { readFileAt } from '../../src/git/read-file-at.js';
import { remembered } from '../../src/git/remembered.js';
import { commitOf, landed, makeRoom, type Room } from './git-fixture.js';

let room: Room;
beforeAll(async () => (room = await makeRoom()));
afterAll(() => room.remove());

/** Answers each time with another number. */
function counting(): () => Promise<string> {
  let asked = 0;
  return () => Promise.resolve(`${(asked += 1)}`);
}

const ID = 'a'.repeat(40);

describe('what is remembered', () => {
  it.each([[ID], [`${ID}^`], [`${ID}^{tree}`]])('is about an object that is named by its id: %s', async (name) => {
    const ask = counting();
    for (const _time of [1, 2]) expect(await remembered({ gitDir: '/one' }, 'by id', [ID, name], ask)).toBe('1');
    expect(await remembered({ gitDir: '/other' }, 'by id', [ID, name], ask)).toBe('2');
    expect(await remembered({ gitDir: '/one' }, 'another', [ID, name], ask)).toBe('3');
  });

  it.each(['HEAD', 'refs/heads/main', ID.slice(1), `${ID}~3`, `${ID}:README.md`, ID.toUpperCase()])(
    'is nothing about %s',
    async (name) => {
      const ask = counting();
      for (const time of ['1', '2'])
        expect(await remembered({ gitDir: '/one' }, 'by name', [ID, name], ask)).toBe(time);
    },
  );

  it('is no failure, and no absence', async () => {
    const ask = (answer: () => Promise<string | null>) => remembered({ gitDir: '/one' }, 'late', [ID], answer);
    await expect(ask(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await ask(() => Promise.resolve(null))).toBeNull();
    expect(await ask(() => Promise.resolve('there'))).toBe('there');
  });

  it('is bounded: what nobody has asked for the longest makes room, and what is very long is not kept', async () => {
    const ask = (question: string, answer: string) =>
      remembered({ gitDir: '/full' }, question, [ID], () => Promise.resolve(answer));
    await ask('first', '1');
    await ask('used', '1');
    await ask('long', 'x'.repeat(1024 * 1024));
    for (let n = 0; n < 64; n += 1) {
      await ask(`many ${n}`, 'x'.repeat(500_000));
      await ask('used', '2');
    }
    expect(await ask('used', '3')).toBe('1');
    expect(await ask('first', '2')).toBe('2');
    expect(await ask('long', '2')).toBe('2');
  });
});

describe('a clone that is asked again', () => {
  it('knows of a commit that it fetched after it was asked for it', async () => {
    const other = await openClone(`${room.root}/other`, 'demo', room.remote);
    await fetchClone(other);
    const commit = await landed(room, 'later', { 'later.txt': '1' }, 'later');
    expect(await resolveCommit(other, commit)).toBeNull();
    expect(await branchHead(other, 'later')).toBeNull();
    await fetchClone(other);
    expect(await resolveCommit(other, commit)).toBe(commit);
    expect(await branchHead(other, 'later')).toBe(commit);
    expect([await parentOf(other, commit), await treeOf(other, commit)]).toEqual(
      (await git(['rev-parse', `${commit}^`, `${commit}^{tree}`], { gitDir: other.gitDir })).split('\n'),
    );
  });

  it('sees where its own pushes and fetches of one branch have brought it', async () => {
    const first = await landed(room, 'pushed-1', { 'p.txt': '1' }, 'pushed');
    expect(await branchHead(room.clone, 'pushed')).toBe(first);
    const second = await landed(room, 'pushed-2', { 'p.txt': '2' }, 'pushed', first);
    expect(await branchHead(room.clone, 'pushed')).toBe(second);
    await git(['update-ref', 'refs/heads/pushed', first], { gitDir: room.remote });
    expect(await branchHead(room.clone, 'pushed')).toBe(second);
    await fetchRef(room.clone, 'refs/heads/pushed');
    expect(await branchHead(room.clone, 'pushed')).toBe(first);
  });

  it('tells each commit and path apart', async () => {
    const one = await commitOf(room, 'content-1', { 'c.txt': 'one', 'd.txt': 'd' });
    const two = await commitOf(room, 'content-2', { 'c.txt': 'two' });
    for (const _time of [1, 2]) {
      expect(await readFileAt(room.clone, one, 'c.txt', 100)).toBe('one');
      expect(await readFileAt(room.clone, one, 'd.txt', 100)).toBe('d');
      expect(await readFileAt(room.clone, two, 'c.txt', 100)).toBe('two');
      await expect(readFileAt(room.clone, two, 'c.txt', 1)).rejects.toMatchObject({ code: 'file-too-large' });
      expect((await changedFiles(room.clone, one, two)).map(({ path }) => path)).toEqual(['c.txt', 'd.txt']);
      expect((await changedFiles(room.clone, two, one))[1]).toMatchObject({ path: 'd.txt', status: 'added' });
    }
  });

  it('has forgotten everything when it was deleted and is made anew', async () => {
    const root = `${room.root}/deleted`;
    const clone = await openClone(root, 'demo', room.remote);
    await fetchClone(clone);
    expect(await branchHead(clone, 'main')).toBe(room.base);
    rmSync(root, { recursive: true });
    await openClone(root, 'demo', room.remote);
    expect(await branchHead(clone, 'main')).toBeNull();
    expect(await resolveCommit(clone, room.base)).toBeNull();
  });

  it('is pointed to its remote again where another process has changed the address', async () => {
    const clone = await openClone(`${room.root}/clones`, 'demo', room.remote);
    await git(['config', 'remote.origin.url', '/elsewhere'], { gitDir: clone.gitDir });
    await openClone(`${room.root}/clones`, 'demo', room.remote);
    expect(await git(['config', 'remote.origin.url'], { gitDir: clone.gitDir })).toBe(room.remote);
  });
});
