import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { execute } from '../../src/sandbox/execute.js';
import { markCommandsOf, ownerBy } from '../../src/sandbox/execution-mark.js';
import { endOrphans } from '../../src/sandbox/orphans.js';
import { readProcess } from '../../src/sandbox/process-table.js';
import { eventually } from '../support/eventually.js';
import { processesWith } from './processes-of.js';
import { makeRoom, shell } from './sandbox-fixture.js';

const room = makeRoom();
afterAll(room.remove);

function ownerOf(name: string): string {
  const file = join(room.root, `${name}.lock`);
  writeFileSync(file, '');
  return ownerBy(file);
}

/** A worker that is killed while its commands run. Returns the process that started them. */
async function killWorker(owner: string): Promise<number> {
  const imports = resolve(import.meta.dirname, '../support/typescript-imports.js');
  const child = spawn(
    process.execPath,
    [
      ...['--disable-warning=ExperimentalWarning', '--import', imports],
      ...[resolve(import.meta.dirname, 'orphans-victim.ts'), owner, room.workspace],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await once(child.stdout, 'data');
  const ended = once(child, 'exit');
  const starter = processesWith('starter.m').find((pid) => readProcess(pid)?.parent === child.pid)!;
  child.kill('SIGKILL');
  await ended;
  return starter;
}

describe('the commands of a worker that was killed', () => {
  it('are found by its next life, and by nobody else, and ended', async () => {
    const owner = ownerOf('box');
    const starter = await killWorker(owner);
    await eventually(() => readProcess(starter) === undefined);
    const left = () => [...processesWith('91.25'), ...processesWith('92.25')];
    expect(left().length).toBeGreaterThan(1);
    expect(await endOrphans(ownerOf('another'))).toBe(0);
    expect(left().length).toBeGreaterThan(1);
    expect(await endOrphans(owner)).toBeGreaterThan(1);
    expect(left()).toEqual([]);
  });
});

describe('the commands of a worker that lives', () => {
  it('are left alone, until they have ended and left something', async () => {
    const owner = ownerOf('living');
    markCommandsOf(owner);
    const host = { kind: 'host', reason: 'a test' } as const;
    const controller = new AbortController();
    const counted: number[] = [];
    const onOutput = async (): Promise<void> => {
      counted.push(await endOrphans(owner));
      controller.abort();
    };
    const result = await execute(shell('echo up; sleep 93.25', { onOutput, signal: controller.signal }), host);
    expect(counted).toEqual([0]);
    expect(result.outcome).toBe('cancelled');

    const daemon = `setsid sh -c ': > left; exec sleep 94.25' >/dev/null 2>&1 &`;
    await execute(shell(`${daemon} while [ ! -e left ]; do sleep 0.02; done`, { cwd: room.workspace }), host);
    expect(processesWith('94.25')).not.toEqual([]);
    expect(await endOrphans(owner)).toBe(1);
    expect(processesWith('94.25')).toEqual([]);
  });
});
