import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { sql } from 'kysely';
import { runCli } from '../cli/run-cli.js';
import { eventually } from '../support/eventually.js';
import { noop, plan } from './record.js';
import { serveApi, type Answered, type ServedApi } from './served-api.js';

let api: ServedApi;
let folder: string;

beforeAll(async () => {
  api = await serveApi();
  folder = mkdtempSync(join(tmpdir(), 'baton-commands-'));
});
afterAll(async () => {
  await api.close();
  rmSync(folder, { recursive: true, force: true });
});

const tryGit = (cwd: string, ...args: string[]) =>
  spawnSync('git', ['-c', 'user.name=Maya', '-c', 'user.email=maya@example.org', ...args], { cwd, encoding: 'utf8' });
function git(cwd: string, ...args: string[]): string {
  const { status, stdout, stderr } = tryGit(cwd, ...args);
  if (status !== 0) throw new Error(stderr);
  return stdout.trim();
}
function commit(at: string, file: string): string {
  writeFileSync(join(at, file), `${file}\n`);
  git(at, 'add', '-A');
  git(at, 'commit', '-qm', `Add ${file}`);
  return git(at, 'rev-parse', 'HEAD');
}
/** A person's repository with a work tree and one commit on main. */
function origin(name: string): string {
  const at = join(folder, name);
  git(folder, 'init', '-q', '-b', 'main', at);
  commit(at, 'first');
  return at;
}

interface Shown {
  readonly id: string;
  readonly name: string;
  readonly remoteUrl: string;
  readonly defaultBranch: string;
  readonly protectedBranches: readonly string[];
  readonly warnings: readonly string[];
}
const shown = ({ body }: Answered): Shown => body as unknown as Shown;
async function imported(name: string, source: string): Promise<Shown> {
  const added = await api.post('/api/repositories', { name, source });
  expect(added.status).toBe(201);
  return shown(added);
}
const act = (name: string, what: string, body: unknown = {}) => api.post(`/api/repositories/${name}/${what}`, body);
const audited = async (action: string) => {
  const { items } = (await api.get(`/api/audit?action=repository.${action}&limit=1`)).body;
  const { actor, outcome, details, resource } = items[0] as (typeof items)[0] & { readonly resource: string };
  return { actor: actor.name, outcome, details, resource };
};
const headOf = (at: string, branch = 'main') => git(at, 'rev-parse', `refs/heads/${branch}`);
/** What a merge of Baton's leaves on the default branch. */
function landed({ remoteUrl }: Shown, name: string, branch = 'main'): string {
  const tree = git(remoteUrl, 'rev-parse', `${branch}^{tree}`);
  const made = git(remoteUrl, 'commit-tree', '-p', branch, '-m', name, tree);
  git(remoteUrl, 'update-ref', `refs/heads/${branch}`, made);
  return made;
}
const baton = (...args: readonly string[]) =>
  runCli(args, { BATON_URL: api.url, BATON_TOKEN: api.record.people.admin.key });

describe('the remote URL', () => {
  it('is shown, and plain git clones it, fetches from it and pushes a branch to it', async () => {
    const lib = await imported('remote', origin('remote-origin'));
    const { stdout, code } = await baton('repo', 'show', 'remote');
    expect(code).toBe(0);
    const [, url = ''] = /git clone (\S+)/.exec(stdout) ?? [];
    expect(url).toBe(lib.remoteUrl);
    const clone = join(folder, 'remote-clone');
    git(folder, 'clone', '-q', url, clone);
    expect(headOf(clone)).toBe(headOf(lib.remoteUrl));
    const next = landed(lib, 'Landed');
    git(clone, 'fetch', '-q');
    expect(git(clone, 'rev-parse', 'origin/main')).toBe(next);

    git(clone, 'merge', '-q', 'origin/main');
    commit(clone, 'mine');
    git(clone, 'push', '-q', 'origin', 'HEAD:my-change');
    const refused = tryGit(clone, 'push', 'origin', 'HEAD:main');
    expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('open a pull request') as string });
    expect(headOf(lib.remoteUrl)).toBe(next);
  });
});

describe('set-default-branch', () => {
  it('changes HEAD and protects the branch, the old one too; a branch that is not there is refused', async () => {
    const source = origin('branches');
    git(source, 'branch', 'trunk');
    const lib = await imported('branches', source);
    const none = await act('branches', 'default-branch', { branch: 'none' });
    expect(none).toMatchObject({ status: 404, body: { code: 'branch-not-found' } });
    expect(none.body.detail).toContain('main, trunk');
    const as = { as: 'author' } as const;
    expect((await api.post('/api/repositories/branches/default-branch', { branch: 'trunk' }, as)).status).toBe(403);

    expect(await baton('repo', 'set-default-branch', 'branches', 'trunk')).toMatchObject({ code: 0, stderr: '' });
    expect(shown(await api.get('/api/repositories/branches'))).toMatchObject({
      defaultBranch: 'trunk',
      protectedBranches: ['main', 'trunk'],
    });
    expect(await audited('set-default-branch')).toEqual({
      actor: 'admin',
      outcome: 'success',
      resource: 'repository:branches',
      details: { from: 'main', to: 'trunk' },
    });
    expect(git(lib.remoteUrl, 'symbolic-ref', 'HEAD')).toBe('refs/heads/trunk');
    commit(source, 'direct');
    for (const branch of ['main', 'trunk'])
      expect(tryGit(source, 'push', lib.remoteUrl, `HEAD:${branch}`).status).toBe(1);
  });
});

describe('rename', () => {
  it('keeps runs, policies and the remote URL, and names pipelines that have the old name', async () => {
    const source = origin('renamed');
    const lib = await imported('before', source);
    const run = await api.record.createRun({ repositoryId: lib.id });
    await api.record.addPipeline({ ...plan('nightly', [{ ...noop('one'), repository: 'before' as never }]) });
    const { code, stdout, stderr } = await baton('repo', 'rename', 'before', 'after');
    expect({ code, stdout, stderr }).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`stays ${lib.remoteUrl}`) as string,
      stderr: 'warning: The pipeline nightly names before: save it with the new name.\n',
    });
    expect(await audited('rename')).toMatchObject({
      resource: 'repository:after',
      details: { from: 'before', to: 'after' },
    });
    expect((await api.get('/api/repositories/before')).status).toBe(404);
    expect((await api.get(`/api/runs/${run.number}`)).body).toMatchObject({ repository: 'after' });
    git(folder, 'clone', '-q', lib.remoteUrl, join(folder, 'renamed-clone'));

    // The old name is free: another repository has files of its own.
    const other = await imported('before', origin('renamed-other'));
    expect(other.remoteUrl).not.toBe(lib.remoteUrl);
    expect(headOf(lib.remoteUrl)).toBe(headOf(source));
    expect(await act('before', 'rename', { name: 'after' })).toMatchObject({
      status: 409,
      body: { code: 'repository-exists' },
    });
  });

  it('is refused where it would let agents in that are kept out by the name', async () => {
    await imported('secrets', origin('secrets-origin'));
    await api.record.inTx((tx) =>
      tx
        .insertInto('agents')
        .values({
          organisation_id: api.record.organisationId,
          project_id: api.record.projectId,
          name: 'devon',
          type: 'custom',
          kind: 'SCRIPT',
          adapter: 'command',
          roles: ['developer'],
          entry: '{}',
          risk_level: 'AUTO',
          owner_id: null,
        })
        .execute(),
    );
    expect(await act('secrets', 'rename', { name: 'open' })).toMatchObject({
      status: 409,
      body: { code: 'rename-lifts-denial', detail: expect.stringContaining('devon may not work in secrets') as string },
    });
    expect((await api.get('/api/repositories/secrets')).status).toBe(200);
  });
});

describe('pull', () => {
  it('fast-forwards branches, takes new branches and tags, and leaves what Baton landed and what diverged', async () => {
    const source = origin('pulled');
    for (const branch of ['ahead', 'apart', 'old']) git(source, 'branch', branch);
    const lib = await imported('pulled', source);
    const own = landed(lib, 'Landed ahead', 'ahead');
    const apart = landed(lib, 'Landed apart', 'apart');
    git(source, 'checkout', '-q', 'apart');
    commit(source, 'theirs');
    git(source, 'checkout', '-q', '-b', 'new', 'main');
    const fresh = commit(source, 'fresh');
    git(source, 'branch', '-D', '-q', 'old');
    git(source, 'branch', 'old/deeper');
    git(source, 'tag', 'v1', 'main');
    git(source, 'checkout', '-q', 'main');
    const [before, after] = [headOf(lib.remoteUrl), commit(source, 'second')];

    const pulled = await act('pulled', 'pull');
    expect(pulled).toMatchObject({
      status: 200,
      body: {
        repository: 'pulled',
        from: source,
        updated: [
          { branch: 'main', before, after },
          { branch: 'new', before: null, after: fresh },
        ],
        ahead: ['ahead'],
        diverged: ['apart'],
        clashing: ['old/deeper'],
        newTags: ['v1'],
      },
    });
    expect(headOf(lib.remoteUrl)).toBe(after);
    expect([headOf(lib.remoteUrl, 'ahead'), headOf(lib.remoteUrl, 'apart')]).toEqual([own, apart]);
    expect(await audited('pull')).toMatchObject({
      actor: 'admin',
      details: { from: source, branches: [{ branch: 'main', before, after }, { branch: 'new' }] },
    });
    const { stdout } = await baton('repo', 'pull', 'pulled');
    expect(stdout).toMatch(/ahead has commits that the origin lacks.*apart has diverged.*old\/deeper clashes/s);
    expect(readdirSync(dirname(lib.remoteUrl)).filter((name) => name.includes('pulling'))).toEqual([]);
  });

  it('changes nothing where the default branch has diverged, and works after the merge that it names', async () => {
    const source = origin('diverged');
    const lib = await imported('diverged', source);
    const ours = landed(lib, 'Landed');
    git(source, 'checkout', '-q', '-b', 'side');
    commit(source, 'side');
    git(source, 'checkout', '-q', 'main');
    commit(source, 'theirs');
    const refused = await act('diverged', 'pull');
    expect(refused).toMatchObject({ status: 409, body: { code: 'pull-diverged' } });
    expect(git(lib.remoteUrl, 'for-each-ref', '--format=%(refname) %(objectname)')).toBe(`refs/heads/main ${ours}`);
    const [, how = ''] = /merge the two: git (pull .*? main)\./.exec(refused.body.detail) ?? [];
    git(source, ...how.split(' '), '--no-edit');
    expect((await act('diverged', 'pull')).status).toBe(200);
    expect(headOf(lib.remoteUrl)).toBe(headOf(source));
  });

  it('refuses a filter that the origin has now, keeps a login out of everything, and needs an origin', async () => {
    const source = origin('filtered');
    const lib = await imported('filtered', source);
    const before = headOf(lib.remoteUrl);
    writeFileSync(join(source, '.gitattributes'), '*.key filter=git-crypt\n');
    commit(source, 'locked.key');
    expect(await act('filtered', 'pull')).toMatchObject({ status: 422, body: { code: 'source-filter' } });
    expect(headOf(lib.remoteUrl)).toBe(before);

    await api.post('/api/repositories', { name: 'made-empty' });
    expect(await act('made-empty', 'pull')).toMatchObject({ body: { code: 'no-origin' } });
    expect((await api.post('/api/repositories/filtered/pull', {}, { as: 'author' })).status).toBe(403);
  });
});

describe('push', () => {
  it('brings what landed to a bare origin, never with force, and says why it is rejected', async () => {
    const bare = join(folder, 'bare.git');
    git(folder, 'clone', '-q', '--bare', origin('bare-origin'), bare);
    const lib = await imported('pushed', bare);
    const first = landed(lib, 'Landed');
    expect(await act('pushed', 'push')).toMatchObject({
      status: 200,
      body: { to: bare, branch: 'main', as: 'main', commit: first, result: 'pushed' },
    });
    expect(headOf(bare)).toBe(first);
    expect((await act('pushed', 'push')).body).toMatchObject({ result: 'up-to-date' });
    expect(await audited('push')).toMatchObject({ details: { to: bare, commit: first, result: 'up-to-date' } });

    const theirs = git(bare, 'commit-tree', '-p', 'main', '-m', 'Theirs', 'main^{tree}');
    git(bare, 'update-ref', 'refs/heads/main', theirs);
    landed(lib, 'Landed more');
    const behind = await baton('repo', 'push', 'pushed');
    expect(behind).toMatchObject({ code: 1, stderr: expect.stringContaining('baton repo pull') as string });
    expect(headOf(bare)).toBe(theirs);

    mkdirSync(join(bare, 'hooks'), { recursive: true });
    writeFileSync(join(bare, 'hooks/update'), '#!/bin/sh\necho "a secret of the hook" >&2\nexit 1\n', { mode: 0o755 });
    const refused = await act('pushed', 'push', { as: 'baton/landed' });
    expect(refused).toMatchObject({ status: 409, body: { code: 'push-refused' } });
    expect(refused.body.detail).toContain('refuses a push to baton/landed (hook declined)');
    expect(refused.body.detail).not.toContain('secret');
    rmSync(join(bare, 'hooks/update'));
    expect((await baton('repo', 'push', 'pushed', '--as', 'baton/landed')).code).toBe(0);
    expect(headOf(bare, 'baton/landed')).toBe(headOf(lib.remoteUrl));
    expect((await act('pushed', 'push', { branch: 'none' })).status).toBe(404);
    expect((await act('pushed', 'push', { as: 'a..b' })).body.code).toBe('bad-ref');
  });

  it('says what to do about a branch that is checked out, and does not pass the protection of another repository', async () => {
    const source = origin('checked-out');
    const lib = await imported('checked-out', source);
    landed(lib, 'Landed');
    const refused = await act('checked-out', 'push');
    expect(refused).toMatchObject({ status: 409, body: { code: 'push-checked-out' } });
    const [, how = ''] = /Pull there: git (pull \S+ main)\./.exec(refused.body.detail) ?? [];
    git(source, ...how.split(' '));
    expect(headOf(source)).toBe(headOf(lib.remoteUrl));

    const other = await imported('other', source);
    const next = landed(lib, 'Landed again');
    expect(await act('checked-out', 'push', { to: other.remoteUrl })).toMatchObject({ body: { code: 'push-refused' } });
    expect(headOf(other.remoteUrl)).not.toBe(next);
  });
});

describe('remove', () => {
  it('moves the files aside with the record, and brings both back', async () => {
    const lib = await imported('kept', origin('kept-origin'));
    await act('kept', 'issues', { title: 'Keep me' });
    const run = await api.record.createRun({ repositoryId: lib.id });
    const inUse = await api.send('DELETE', '/api/repositories/kept');
    expect(inUse).toMatchObject({ status: 409, body: { code: 'repository-in-use' } });
    expect(inUse.body.detail).toMatch(new RegExp(`#${run.number}: cancel`));
    await api.record.inTx((tx) => tx.updateTable('runs').set({ status: 'failed' }).where('id', '=', run.id).execute());

    const { code, stdout } = await baton('repo', 'remove', 'kept');
    expect(code).toBe(0);
    const [, files = ''] = /at least: (\S+)/.exec(stdout) ?? [];
    expect([existsSync(lib.remoteUrl), existsSync(join(files, 'HEAD'))]).toEqual([false, true]);
    expect(await audited('remove')).toMatchObject({ resource: 'repository:kept', details: { files } });
    expect((await api.get('/api/repositories')).text).not.toContain('"kept"');
    expect((await api.get(`/api/runs/${run.number}`)).body).toMatchObject({ repository: 'kept' });
    expect((await baton('repo', 'list', '--removed')).stdout).toContain(files);
    expect((await api.send('DELETE', '/api/repositories/kept')).status).toBe(404);

    // The name is free meanwhile, and taken when it is to come back.
    await imported('kept', origin('kept-other'));
    expect(await act('kept', 'restore')).toMatchObject({ status: 409, body: { code: 'repository-exists' } });
    await act('kept', 'rename', { name: 'kept-2' });
    const restored = await baton('repo', 'restore', 'kept');
    expect(restored).toMatchObject({ code: 0 });
    const back = shown(await api.get('/api/repositories/kept'));
    expect(back.id).toBe(lib.id);
    expect(tryGit(folder, 'clone', '-q', back.remoteUrl, join(folder, 'kept-clone')).status).toBe(0);
    expect((await api.get('/api/repositories/kept/issues')).body.items).toMatchObject([{ title: 'Keep me' }]);
    expect(existsSync(files)).toBe(false);
  });

  it('deletes the files with --purge, at once or later, and by itself after 30 days', async () => {
    const lib = await imported('gone', origin('gone-origin'));
    await api.send('DELETE', '/api/repositories/gone');
    const aside = join(dirname(lib.remoteUrl), 'removed', `${lib.id}.git`);
    expect(existsSync(aside)).toBe(true);
    expect((await baton('repo', 'remove', 'gone', '--purge')).stdout).toContain('its files are deleted');
    expect(existsSync(aside)).toBe(false);
    expect(await audited('purge')).toMatchObject({ actor: 'admin', resource: 'repository:gone' });
    expect(await act('gone', 'restore')).toMatchObject({ status: 404 });
    expect((await api.send('DELETE', '/api/repositories/gone?purge=true')).status).toBe(404);

    const old = await imported('expired', origin('expired-origin'));
    await act('expired', 'issues', { title: 'Its record stays' });
    await api.send('DELETE', '/api/repositories/expired');
    const place = join(dirname(old.remoteUrl), 'removed', `${old.id}.git`);
    await api.deps.forge.tidy();
    expect(existsSync(place)).toBe(true);
    await sql`update repositories set removed_at = now() - interval '31 days' where id = ${old.id}`.execute(
      api.record.db,
    );
    await api.deps.forge.tidy();
    expect(existsSync(place)).toBe(false);
    expect(await act('expired', 'restore')).toMatchObject({
      status: 404,
      body: { detail: expect.stringContaining('are deleted') as string },
    });
  });
});

describe('a process that is killed', () => {
  /** Serves a bare repository as files, and holds back its objects while it is told to. */
  async function slowOrigin(
    name: string,
  ): Promise<{ url: string; server: Server; hold: (held: boolean) => void; at: string }> {
    const at = join(folder, `${name}.git`);
    git(folder, 'clone', '-q', '--bare', origin(name), at);
    git(at, 'update-server-info');
    let isHeld = false;
    const server = createServer((req, res) => {
      const path = new URL(req.url ?? '/', 'http://x').pathname;
      if (isHeld && path.includes('/objects/')) return;
      const file = join(folder, path);
      if (existsSync(file) && !file.endsWith('/')) res.end(readFileSync(file));
      else res.writeHead(404).end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${name}.git`;
    return { url, server, at, hold: (held) => void (isHeld = held) };
  }

  /** Starts an act of the forge in a process of its own, and kills it with its children once `isInTheMiddle`. */
  async function killed(action: string, wanted: unknown, isInTheMiddle: () => unknown): Promise<void> {
    const victim = spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        '--import',
        './test/support/typescript-imports.js',
        resolve(import.meta.dirname, 'forge-victim.ts'),
        api.record.url,
        api.dataDirectory,
        action,
        JSON.stringify(wanted),
      ],
      { cwd: resolve(import.meta.dirname, '../..'), detached: true, stdio: 'inherit' },
    );
    const exited = once(victim, 'exit');
    await eventually(isInTheMiddle, 60_000);
    process.kill(-victim.pid!, 'SIGKILL');
    expect((await exited)[1]).toBe('SIGKILL');
  }

  const principal = () => ({
    organisationId: api.record.organisationId,
    personId: api.record.people.admin.id,
    handle: 'admin',
  });
  const forgeFolder = () => join(api.dataDirectory, 'forge', api.record.projectId);
  const temporary = () =>
    existsSync(forgeFolder()) ? readdirSync(forgeFolder()).filter((name) => /\.(making|pulling)-/.test(name)) : [];

  it('in an import leaves nothing after the next start, and the import works when it is repeated', async () => {
    const slow = await slowOrigin('slow');
    slow.hold(true);
    const { projectId } = api.record;
    await killed(
      'createRepository',
      { principal: principal(), projectId, name: 'slow', source: slow.url },
      () => temporary().length > 0,
    );
    slow.server.closeAllConnections();
    expect(temporary()).toHaveLength(1);
    await api.deps.forge.tidy();
    expect(temporary()).toEqual([]);
    expect((await api.get('/api/repositories')).text).not.toContain('"slow"');
    slow.hold(false);
    const lib = await imported('slow', slow.url);
    expect(headOf(lib.remoteUrl)).toBe(headOf(slow.at));

    // The same in a pull: the branches are where they were.
    const work = join(folder, 'slow');
    const [before, after] = [headOf(slow.at), commit(work, 'second')];
    git(work, 'push', '-q', slow.at, 'HEAD:main');
    git(slow.at, 'update-server-info');
    slow.hold(true);
    const pull = { principal: principal(), repositoryId: lib.id, from: null };
    await killed('pullOrigin', pull, () => temporary().length > 0);
    slow.server.closeAllConnections();
    expect(headOf(lib.remoteUrl)).toBe(before);
    await api.deps.forge.tidy();
    expect(temporary()).toEqual([]);
    slow.hold(false);
    expect((await act('slow', 'pull')).body).toMatchObject({ updated: [{ branch: 'main', before, after }] });
    slow.server.close();
  });

  it('while it removes a repository has the files back after the next start, and the removal works when it is repeated', async () => {
    const lib = await imported('half', origin('half-origin'));
    const aside = join(dirname(lib.remoteUrl), 'removed', `${lib.id}.git`);
    const { db } = api.record;
    await sql`create function stand_still() returns trigger language plpgsql as
      $$ begin perform pg_sleep(120); return null; end $$`.execute(db);
    await sql`create constraint trigger stand_still after update on repositories deferrable initially deferred
      for each row when (new.removed_at is not null) execute function stand_still()`.execute(db);
    await killed('removeRepository', { principal: principal(), repositoryId: lib.id }, () => existsSync(aside));
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and wait_event = 'PgSleep'`.execute(db);
    await sql`drop trigger stand_still on repositories`.execute(db);
    expect(existsSync(lib.remoteUrl)).toBe(false);

    await api.deps.forge.settleRepository(api.record.organisationId, lib.id);
    expect(headOf(shown(await api.get('/api/repositories/half')).remoteUrl)).toBe(headOf(join(folder, 'half-origin')));
    expect((await api.send('DELETE', '/api/repositories/half')).status).toBe(200);
    expect(existsSync(join(aside, 'HEAD'))).toBe(true);
  });
});
