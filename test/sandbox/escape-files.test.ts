import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { readInside } from '../../src/sandbox/read-inside.js';
import {
  all,
  attempt,
  giveToAgent,
  ifRoot,
  makeOpenRoom,
  onHost,
  WHO,
  withCapabilities,
  showing,
  withoutFilter,
  withoutOption,
  type Who,
} from './escape-fixture.js';
import { shell } from './sandbox-fixture.js';

const room = makeOpenRoom();
afterAll(room.remove);

/** A folder of the host beside the workspace. */
function hostFolder(name: string): string {
  const path = join(room.root, name);
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path);
  chmodSync(path, 0o755);
  return path;
}

describe.each(WHO)('an agent of a Baton that %s started cannot reach the files of the host:', (who) => {
  it.each([
    ['a file by its path', (folder: string) => `cat ${folder}/secret`],
    ['another worktree by a way up', (folder: string) => `cat ../..${folder}/secret`],
    ['a file through a link that it makes', (folder: string) => `ln -sf ${folder}/secret link && cat link; rm -f link`],
    ['a file through its own /proc', (folder: string) => `cat /proc/self/root${folder}/secret`],
    ['the names in a folder', (folder: string) => `grep -r . ${folder}`],
  ])('%s', async (_what, script) => {
    const folder = hostFolder('host');
    writeFileSync(join(folder, 'secret'), 'hunter2');
    const command = shell(script(folder));
    expect((await attempt(who, command, room.policy)).tail).not.toContain('hunter2');
    const shown = await attempt(who, command, room.policy, showing(folder));
    expect(shown.stdout).toContain('hunter2');
  });

  it('the Docker socket', async () => {
    const folder = hostFolder('run');
    const path = join(folder, 'docker.sock');
    const server = createServer((socket) => socket.end('engine'));
    await new Promise<void>((resolve) => server.listen(path, resolve));
    chmodSync(path, 0o777);
    const command = shell(
      `node -e 'require("net").connect(process.argv[1]).on("error", () => {}).pipe(process.stdout)' ${path}; ls /var/run/docker.sock /run/docker.sock`,
    );
    expect((await attempt(who, command, room.policy)).stdout).toBe('');
    const shown = await attempt(who, command, room.policy, showing(folder));
    server.close();
    expect(shown.stdout).toBe('engine');
  });

  it('what the policy shows read-only, to write there', async () => {
    const folder = hostFolder('shown');
    writeFileSync(join(folder, 'file'), 'before');
    for (const path of [folder, join(folder, 'file')]) giveToAgent(who, path);
    const policy = { ...room.policy, readOnly: [{ source: folder, target: '/opt/shown' }] };
    const command = shell('chmod u+w /opt/shown/file; echo after > /opt/shown/file; touch /opt/shown/new');
    await attempt(who, command, policy);
    expect([readFileSync(join(folder, 'file'), 'utf8'), existsSync(join(folder, 'new'))]).toEqual(['before', false]);
    await attempt(who, command, policy, ({ options, argv }) => ({
      options: options.map((option, index) =>
        option === '--ro-bind' && options[index + 1] === folder ? '--bind' : option,
      ),
      argv,
    }));
    expect([readFileSync(join(folder, 'file'), 'utf8'), existsSync(join(folder, 'new'))]).toEqual(['after\n', true]);
  });

  it('a read-only workspace, to write there', async () => {
    const own = makeOpenRoom();
    const policy = { ...own.policy, workspace: { path: own.workspace, writable: false } };
    const command = shell('touch /workspace/new');
    await attempt(who, command, policy);
    expect(existsSync(join(own.workspace, 'new'))).toBe(false);
    await attempt(who, command, { ...policy, workspace: { ...policy.workspace, writable: true } });
    expect(existsSync(join(own.workspace, 'new'))).toBe(true);
    own.remove();
  });

  it('by a hard link to what it may only read', async () => {
    const folder = hostFolder('objects');
    writeFileSync(join(folder, 'object'), 'x');
    giveToAgent(who, join(folder, 'object'));
    const policy = { ...room.policy, readOnly: [{ source: folder, target: '/opt/git/objects' }] };
    await attempt(who, shell('ln -f /opt/git/objects/object /workspace/linked'), policy);
    expect(existsSync(join(room.workspace, 'linked'))).toBe(false);
    // On the host, where both are one file system, the file would be given to the agent with the workspace.
    giveToAgent(who, room.workspace);
    const [program, ...args] = onHost(who, `ln -f ${folder}/object ${room.workspace}/linked`);
    execFileSync(program!, args);
    expect(lstatSync(join(folder, 'object')).nlink).toBe(2);
    rmSync(join(room.workspace, 'linked'));
  });
});

describe('an agent cannot have Baton read for it', () => {
  const secret = (): string => {
    const folder = hostFolder('secrets');
    writeFileSync(join(folder, 'secret'), 'hunter2');
    return join(folder, 'secret');
  };

  it.each([
    ['a link in the place of a result', (path: string) => `ln -sf ${path} report.json`, 'report.json'],
    ['a link in the place of a folder', (path: string) => `rm -rf out; ln -s ${dirname(path)} out`, 'out/secret'],
    ['a way up', () => 'true', '../secrets/secret'],
  ])('%s', async (_what, script, path) => {
    const file = secret();
    await attempt(WHO[0]!, shell(script(file)), room.policy);
    await expect(readInside(room.workspace, path, 1_000)).rejects.toMatchObject({ code: 'path-escapes' });
    expect(await readFile(join(room.workspace, path), 'utf8')).toBe('hunter2');
  });

  it('a pipe in the place of a result, at which it would wait for ever', async () => {
    await attempt(WHO[0]!, shell('rm -f report.xml; mkfifo report.xml'), room.policy);
    await expect(readInside(room.workspace, 'report.xml', 1_000)).rejects.toMatchObject({ code: 'not-a-regular-file' });
    const waiting = readFile(join(room.workspace, 'report.xml'), 'utf8');
    writeFileSync(join(room.workspace, 'report.xml'), 'whatever it says');
    expect(await waiting).toBe('whatever it says');
  });

  it('a result without an end', async () => {
    await attempt(WHO[0]!, shell('rm -f report.xml; truncate -s 1G report.xml'), room.policy);
    await expect(readInside(room.workspace, 'report.xml', 1_000)).rejects.toMatchObject({ code: 'file-too-large' });
    expect((await readInside(room.workspace, 'report.xml', 2 ** 30))!.length).toBe(2 ** 30);
  });
});

describe.each(WHO)('an agent of a Baton that %s started cannot change the system it sees:', (who: Who) => {
  it('folders in between', async () => {
    const probes = '/x /home/x /dev/x /etc/x /opt/x';
    const command = shell(`for p in ${probes}; do touch $p && echo $p; done 2>/dev/null`);
    expect((await attempt(who, command, room.policy)).stdout).toBe('');
    const open = await attempt(
      who,
      command,
      room.policy,
      all(withoutOption(['--remount-ro', 1]), who === 'root' ? withCapabilities : (launch) => launch),
    );
    expect(open.stdout).toContain('/home/x');
  });

  it('/etc/passwd, by which it would be another', async () => {
    const command = shell(
      'chmod u+w /etc/passwd; echo "evil:x:0:0::/:/bin/sh" >> /etc/passwd; grep -c evil /etc/passwd',
    );
    expect((await attempt(who, command, room.policy)).stdout).toBe('0\n');
    const open = await attempt(
      who,
      command,
      room.policy,
      all(
        ({ options, argv }) => ({
          options: options.map((option) => (option === '--ro-bind-data' ? '--bind-data' : option)),
          argv,
        }),
        who === 'root' ? withCapabilities : (launch) => launch,
      ),
    );
    expect(open.stdout).toBe('1\n');
  });
});

describe('what only root could do for an agent:', () => {
  ifRoot('to mount what is read-only anew', async () => {
    const folder = hostFolder('remount');
    const policy = { ...room.policy, readOnly: [{ source: folder, target: '/opt/shown' }] };
    const command = shell('mount -o remount,bind,rw /opt/shown; touch /opt/shown/new');
    await attempt('root', command, policy);
    expect(existsSync(join(folder, 'new'))).toBe(false);
    await attempt('root', command, policy, all(withCapabilities, withoutFilter));
    expect(existsSync(join(folder, 'new'))).toBe(true);
  });

  ifRoot('to make a device of the host', async () => {
    const command = shell('mknod /workspace/disk b 254 0');
    await attempt('root', command, room.policy);
    expect(existsSync(join(room.workspace, 'disk'))).toBe(false);
    await attempt('root', command, room.policy, withCapabilities);
    expect(lstatSync(join(room.workspace, 'disk')).isBlockDevice()).toBe(true);
    rmSync(join(room.workspace, 'disk'));
  });

  ifRoot('to hand a set-uid program back to root', async () => {
    const command = shell('cp /usr/bin/id id && chmod 6755 id');
    await attempt('root', command, room.policy);
    const handed = lstatSync(join(room.workspace, 'id'));
    expect([handed.uid, handed.mode & 0o6000]).toEqual([0, 0]);
    // Made on the host by one who is root, it stays what it is.
    execFileSync('sh', ['-c', `cp /usr/bin/id ${room.workspace}/id2 && chmod 6755 ${room.workspace}/id2`]);
    const made = lstatSync(join(room.workspace, 'id2'));
    expect([made.uid, made.mode & 0o6000]).toEqual([0, 0o6000]);
    rmSync(join(room.workspace, 'id2'));
  });

  ifRoot('to run a set-uid program', async () => {
    const folder = hostFolder('setuid');
    execFileSync('sh', ['-c', `cp /usr/bin/id ${folder}/id && chmod 4755 ${folder}/id`]);
    const policy = { ...room.policy, readOnly: [{ source: folder, target: '/opt/shown' }] };
    expect((await attempt('root', shell('/opt/shown/id'), policy)).stdout).not.toContain('euid=0');
    const [program, ...args] = onHost('root', `${folder}/id`);
    expect(execFileSync(program!, args).toString()).toContain('euid=0');
  });
});

describe('sandboxes cannot reach each other:', () => {
  it.each(['/tmp/shared', '/dev/shm/shared', '/home/agent/shared'])('by %s', async (path) => {
    const other = makeOpenRoom();
    await attempt(WHO[0]!, shell(`echo hunter2 > ${path}`), room.policy);
    const command = shell(`cat ${path}`);
    expect((await attempt(WHO[0]!, command, other.policy)).stdout).toBe('');
    if (path.startsWith('/home'))
      expect((await attempt(WHO[0]!, command, { ...other.policy, home: room.home })).stdout).toBe('hunter2\n');
    other.remove();
  });
});
