import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commitWorktree } from '../../src/git/commit.js';
import { excludedHere, excludeFromChange, noteSetUp, trackedPaths } from '../../src/git/set-up-files.js';
import { commitOf, facts, makeRoom, worktreeAt, write, type Room } from './git-fixture.js';

let room: Room;
beforeEach(async () => (room = await makeRoom({ 'README.md': 'one\n', 'lock.json': '{}\n', 'src/a.js': 'a\n' })));
afterEach(() => room.remove());

/** What a commit changes, as `status path`. */
const changed = (commit: string): string[] =>
  execFileSync('git', ['--git-dir', room.clone.gitDir, 'show', '--format=', '--name-status', commit], {
    encoding: 'utf8',
  })
    .trim()
    .split('\n')
    .map((line) => line.replace('\t', ' '));

async function committed(name: string, work: (path: string) => void, setUp: (path: string) => void) {
  const worktree = await worktreeAt(room, name, room.base);
  await excludeFromChange(room.clone, worktree, ['node_modules/']);
  setUp(worktree.path);
  const excluded = await noteSetUp(room.clone, worktree, ['node_modules/']);
  work(worktree.path);
  const outcome = await commitWorktree(room.clone, worktree, { ...facts, parent: room.base });
  return { outcome, excluded, here: await excludedHere(room.clone, worktree) };
}

const setUp = (path: string): void => {
  write(path, {
    '.go-cache/ab/1': 'object',
    'src/generated/types.js': 'types',
    'lock.json': '{ "installed": true }\n',
    'version.txt': '1\n',
    'node_modules/left-pad/index.js': 'pad',
  });
  rmSync(join(path, 'src/a.js'));
};

describe('what a set-up made', () => {
  it('is no part of the change where the agent did not touch it', async () => {
    const work = (path: string): void => {
      write(path, { 'src/b.js': 'b\n', '.go-cache/cd/2': 'more', 'node_modules/other/index.js': 'x' });
    };
    const { outcome, excluded, here } = await committed('one', work, setUp);
    if (outcome.kind !== 'committed') throw new Error('nothing was committed');
    expect(changed(outcome.commit)).toEqual(['A src/b.js']);
    expect(excluded).toEqual(['node_modules/', '/.go-cache/', '/src/generated/']);
    expect([...here].sort()).toEqual(['.go-cache/', 'node_modules/', 'src/generated/']);
  });

  it('is no change by itself', async () => {
    const { outcome } = await committed('one', () => undefined, setUp);
    expect(outcome).toEqual({ kind: 'unchanged' });
  });

  it('is part of the change where the agent changed it', async () => {
    const work = (path: string): void =>
      write(path, { 'lock.json': '{ "added": 1 }\n', 'version.txt': '2\n', 'src/a.js': 'anew\n' });
    const { outcome } = await committed('one', work, setUp);
    if (outcome.kind !== 'committed') throw new Error('nothing was committed');
    expect(changed(outcome.commit)).toEqual(['M lock.json', 'M src/a.js', 'A version.txt']);
  });

  it('leaves a file as the attempt before made it, not as the base has it', async () => {
    const before = await commitOf(room, 'before', { 'lock.json': '{ "added": 1 }\n' });
    const worktree = await worktreeAt(room, 'two', before);
    write(worktree.path, { 'lock.json': '{ "installed": true }\n' });
    await noteSetUp(room.clone, worktree, []);
    write(worktree.path, { 'src/b.js': 'b\n' });
    const outcome = await commitWorktree(room.clone, worktree, { ...facts, parent: room.base });
    if (outcome.kind !== 'committed') throw new Error('nothing was committed');
    expect(changed(outcome.commit)).toEqual(['M lock.json', 'A src/b.js']);
    const show = ['--git-dir', room.clone.gitDir, 'show', `${outcome.commit}:lock.json`];
    expect(execFileSync('git', show, { encoding: 'utf8' })).toBe('{ "added": 1 }\n');
  });

  it('is excluded by its own name only', async () => {
    const worktree = await worktreeAt(room, 'one', room.base);
    mkdirSync(join(worktree.path, '#odd *'));
    writeFileSync(join(worktree.path, '#odd *', 'made'), '');
    expect(await noteSetUp(room.clone, worktree, [])).toEqual(['/\\#odd \\*/']);
    expect(await trackedPaths(room.clone, worktree)).toEqual(['README.md', 'lock.json', 'src/a.js']);
  });
});
