import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createBareRepository } from '../../src/git/bare-repository.js';
import { fetchClone } from '../../src/git/clone.js';
import { git } from '../../src/git/git.js';
import { protectBranches } from '../../src/git/protected-branches.js';
import { pushProtected } from '../../src/git/protected-push.js';
import { landed, makeRoom, write, type Room } from './git-fixture.js';

let room: Room;
let person: string;

/** Plain git with the settings of a person who keeps hooks elsewhere. */
const env = (): NodeJS.ProcessEnv => ({ ...process.env, GIT_CONFIG_GLOBAL: join(room.root, 'gitconfig') });
const run = (...args: string[]): string =>
  execFileSync('git', args, { cwd: person, env: env(), encoding: 'utf8' }).trim();
const push = (...args: string[]) => {
  const { status, stderr } = spawnSync('git', ['push', ...args], { cwd: person, env: env(), encoding: 'utf8' });
  return { status, stderr };
};

beforeAll(async () => {
  room = await makeRoom();
  await protectBranches(room.remote, ['main', 'release/*']);
  writeFileSync(
    join(room.root, 'gitconfig'),
    '[user]\n\tname = Maya\n\temail = maya@example.org\n[core]\n\thooksPath = /var/empty\n',
  );
  person = room.root;
  run('clone', '-q', room.remote, 'person');
  person = join(room.root, 'person');
  write(person, { 'mine.txt': 'x' });
  run('add', '-A');
  run('commit', '-qm', 'Mine');
});
afterAll(() => room.remove());

const remoteRefs = () => git(['for-each-ref', '--format=%(refname) %(objectname)'], { gitDir: room.remote });

describe('a protected branch', () => {
  it('refuses a plain push, a forced one, a deletion and a new branch of a protected pattern, and says what to do', async () => {
    const before = await remoteRefs();
    const { status, stderr } = push('origin', 'HEAD:main');
    expect(status).toBe(1);
    expect(stderr).toMatch(/main is a protected branch.*open a pull request.*baton pr create --repo/s);
    for (const args of [
      ['--force', 'origin', 'HEAD:main'],
      ['origin', 'HEAD:release/1.0'],
    ])
      expect(push(...args)).toMatchObject({ status: 1, stderr: expect.stringContaining('protected branch') as string });
    expect(push('origin', ':main').status).toBe(1);
    expect(await remoteRefs()).toBe(before);
  });

  it('lets other branches of the same push pass', async () => {
    expect(push('origin', 'HEAD:main', 'HEAD:my-change').status).toBe(1);
    expect(await git(['rev-parse', 'my-change'], { gitDir: room.remote })).toBe(run('rev-parse', 'HEAD'));
    expect(await git(['rev-parse', 'main'], { gitDir: room.remote })).toBe(room.base);
    expect(push('origin', ':my-change').status).toBe(0);
  });

  it("takes Baton's own push", async () => {
    const commit = await landed(room, 'own', { 'own.txt': 'x' }, 'own-change');
    await fetchClone(room.clone);
    expect(await pushProtected(room.clone, commit, 'main')).toBe('pushed');
    expect(await git(['rev-parse', 'main'], { gitDir: room.remote })).toBe(commit);
  });

  it('refuses every push where the list of branches is missing, until it is written again', async () => {
    const list = join(room.remote, 'protected-branches');
    const text = readFileSync(list, 'utf8');
    execFileSync('rm', [list]);
    expect(push('origin', 'HEAD:other')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('Start Baton') as string,
    });
    await protectBranches(room.remote, ['main', 'release/*']);
    expect(readFileSync(list, 'utf8')).toBe(text);
    expect(push('origin', 'HEAD:other').status).toBe(0);
  });

  it('of an empty repository takes the first commit, and no second one', async () => {
    const empty = join(room.root, 'empty.git');
    await createBareRepository(empty, { defaultBranch: 'main' });
    await protectBranches(empty, ['main']);
    expect(push(empty, 'HEAD~1:refs/heads/main').status).toBe(0);
    expect(push(empty, 'HEAD:refs/heads/main').status).toBe(1);
  });
});
