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
});
