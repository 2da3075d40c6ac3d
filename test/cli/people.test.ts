import { serveApi, type ServedApi } from '../api/served-api.js';
import { runCli } from './run-cli.js';

let api: ServedApi;
beforeAll(async () => {
  api = await serveApi();
});
afterAll(() => api.close());

const withKey = (token: string, ...args: string[]) => runCli(args, { BATON_URL: api.url, BATON_TOKEN: token });
const baton = (...args: string[]) => withKey(api.record.people.admin.key, ...args);

describe('baton people, teams and keys', () => {
  it('lets somebody in with a key that works, says who is there, and lets them go', async () => {
    const added = await baton(
      'people',
      'add',
      'ann',
      '--role',
      'reviewer',
      '--name',
      'Ann',
      '--job-roles',
      'dba,on-call',
    );
    const [, token] = /^(baton_\S+)$/m.exec(added.stdout)!;
    expect((await baton('people')).stdout).toMatch(/^ann +Ann +reviewer +dba, on-call/m);
    expect((await baton('people', 'add', 'ann', '--role', 'author')).stdout).toBe('ann is author from now on\n');

    expect((await baton('teams')).stdout).toMatch(/no teams; make one/);
    expect(await baton('teams', 'add', 'core', '--members', 'ann', '--job-roles', 'cto')).toMatchObject({ code: 0 });
    expect((await baton('teams')).stdout).toMatch(/^core +ann +cto$/m);
    expect((await baton('people')).stdout).toMatch(/^ann .* core$/m);
    expect(await baton('teams', 'add', 'core', '--members', 'nobody')).toMatchObject({ code: 5 });
    expect((await baton('teams', 'remove', 'core')).stdout).toBe('core is gone\n');

    expect((await withKey(token!, 'people', 'remove', 'ann')).stderr).toMatch(/role/);
    expect((await baton('people', 'remove', 'ann')).stdout).toBe('ann has left\n');
    expect((await baton('people')).stdout).not.toContain('ann');
    expect(await withKey(token!, 'people')).toMatchObject({ code: 4 });
  });

  it('makes a key of your own, lists it, and revokes it', async () => {
    const made = await baton('keys', 'create', 'laptop', '--days', '30');
    const token = made.stdout.trim();
    const [, id] = /^(\S+) +laptop /m.exec((await withKey(token, 'keys')).stdout)!;
    expect((await baton('keys', 'revoke', id!)).stdout).toBe(`${id} opens nothing any more\n`);
    expect(await withKey(token, 'keys')).toMatchObject({ code: 4 });
    expect(await baton('keys', 'create', 'x', '--days', 'many')).toMatchObject({ code: 2 });
  });
});
