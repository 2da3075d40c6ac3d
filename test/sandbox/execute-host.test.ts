import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from '../../src/sandbox/command.js';
import { execute } from '../../src/sandbox/execute.js';
import type { SandboxPolicy } from '../../src/sandbox/policy.js';
import { processesWith } from './processes-of.js';
import { shell } from './sandbox-fixture.js';

const host: SandboxPolicy = { kind: 'host', reason: 'the tests of the executor' };

describe('execute on the host', () => {
  it('returns exit code and output', async () => {
    const result = await execute(shell('cat; echo bad >&2; exit 3', { stdin: 'hello' }), host);
    expect(result).toMatchObject({ outcome: 'exited', exitCode: 3, signal: null, stdout: 'hello', stdoutCut: false });
    expect(result.tail).toContain('bad');
  });

  it('passes nothing of its own environment but PATH', async () => {
    process.env['BATON_TEST_SECRET'] = 'hunter2';
    const { stdout } = await execute(shell('env', { env: { WANTED: 'yes' } }), host);
    expect(stdout).toContain('WANTED=yes');
    expect(stdout).not.toContain('hunter2');
  });

  it('says which program could not be started', async () => {
    await expect(execute({ argv: ['no-such-program'], timeoutMs: 1_000 }, host)).rejects.toMatchObject({
      code: 'command-not-started',
      details: { argv: ['no-such-program'] },
    });
  });

  it('starts commands by one process beside this one, and by another when that has died', async () => {
    const parent = async (): Promise<number> => Number((await execute(shell('echo $PPID'), host)).stdout);
    const starter = await parent();
    expect(starter).not.toBe(process.pid);
    expect(await Promise.all([parent(), parent()])).toEqual([starter, starter]);

    const onOutput = (): void => void process.kill(starter, 'SIGKILL');
    const interrupted = await execute(shell('echo up; exec sleep 78.25', { onOutput }), host);
    expect(interrupted).toMatchObject({ exitCode: null, signal: 'SIGKILL', stdout: 'up\n' });
    expect(processesWith('78.25')).toEqual([]);
    expect(await parent()).not.toBe(starter);
  });

  it('gives each of many commands at once its own input and its own output', async () => {
    const texts = Array.from({ length: 30 }, (_, n) => `${n}`.repeat(n * 1_000));
    const results = await Promise.all(texts.map((stdin) => execute(shell('cat', { stdin }), host)));
    expect(results.map(({ stdout }) => stdout)).toEqual(texts);
  });

  it('kills a command that ignores TERM, with its children', async () => {
    const mark = `deaf-${process.pid}`;
    const deaf = `trap '' TERM; sh -c 'trap "" TERM; while :; do sleep 0.1; done' ${mark} & while :; do sleep 0.1; done`;
    const result = await execute(shell(deaf, { timeoutMs: 300 }), host);
    expect(result).toMatchObject({ outcome: 'timed-out', signal: 'SIGKILL' });
    expect(processesWith(mark)).toEqual([]);
  });

  it('lets a command that heeds TERM clean up', async () => {
    const result = await execute(
      shell('trap "echo cleaned; exit 0" TERM; while :; do sleep 0.05; done', { timeoutMs: 300 }),
      host,
    );
    expect(result).toMatchObject({ outcome: 'timed-out', exitCode: 0, stdout: 'cleaned\n' });
  });

  it('does not wait for a background child that outlives the command', async () => {
    const result = await execute(shell('sleep 77.25 & echo done'), host);
    expect(result.stdout).toBe('done\n');
    expect(processesWith('77.25')).toEqual([]);
  });

  it('is cancelled by its signal, also by one that was aborted before', async () => {
    const controller = new AbortController();
    const cancelled = await execute(
      shell('echo up; sleep 60', { signal: controller.signal, onOutput: () => controller.abort() }),
      host,
    );
    expect(cancelled.outcome).toBe('cancelled');
    expect((await execute(shell('sleep 60', { signal: AbortSignal.abort() }), host)).outcome).toBe('cancelled');
  });

  it('cuts and marks what is more than wanted, at a whole character', async () => {
    const result = await execute(shell('printf "ééé"', { maxOutputBytes: 3 }), host);
    expect(result).toMatchObject({ outcome: 'exited', stdoutCut: true });
    expect(result.stdout).toBe('é\n[Baton cut the output here: 3 of 6 bytes kept]');
  });

  it('ends a command whose listener throws, and throws that', async () => {
    const error = new Error('cannot take it');
    const onOutput = () => {
      throw error;
    };
    await expect(execute(shell('echo one; exec sleep 78.25', { onOutput }), host)).rejects.toBe(error);
    expect(processesWith('78.25')).toEqual([]);
  });

  it('leaves out of the end what no record can keep', async () => {
    const { tail } = await execute(shell(`printf 'a\\0b'; printf '😀%01999d' 0`), host);
    expect(tail).toBe(`\ufffd${'0'.repeat(1_999)}`);
    expect((await execute(shell(`printf 'a\\0b'`), host)).tail).toBe('a\ufffdb');
  });

  it('ends a command that never stops talking', async () => {
    const result = await execute({ argv: ['yes'], timeoutMs: 20_000, maxStreamedBytes: 1_000_000 }, host);
    expect(result.outcome).toBe('output-limit');
  });

  it('keeps the end of both streams', async () => {
    const { tail } = await execute(shell('seq 1 5000; echo the end >&2'), host);
    expect(tail).toHaveLength(2_000);
    expect(tail).toMatch(/5000\nthe end\n$/);
  });

  it('hands on whole characters, however their bytes come', async () => {
    const said: Buffer[] = [];
    const script = `printf 'a\\303'; printf x >&2; sleep 0.2; printf '\\251b\\0\\377\\360\\237'`;
    await execute(shell(script, { onOutput: (_stream, chunk) => void said.push(chunk) }), host);
    expect(said.join('')).toMatch(/é/);
    expect(
      said
        .map((chunk) => chunk.toString('latin1'))
        .join('')
        .replace('x', ''),
    ).toBe('aÃ©b\0ÿð\x9f');
  });

  it('lets a command wait whose listener is not done, and loses nothing', async () => {
    const blocks = 50;
    const script = `i=0; while [ $i -lt ${blocks} ]; do head -c 65536 /dev/zero; i=$((i + 1)); echo $i >&2; done`;
    let written = 0;
    let taken = 0;
    let isHeld = false;
    let overlaps = 0;
    const onOutput: Command['onOutput'] = async (stream, chunk) => {
      if (stream === 'stderr') {
        written = Number(chunk.toString().trim().split('\n').at(-1));
        return;
      }
      taken += chunk.length;
      if (isHeld) overlaps += 1;
      isHeld = true;
      // Room for the command to write on, were it not held up: how much the pipe takes is not said.
      for (let waits = 0; written < 1 && waits < 20; waits += 1) await sleep(5);
      if (taken <= 65536) expect(written).toBeLessThan(6);
      isHeld = false;
    };
    expect((await execute(shell(script, { onOutput, maxOutputBytes: 0 }), host)).outcome).toBe('exited');
    expect(overlaps).toBe(0);
    expect(taken).toBe(blocks * 65536);
  });

  it('ends a command whose listener fails later, and throws that', async () => {
    const error = new Error('cannot take it');
    const onOutput = () => Promise.reject(error);
    await expect(execute(shell('echo one; exec sleep 79.25', { onOutput }), host)).rejects.toBe(error);
    expect(processesWith('79.25')).toEqual([]);
  });
});

describe('the clocks of a command', () => {
  const off = { silentMs: null, hungMs: null, lateMs: null };
  const noticesOf = async (script: string, more: Partial<Command>) => {
    const notices: string[] = [];
    const result = await execute(shell(script, { onNotice: ({ kind }) => void notices.push(kind), ...more }), host);
    return { ...result, notices };
  };

  it('tell its silence, and end it as hung, with the end of what it said', async () => {
    const clocks = { ...off, silentMs: 100, hungMs: 300 };
    const result = await noticesOf(`printf '%0900d' 0; sleep 60`, { clocks });
    expect(result).toMatchObject({ outcome: 'hung', notices: ['silent'], tail: '0'.repeat(500) });
  });

  it('tell each silence, and begin anew with every word', async () => {
    const clocks = { ...off, silentMs: 50, hungMs: 3_000 };
    const result = await noticesOf('for i in 1 2 3 4 5 6 7 8; do sleep 0.5; echo $i; done', { clocks });
    expect(result).toMatchObject({ outcome: 'exited', stdout: '1\n2\n3\n4\n5\n6\n7\n8\n' });
    expect(result.notices).toEqual(Array(8).fill('silent'));
  });

  it('stand still while nobody listens', async () => {
    const onOutput = () => sleep(400);
    const clocks = { ...off, hungMs: 200 };
    const result = await noticesOf('head -c 400000 /dev/zero', { clocks, onOutput });
    expect(result.outcome).toBe('exited');
  });

  it('tell when its time is nearly over', async () => {
    expect((await noticesOf('sleep 0.5', { clocks: { ...off, lateMs: 100 } })).notices).toEqual(['late']);
  });

  it('change nothing once it goes down for another reason, and report one end', async () => {
    const clocks = { ...off, hungMs: 1_000 };
    const controller = new AbortController();
    const result = await noticesOf('trap "" TERM; echo up; while :; do sleep 0.1; done', {
      clocks,
      signal: controller.signal,
      onOutput: () => controller.abort(),
      timeoutMs: 1_500,
    });
    expect(result).toMatchObject({ outcome: 'cancelled', signal: 'SIGKILL' });
  });

  it('end it where nobody can be told, and throw that', async () => {
    const error = new Error('nobody there');
    const onNotice = () => {
      throw error;
    };
    const clocks = { ...off, silentMs: 50 };
    await expect(execute(shell('exec sleep 80.25', { clocks, onNotice }), host)).rejects.toBe(error);
    expect(processesWith('80.25')).toEqual([]);
  });
});
