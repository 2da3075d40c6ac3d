import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  all,
  attempt,
  ifRoot,
  makeOpenRoom,
  onHost,
  WHO,
  withCapabilities,
  withoutFilter,
  withoutOption,
  type Who,
} from './escape-fixture.js';
import { processesWith } from './processes-of.js';
import { shell } from './sandbox-fixture.js';

const room = makeOpenRoom();
afterAll(room.remove);

/** Numbers of system calls, for perl's syscall(). */
const CALLS: Partial<Record<NodeJS.Architecture, Record<'ptrace' | 'add_key' | 'keyctl' | 'readv', number>>> = {
  x64: { ptrace: 101, add_key: 248, keyctl: 250, readv: 310 },
  arm64: { ptrace: 117, add_key: 217, keyctl: 219, readv: 270 },
};
const calls = CALLS[process.arch]!;
const setting = (name: string): string | null => {
  try {
    return readFileSync(`/proc/sys/${name}`, 'utf8').trim();
  } catch {
    return null;
  }
};

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

/** A process of the host of the very uid that the agent has outside. */
async function neighbour(who: Who): Promise<number> {
  const [program, ...args] = onHost(who, 'echo up; exec sleep 600');
  const child = spawn(program!, args, { env: { SECRET: 'hunter2' }, stdio: ['ignore', 'pipe', 'ignore'] });
  started.push(child);
  await once(child.stdout, 'data');
  return child.pid!;
}

const seesAll = withoutOption('--unshare-pid');
/** A shell that looks for the process that has slept for 600 s, by which pid it may be here. */
const FIND = `pid=; for p in /proc/[0-9]*; do [ "$(tr '\\0' ' ' < $p/cmdline 2>/dev/null)" = 'sleep 600 ' ] && pid=\${p#/proc/}; done;`;

describe.each(WHO)(
  'an agent of a Baton that %s started cannot get at a process outside, though of its own uid:',
  (who) => {
    const tried = async (script: string): Promise<string[]> => {
      await neighbour(who);
      const command = shell(`${FIND} ${script}`);
      return [
        (await attempt(who, command, room.policy)).stdout.trim(),
        (await attempt(who, command, room.policy, seesAll)).stdout.trim(),
      ];
    };

    it('by seeing it', async () => {
      expect(await tried('[ -n "$pid" ] && echo seen')).toEqual(['', 'seen']);
    });

    // One whom the agent may see: an ordinary user's is in another user namespace as well, which refuses the rest again.
    const itself = who === 'root' ? it : it.skip;
    itself('by its environment', async () => {
      expect(await tried(`[ -n "$pid" ] && tr '\\0' '\\n' < /proc/$pid/environ | grep SECRET`)).toEqual([
        '',
        'SECRET=hunter2',
      ]);
    });

    itself('by a way through its root folder', async () => {
      const secret = `baton-escape-${process.pid}`;
      expect(await tried(`[ -n "$pid" ] && [ -e /proc/$pid/root/${process.execPath} ] && echo ${secret}`)).toEqual([
        '',
        secret,
      ]);
    });

    it('by a signal', async () => {
      const pid = await neighbour(who);
      const gone = once(started.at(-1)!, 'exit');
      const command = shell(`${FIND} kill -9 $pid && echo killed`);
      expect((await attempt(who, command, room.policy)).stdout).toBe('');
      // All that it may signal: nothing outside of it.
      await attempt(who, shell('kill -9 -1'), room.policy);
      expect(existsSync(`/proc/${pid}`)).toBe(true);
      expect((await attempt(who, command, room.policy, seesAll)).stdout).toBe('killed\n');
      await gone;
    });

    (setting('kernel/yama/ptrace_scope') === '0' || setting('kernel/yama/ptrace_scope') === null ? itself : it.skip)(
      'by tracing it',
      async () => {
        const trace = `[ -n "$pid" ] && perl -e 'print syscall(${calls.ptrace}, 0x4206, 0 + $ARGV[0], 0, 0)' $pid`;
        expect(await tried(trace)).toEqual(['', '0']);
      },
    );
  },
);

describe.each(WHO)('an agent of a Baton that %s started leaves nothing behind:', (who) => {
  const leaves = {
    'a daemon by double fork': (mark: string) =>
      `(setsid sh -c 'while :; do sleep 0.1; done' ${mark} >/dev/null 2>&1 </dev/null &) ; sleep 0.2`,
    'a process that hears no signal': (mark: string) =>
      `setsid sh -c 'trap "" TERM HUP INT; while :; do sleep 0.1; done' ${mark} >/dev/null 2>&1 </dev/null & sleep 0.2`,
    'a process in the background of another session': (mark: string) =>
      `nohup setsid -f sh -c 'while :; do sleep 0.1; done' ${mark} >/dev/null 2>&1`,
  };
  it.each(Object.entries(leaves))('%s', async (_what, script) => {
    const mark = `baton-left-${process.pid}-${Math.round(performance.now())}`;
    await attempt(who, shell(script(mark)), room.policy);
    expect(processesWith(mark)).toEqual([]);
    const free = all(withoutOption('--unshare-pid', '--die-with-parent'));
    await attempt(who, shell(script(mark)), room.policy, free);
    const left = processesWith(mark);
    for (const pid of left) process.kill(pid, 'SIGKILL');
    expect(left).not.toEqual([]);
  });
});

describe.each(WHO)('an agent of a Baton that %s started gains nothing by', (who) => {
  /** As an ordinary user bubblewrap closes user namespaces by itself as well. */
  const withUserNamespaces = all(withoutFilter, withoutOption('--disable-userns'));

  it('a user namespace of its own', async () => {
    const command = shell('unshare --user --map-root-user id -u');
    expect((await attempt(who, command, room.policy)).stdout).toBe('');
    expect((await attempt(who, command, room.policy, withUserNamespaces)).stdout).toBe('0\n');
  });

  it('a mount in one', async () => {
    const command = shell('unshare --user --map-root-user --mount sh -c "mount -t tmpfs none /usr && echo mounted"');
    expect((await attempt(who, command, room.policy)).stdout).toBe('');
    expect((await attempt(who, command, room.policy, withUserNamespaces)).stdout).toBe('mounted\n');
  });

  it('a keyring, which no namespace separates', async () => {
    const add = `perl -e 'my ($t, $n, $v) = ("user", "baton-escape", "x"); print syscall(${calls.add_key}, $t, $n, $v, 1, -2) > 0 ? "kept" : $!'`;
    expect((await attempt(who, shell(add), room.policy)).stdout).toBe('Operation not permitted');
    expect((await attempt(who, shell(add), room.policy, withoutFilter)).stdout).toBe('kept');
  });

  (setting('dev/tty/legacy_tiocsti') === '0' ? it.skip : it)('typing into a terminal', async () => {
    const command = shell(
      `script -qec "perl -e 'open(T, q(+<), q(/dev/tty)) or die; my \\$c = q(x); print ioctl(T, 0x5412, \\$c) ? q(typed) : q(refused)'" /dev/null < /dev/null`,
    );
    expect((await attempt(who, command, room.policy)).stdout).toContain('refused');
    expect((await attempt(who, command, room.policy, withoutFilter)).stdout).toContain('typed');
  });

  it('a terminal of whoever started it', async () => {
    expect((await attempt(who, shell('echo x > /dev/tty'), room.policy)).exitCode).not.toBe(0);
    const command = shell('cut -d" " -f6 /proc/self/stat; echo; cut -d" " -f7 /proc/self/stat');
    // Its session begins inside, and has no terminal; without that the session is one of outside (0 from in here).
    expect((await attempt(who, command, room.policy)).stdout).toMatch(/^[1-9]\d*\n\n0\n$/);
    expect((await attempt(who, command, room.policy, withoutOption('--new-session'))).stdout).toMatch(/^0\n/);
  });

  (setting('kernel/core_pattern')?.startsWith('|') === true ? it.skip : it)('the dump of a process', async () => {
    const command = shell('ulimit -c unlimited 2>/dev/null; sh -c "kill -SEGV \\$\\$"; ls /workspace | grep -c core');
    expect((await attempt(who, command, room.policy)).stdout).toBe('0\n');
    const dumping = await attempt(who, command, room.policy, ({ options, argv }) => ({
      options,
      argv: argv.map((argument) => (argument.startsWith('--core=') ? '--core=unlimited:unlimited' : argument)),
    }));
    rmSync(join(room.workspace, 'core'), { force: true });
    expect(dumping.stdout).toBe('1\n');
  });

  it('what the environment of Baton holds', async () => {
    process.env['BATON_ESCAPE_SECRET'] = 'hunter2';
    const command = shell(`cat /proc/[0-9]*/environ | tr '\\0' '\\n' | grep -c hunter2`);
    expect((await attempt(who, command, room.policy)).stdout).toBe('0\n');
    const { stdout } = await attempt(
      who,
      { ...command, env: { LEAK: process.env['BATON_ESCAPE_SECRET'] } },
      room.policy,
    );
    Reflect.deleteProperty(process.env, 'BATON_ESCAPE_SECRET');
    expect(Number(stdout)).toBeGreaterThan(0);
  });

  it('memory that it shares with processes outside', async () => {
    const command = shell('ipcmk -M 12288 >/dev/null; ipcs -m | grep -c 12288');
    // Ids of segments of this size: PostgreSQL servers of the host have others, which come and go.
    const segments = (): readonly string[] =>
      readFileSync('/proc/sysvipc/shm', 'utf8')
        .split('\n')
        .map((line) => line.trim().split(/\s+/))
        .flatMap(([, id, , size]) => (size === '12288' ? [id!] : []));
    const before = segments();
    expect((await attempt(who, command, room.policy)).stdout).toBe('1\n');
    expect(segments()).toEqual(before);
    await attempt(who, shell('ipcmk -M 12288'), room.policy, withoutOption('--unshare-ipc'));
    const made = segments().filter((id) => !before.includes(id));
    expect(made).toHaveLength(1);
    const removed = spawn('sh', ['-c', `ipcrm -m ${made[0]!}`]);
    await once(removed, 'exit');
  });
});

describe('an agent cannot become root', () => {
  ifRoot('of the host, that Baton is', async () => {
    const command = shell('setpriv --reuid 0 id -u; perl -e \'$> = 0; $< = 0; print "uid $>\\n"\'');
    expect((await attempt('root', command, room.policy)).stdout).not.toContain('uid 0');
    expect((await attempt('root', command, room.policy, withCapabilities)).stdout).toContain('uid 0');
  });

  ifRoot('by settings of the kernel', async () => {
    const command = shell('echo baton-escape > /proc/sys/kernel/domainname && echo written');
    expect((await attempt('root', command, room.policy)).stdout).toBe('');
    expect((await attempt('root', command, room.policy, withCapabilities)).stdout).toBe('written\n');
  });
});
