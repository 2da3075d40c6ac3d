import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Program, Surroundings } from '../../src/local/child.js';
import { identify } from '../../src/local/process-identity.js';
import { supervise } from '../../src/local/supervisor.js';
import { processesWith } from '../support/processes-with.js';
import { nodeProgram, staying, stubbornWithChild } from './programs.js';
import { scratchDataDirectory } from './scratch.js';

/** A program that serves when it says `up`, with a way to wait for its lines and for what is said about it. */
async function trial(script: string, program: Partial<Program> = {}) {
  const { run, logs } = await scratchDataDirectory();
  const said = new Feed();
  const lines = new Feed();
  const surroundings: Surroundings = {
    runDirectory: run,
    logDirectory: logs,
    say: (name, text) => said.push(`${name} ${text}`),
  };
  const supervised = supervise(
    {
      name: 'trial',
      argv: nodeProgram(script),
      env: {},
      ready: ({ lineMatching }) => lineMatching((line) => line.startsWith('up')),
      onLine: (line) => lines.push(line),
      ...program,
    },
    surroundings,
  );
  return { supervised, said, lines, run, logs };
}

/** What came so far, and a promise of the next that matches. */
class Feed {
  readonly all: string[] = [];
  #taken = 0;
  #wake: () => void = () => undefined;

  push(text: string): void {
    this.all.push(text);
    this.#wake();
  }

  async next(match: RegExp): Promise<string> {
    for (;;) {
      while (this.#taken < this.all.length) {
        const text = this.all[this.#taken++]!;
        if (match.test(text)) return text;
      }
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

const pidsIn = (line: string) => line.split(' ').slice(1).map(Number);

describe('supervise', () => {
  it('starts a child that died again, later each time, and says so', async () => {
    const { supervised, said, lines } = await trial(staying);
    await supervised.ready;
    for (const backOff of ['0.25', '0.50', '1.00']) {
      const [pid] = pidsIn(await lines.next(/^up/));
      process.kill(pid!, 'SIGKILL');
      expect(await said.next(/ended/)).toBe(`trial ended (SIGKILL), starting it again in ${backOff} s`);
      await said.next(/is back after/);
    }
    await supervised.stop();
  });

  it('leaves nothing behind when it is stopped, not even what does not want to end', async () => {
    const { supervised, lines, run } = await trial(stubbornWithChild, { stopGraceMs: 200 });
    const pids = pidsIn(await lines.next(/^up/));
    expect(pids.map((pid) => identify(pid)?.pid)).toEqual(pids);

    await supervised.stop();
    expect(pids.map(identify)).toEqual([undefined, undefined]);
    expect(() => readFileSync(join(run, 'trial.json'))).toThrow('ENOENT');
  });

  it('ends the children of a child that died, before it starts it again', async () => {
    const { supervised, said, lines } = await trial(stubbornWithChild, { stopGraceMs: 200 });
    const [leader, member] = pidsIn(await lines.next(/^up/));
    await supervised.ready;
    process.kill(leader!, 'SIGKILL');
    await said.next(/is back/);
    expect(identify(member!)).toBeUndefined();
    await supervised.stop();
  });

  it('keeps a record of the child while it runs', async () => {
    const { supervised, lines, run } = await trial(staying);
    const [pid] = pidsIn(await lines.next(/^up/));
    expect(JSON.parse(readFileSync(join(run, 'trial.json'), 'utf8'))).toMatchObject(identify(pid!)!);
    await supervised.stop();
  });

  it('writes what the child prints to its log', async () => {
    const { supervised, logs } = await trial(`console.error('oh'); console.log('up'); setInterval(() => {}, 1e6)`);
    await supervised.ready;
    await supervised.stop();
    expect(readFileSync(join(logs, 'trial.log'), 'utf8').split('\n').sort()).toEqual(['', 'oh', 'up']);
  });

  it('goes on where a record of the child cannot be written, and leaves no child that no later start could find', async () => {
    const { run, logs } = await scratchDataDirectory();
    const inTheWay = join(run, 'trial.json');
    mkdirSync(inTheWay);
    const mark = randomUUID();
    const said = new Feed();
    const supervised = supervise(
      {
        name: 'trial',
        argv: [...nodeProgram(staying), mark],
        env: {},
        ready: ({ lineMatching }) => lineMatching((line) => line.startsWith('up')),
      },
      { runDirectory: run, logDirectory: logs, say: (name, text) => said.push(`${name} ${text}`) },
    );
    expect(await said.next(/ended/)).toMatch(/^trial ended \(.*EISDIR/);
    await said.next(/ended/);
    rmdirSync(inTheWay);
    await supervised.ready;
    expect(processesWith(mark).map(({ pid }) => pid)).toEqual([supervised.pid]);
    await supervised.stop();
  });

  it('gives up on a program that never serves, with the last that it said', async () => {
    const { supervised } = await trial(`console.error('no such database'); process.exit(7)`);
    await expect(supervised.ready).rejects.toThrow(/trial could not be started \(exit 7\)[^]*no such database/);
    await supervised.stop();
  });

  it('says of a program that does not exist that it cannot be started', async () => {
    const { supervised } = await trial('', { argv: ['/no/such/program'] });
    await expect(supervised.ready).rejects.toThrow(/cannot be started: .*ENOENT/);
    await supervised.stop();
  });

  it('ends a child that is not ready in its time', async () => {
    const { supervised, said, lines } = await trial(`console.log('down', process.pid); setInterval(() => {}, 1e6)`, {
      readyTimeoutMs: 300,
    });
    const [pid] = pidsIn(await lines.next(/^down/));
    expect(await said.next(/ended/)).toContain('not ready after 0.3 s');
    expect(identify(pid!)).toBeUndefined();
    await supervised.stop();
    await expect(supervised.ready).rejects.toThrow('stopped before it was ready');
  });

  it('can be stopped while it waits to start a child again', async () => {
    const { supervised, said, lines } = await trial(staying);
    await supervised.ready;
    process.kill(pidsIn(await lines.next(/^up/))[0]!, 'SIGKILL');
    await said.next(/ended/);
    await supervised.stop();
    expect(said.all).toHaveLength(1);
  });
});
