import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveApi, type ServedApi } from '../api/served-api.js';
import { runCli } from './run-cli.js';

let api: ServedApi;
let folder: string;
beforeAll(async () => {
  api = await serveApi();
  folder = mkdtempSync(join(tmpdir(), 'baton-permissions-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await api.close();
});

const baton = (...args: string[]) => runCli(args, { BATON_URL: api.url, BATON_TOKEN: api.record.people.admin.key });
const add = (permissions: string) => {
  const file = join(folder, 'agent.yaml');
  writeFileSync(
    file,
    `name: ops\ntype: custom\nkind: SCRIPT\nadapter: command\nroles: [devops]\nriskLevel: AUTO\ncapabilities: []\nentry: { argv: [node] }\n${permissions}\n`,
  );
  return baton('agents', 'add', file);
};

describe('baton agents', () => {
  it('registers what an agent may do, and shows it with what holds for every agent', async () => {
    expect(await add('permissions: { may: { changeCi: true }, limits: { tokensPerTask: 9000 } }')).toMatchObject({
      code: 0,
    });
    expect((await baton('agents', 'show', 'ops')).stdout.split('\n')).toEqual([
      'ops: custom (command), idle',
      'roles: devops',
      'can: anything',
      'repositories: *; denied: infrastructure, secrets',
      'may: createBranch, changeCi; may not: deleteBranch, forcePush, mergeToMain, readSecrets',
      'never changes: .env*, *secret*, infrastructure/*',
      'needs approval for: **/schema.sql, **/migration*',
      'tokens a task: 9000; files a commit: no limit',
      '',
    ]);
    expect(await baton('agents', 'show', 'nobody')).toMatchObject({ code: 5 });
  });

  it('refuses permissions that are none, each fault by its JSON pointer', async () => {
    const { code, stderr } = await add(
      `permissions: { may: { forcePush: true, fly: true }, files: { never: ['!src/**'] }, limits: { filesPerCommit: 0 } }`,
    );
    expect(code).not.toBe(0);
    for (const fault of [
      '/permissions/may/forcePush: is always false: Baton never pushes with force',
      '/permissions/files/never/0: names what is meant: it cannot begin with !',
      '/permissions/limits/filesPerCommit: too small',
      '/permissions/may/fly: is not known here',
    ])
      expect(stderr).toContain(fault);
  });
});

describe('baton roles', () => {
  it('says which files a role owns, and takes them from it again', async () => {
    expect((await baton('roles', 'territory', 'frontend-developer', 'web/**', '*.css', '-p', 'demo')).stdout).toBe(
      'frontend-developer owns web/**, *.css\n',
    );
    expect((await baton('roles', 'territory', 'scribe', 'docs')).code).toBe(0);
    const { stdout } = await baton('roles');
    expect(stdout).toMatch(/^frontend-developer +code\.implement.* web\/\*\*, \*\.css$/m);
    expect(stdout).toMatch(/^scribe +anything +docs$/m);
    expect(stdout).toMatch(/^tester .* anything$/m);
    expect((await baton('roles', 'frontend-developer')).stdout).toContain('It owns web/**, *.css, and changes nothing');
    expect(await baton('roles', 'territory', 'scribe')).toMatchObject({ code: 2 });
    expect((await baton('roles', 'territory', 'scribe', '--anywhere')).stdout).toBe(
      'scribe may change files anywhere\n',
    );
    expect((await baton('roles')).stdout).not.toContain('scribe');
  });

  it('lets nobody but an admin say so, and keeps who did', async () => {
    const { author, admin } = api.record.people;
    const asAuthor = runCli(['roles', 'territory', 'tester', 'test'], { BATON_URL: api.url, BATON_TOKEN: author.key });
    expect((await asAuthor).code).not.toBe(0);
    const rows = await api.record.inTx((tx) =>
      tx
        .selectFrom('audit')
        .select(['actor', 'details', 'outcome'])
        .where('action', '=', 'role.territory')
        .orderBy('id')
        .execute(),
    );
    expect(rows[0]).toMatchObject({
      actor: { id: admin.id },
      details: { globs: ['web/**', '*.css'] },
      outcome: 'success',
    });
    expect(rows.at(-1)).toMatchObject({ actor: { id: author.id }, outcome: 'denied' });
  });
});
