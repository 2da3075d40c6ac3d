import { createServer, type Server } from 'node:net';
import { lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { AGENT_UIDS } from '../../src/sandbox/agent-uid.js';
import { bubblewrapLaunch } from '../../src/sandbox/bubblewrap.js';
import { findBubblewrap } from '../../src/sandbox/find-bubblewrap.js';
import { execute } from '../../src/sandbox/execute.js';
import { start } from '../../src/sandbox/start.js';
import { processesWith } from './processes-of.js';
import { findHostTools } from '../../src/sandbox/toolchains/host-tools.js';
import { makeRoom, MIB, node, shell, withLimits } from './sandbox-fixture.js';

const room = makeRoom();
afterAll(room.remove);

describe('a sandbox shows the command', () => {
  it('its workspace, its home and its input', async () => {
    writeFileSync(join(room.workspace, 'here.txt'), 'mine');
    const result = await execute(
      shell('pwd; echo $HOME; cat here.txt -; echo out > new.txt; echo kept > ~/kept.txt', { stdin: ' in' }),
      room.policy,
    );
    expect(result).toMatchObject({ outcome: 'exited', exitCode: 0, stdout: '/workspace\n/home/agent\nmine in' });
    expect(readFileSync(join(room.workspace, 'new.txt'), 'utf8')).toBe('out\n');
    expect(readFileSync(join(room.home, 'kept.txt'), 'utf8')).toBe('kept\n');
  });

  it('certificates, and no place for the private keys of the host', async () => {
    const { stdout } = await execute(
      shell('cat /etc/ssl/certs/*.crt | grep -c BEGIN; ls -d /etc/ssl/* /etc/pki/*'),
      room.policy,
    );
    const [certificates, ...paths] = stdout.trimEnd().split('\n');
    expect(Number(certificates)).toBeGreaterThan(0);
    expect(paths.filter((path) => !/\/(certs|cert\.pem|openssl\.cnf|ca-trust|tls)$/.test(path))).toEqual([]);
  });

  it('the exit code of its own', async () => {
    expect((await execute(shell('exit 7'), room.policy)).exitCode).toBe(7);
  });

  it('no secret of Baton in any process that it can see', async () => {
    process.env['BATON_TEST_SECRET'] = 'hunter2';
    const { stdout } = await execute(
      node(
        `
        const fs = require('fs');
        const read = (file) => { try { return fs.readFileSync(file, 'latin1'); } catch { return ''; } };
        const pids = fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name));
        console.log(pids.length, pids.map((pid) => read('/proc/' + pid + '/environ') + read('/proc/' + pid + '/cmdline')).join(' '));
      `,
        { env: { FOR_THE_AGENT: 'visible' } },
      ),
      room.policy,
    );
    expect(stdout).toMatch(/^[234] /);
    expect(stdout).toContain('visible');
    expect(stdout).not.toMatch(/hunter2|BATON/);
    expect(stdout).not.toContain(room.root);
  });

  it('no open file but its own three', async () => {
    const { stdout } = await execute(shell('for fd in /proc/$$/fd/*; do readlink $fd; done'), room.policy);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .filter((target) => target !== '/dev/null'),
    ).toEqual(Array(3).fill(expect.stringMatching(/^(socket|pipe):/)));
  });

  it('another uid than root, without capabilities and without a way to gain any', async () => {
    const { stdout } = await execute(
      shell('id -u; grep -E "^(CapEff|CapBnd|NoNewPrivs)" /proc/self/status'),
      room.policy,
    );
    expect(stdout).toMatch(/^[1-9]\d*\nCapEff:\s0+\nCapBnd:\s[0-9a-f]+\nNoNewPrivs:\s1\n$/);
  });

  it('no folder of the host but the system and its tool chains, and another worktree neither', async () => {
    const other = makeRoom();
    writeFileSync(join(other.workspace, 'secret.txt'), 'hunter2');
    const shown = findHostTools(process.env).binds.map(({ source }) => source);
    const paths = [homedir(), '/work', '/var', '/sys', '/root', other.workspace, room.root].filter(
      (path) => !shown.some((tool) => tool.startsWith(`${path}/`)),
    );
    const { stdout } = await execute(
      shell(`for p in ${paths.join(' ')}; do ls -d $p; done; ls / ; ls /home; ls -A ${homedir()}`),
      room.policy,
    );
    other.remove();
    const ofTools = shown.flatMap((tool) => tool.split('/'));
    expect(
      stdout
        .split('\n')
        .filter((name) => !/^(lib\w*|s?bin)$/.test(name) && !ofTools.includes(name))
        .sort(),
    ).toEqual(['agent', 'dev', 'etc', 'home', 'opt', 'proc', 'tmp', 'usr', 'workspace'].sort());
  });

  it('node and npm of the platform', async () => {
    const { stdout, tail } = await execute(
      shell('node -p process.version; npm --version; npx --version; which node'),
      room.policy,
    );
    expect(stdout || tail).toMatch(
      new RegExp(`^${process.version}\\n\\d+\\.\\S+\\n\\d+\\.\\S+\\n/opt/node/bin/node\\n$`),
    );
  });

  it('what the policy adds, read-only', async () => {
    const extra = makeRoom();
    writeFileSync(join(extra.workspace, 'shared.txt'), 'shared');
    const { stdout } = await execute(
      shell('cat /opt/git/objects/shared.txt; touch /opt/git/objects/x || echo refused'),
      { ...room.policy, readOnly: [{ source: extra.workspace, target: '/opt/git/objects' }] },
    );
    extra.remove();
    expect(stdout).toBe('sharedrefused\n');
  });
});

describe('a sandbox keeps the command from', () => {
  it('writing anywhere but the workspace, the home and /tmp', async () => {
    const { stdout } = await execute(
      shell(
        'for d in / /usr /usr/local /etc /opt /opt/node/bin /home /dev /tmp /dev/shm /workspace /home/agent /proc/sys/kernel; do (echo x > $d/probe) 2>/dev/null && echo $d; done',
      ),
      room.policy,
    );
    expect(stdout).toBe('/tmp\n/dev/shm\n/workspace\n/home/agent\n');
  });

  it('writing to a read-only workspace', async () => {
    writeFileSync(join(room.workspace, 'reviewed.txt'), 'before');
    const policy = { ...room.policy, workspace: { path: room.workspace, writable: false } };
    const { stdout } = await execute(
      shell('cat reviewed.txt; echo after > reviewed.txt || echo refused; touch x || echo refused'),
      policy,
    );
    expect(stdout).toBe('beforerefused\nrefused\n');
  });

  it('reaching a server on loopback, unless the policy gives it the network', async () => {
    const server = await listen();
    const script = `require('net').connect(${(server.address() as AddressInfo).port}, '127.0.0.1')
      .on('connect', function () { console.log('reached'); this.end(); }).on('error', (error) => console.log(error.code))`;
    const cut = await execute(node(script), room.policy);
    const open = await execute(node(script), { ...room.policy, network: 'host' });
    server.close();
    expect([cut.stdout, open.stdout]).toEqual(['ECONNREFUSED\n', 'reached\n']);
  });

  it('using more memory than its limit, in all of its processes together', async () => {
    const hog = `const kept = []; setInterval(() => { kept.push(Buffer.alloc(16 * 1024 * 1024, 1)); if (kept.length > 7) clearInterval(this); }, 20)`;
    const both = `const { spawn } = require('child_process'); for (let n = 0; n < 3; n++) spawn('node', ['-e', ${JSON.stringify(hog)}]); setInterval(() => {}, 1000)`;
    const result = await execute(node(both), withLimits(room.policy, { memoryBytes: 400 * MIB }));
    expect(result.outcome).toBe('out-of-memory');
  });

  it('filling the memory of the host through /tmp', async () => {
    const { stdout } = await execute(
      shell('head -c 100M /dev/zero > /tmp/big 2>/dev/null || stat -c %s /tmp/big'),
      withLimits(room.policy, { memoryBytes: 64 * MIB }),
    );
    expect(Number(stdout)).toBeLessThanOrEqual(32 * MIB);
    expect(Number(stdout)).toBeGreaterThan(0);
  });
});

describe('a sandbox ends', () => {
  const escape = (mark: string) =>
    `const { spawn } = require('child_process');
     spawn('setsid', ['sh', '-c', '(trap "" TERM; while :; do sleep 0.1; done) & exit 0', '${mark}'], { detached: true, stdio: 'ignore' }).unref();
     process.on('SIGTERM', () => {}); setTimeout(() => console.log('up'), 200); setInterval(() => {}, 1000)`;

  it('when its time is up, with a daemon that left its session and ignores TERM', async () => {
    const result = await execute(node(escape('escaped-by-timeout'), { timeoutMs: 800 }), room.policy);
    expect(result).toMatchObject({ outcome: 'timed-out', stdout: 'up\n' });
    expect(processesWith('escaped-by-timeout')).toEqual([]);
  });

  it('when it is cancelled, at once for a command that heeds TERM', async () => {
    const controller = new AbortController();
    const result = await execute(
      node(
        `process.on('SIGTERM', () => { console.log('saved'); process.exit(0); }); console.log('up'); setInterval(() => {}, 1000)`,
        {
          signal: controller.signal,
          onOutput: () => controller.abort(),
        },
      ),
      room.policy,
    );
    expect(result).toMatchObject({ outcome: 'cancelled', exitCode: 0, stdout: 'up\nsaved\n' });
  });

  it('with its command: what it left in the background is gone', async () => {
    const result = await execute(
      shell(`setsid sh -c 'while :; do sleep 0.1; done' left-behind </dev/null >/dev/null 2>&1 & echo done`),
      room.policy,
    );
    expect(result).toMatchObject({ outcome: 'exited', exitCode: 0, stdout: 'done\n' });
    expect(processesWith('left-behind')).toEqual([]);
  });

  it('with an error, not with an exit code, when it could not be made', async () => {
    const policy = { ...room.policy, readOnly: [{ source: '/no/such/folder', target: '/opt/x' }] };
    await expect(execute(shell('true'), policy)).rejects.toMatchObject({ code: 'sandbox-failed' });
  });
});

(process.getuid?.() === 0 ? describe : describe.skip)('a sandbox started by root', () => {
  it('works below a home that only root may enter', async () => {
    const hidden = makeRoom(homedir());
    const { stdout } = await execute(shell('echo x > made.txt; id -u'), hidden.policy);
    const { uid } = lstatSync(join(hidden.workspace, 'made.txt'));
    hidden.remove();
    expect(uid).toBe(0);
    expect(Number(stdout)).toBeGreaterThanOrEqual(AGENT_UIDS.first);
    expect(Number(stdout)).toBeLessThan(AGENT_UIDS.first + AGENT_UIDS.count);
  });

  it('has a uid of its own while another one runs, but for those of its workspace', async () => {
    const other = makeRoom();
    const end = new AbortController();
    let own = '';
    let others: string[] = [];
    await execute(
      shell('id -u; sleep 600', {
        signal: end.signal,
        onOutput: (_stream, chunk) => {
          own += chunk.toString();
          void Promise.all(
            [
              other.policy,
              { ...other.policy, home: room.home, workspace: { path: room.workspace, writable: false } },
            ].map(async (policy) => (await execute(shell('id -u'), policy)).stdout),
          ).then((uids) => {
            others = uids;
            end.abort();
          });
        },
      }),
      room.policy,
    );
    other.remove();
    expect(others).toHaveLength(2);
    expect(others[0]).not.toBe(own);
    expect(others[1]).toBe(own);
  });

  it('hands files over and back without following links', async () => {
    const victim = join(room.root, 'victim');
    mkdirSync(victim);
    writeFileSync(join(victim, 'file'), '');
    symlinkSync(victim, join(room.workspace, 'link-to-folder'));
    symlinkSync(join(victim, 'file'), join(room.workspace, 'link-to-file'));
    let during: number[] = [];
    await execute(
      shell('echo up; cat', {
        stdin: '',
        onOutput: () => {
          during = [victim, join(victim, 'file')].map((path) => lstatSync(path).uid);
        },
      }),
      room.policy,
    );
    expect(during).toEqual([0, 0]);
    expect(lstatSync(join(room.workspace, 'link-to-file')).uid).toBe(0);
  });
});

describe('a sandbox limits how many processes the command starts', () => {
  it('to some thousands', async () => {
    const { stdout } = await execute(shell('grep "Max processes" /proc/self/limits'), room.policy);
    expect(stdout).toMatch(/^Max processes\s+4096\s+4096\s/);
  });

  it('also where an ordinary user starts it, whose own limit it would take', async () => {
    const bubblewrap = { ...(await findBubblewrap())!, asRoot: false, maxProcesses: 20 };
    const command = shell('grep "Max processes" /proc/self/limits; id -u');
    const { argv, inputs } = bubblewrapLaunch(bubblewrap, 1_000, command, room.policy);
    const child = await start(argv, { env: {}, extraStreams: inputs.length + 1 });
    inputs.forEach((input, index) => (child.stdio[3 + index] as Writable).end(input));
    expect(await text(child.stdout!)).toMatch(/^Max processes\s+20\s+20\s.*\n1000\n$/);
  });
});

async function listen(): Promise<Server> {
  const server = createServer((socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
