import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { addWorktree } from '../../src/git/worktree.js';
import { branchHead, fetchClone, openClone } from '../../src/git/clone.js';
import { seedFrom } from '../../src/git/bare-repository.js';
import { ownerBy } from '../../src/sandbox/execution-mark.js';
import { createLogger } from '../../src/telemetry/logger.js';
import { lockFileOf, lockHost, takeHost } from '../../src/workers/host-lock.js';
import { reconcileHosts } from '../../src/workers/reconcile-hosts.js';
import { createRecord, type TestRecord } from '../api/record.js';

let root: string;
const children: ChildProcess[] = [];
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'baton-hosts-'))));
afterEach(async () => {
  for (const child of children.splice(0)) await end(child);
  rmSync(root, { recursive: true, force: true });
});

/** Another process that takes the name and lives on; gives the name that it got. */
async function anotherTakes(wanted: string): Promise<{ name: string; child: ChildProcess }> {
  const source = `
    const { takeHost } = await import(${JSON.stringify(resolve(import.meta.dirname, '../../src/workers/host-lock.ts'))});
    console.log(takeHost(${JSON.stringify(root)}, ${JSON.stringify(wanted)}).name);
    setInterval(() => {}, 1e6);`;
  const imports = resolve(import.meta.dirname, '../support/typescript-imports.js');
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--import', imports, '--input-type=module', '-e', source],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  children.push(child);
  const [name] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { name, child };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

describe('the name of a worker', () => {
  it('is one process’ alone, and free again however that ends', async () => {
    const first = await anotherTakes('box');
    expect(first.name).toBe('box');
    expect((await anotherTakes('box')).name).toBe('box-2');
    await end(first.child);
    expect(takeHost(root, 'box')).toEqual({ name: 'box', directory: join(root, 'box') });
    expect((await anotherTakes('box')).name).toBe('box-3');
  });

  it('is not handed on to what the process starts', async () => {
    const lock = lockHost(root, 'box')!;
    const child = spawn('sleep', ['77'], { stdio: 'ignore' });
    children.push(child);
    await once(child, 'spawn');
    lock.release();
    expect(lockHost(root, 'box')).not.toBeNull();
  });
});

/** Empty when it is gone. */
const statusOf = ({ pid }: ChildProcess): string => {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return 'State:\tZ';
  }
};

describe('reconcileHosts', () => {
  let record: TestRecord;
  beforeAll(async () => (record = await createRecord()));
  afterAll(() => record.close());

  it('tidies up after itself and after workers that are gone, not in the rooms of the living', async () => {
    const remote = join(root, 'remote.git');
    const seed = join(root, 'seed');
    mkdirSync(seed);
    writeFileSync(join(seed, 'a.txt'), 'a');
    await seedFrom(remote, seed, { message: 'Begin', author: { name: 'Ada', email: 'ada@example.org' }, dateMs: 0 });
    const workers = join(root, 'workers');
    const repositoryId = await record.addRepository('demo', remote);
    const { id: runId } = await record.createRun({ repositoryId });

    const leave = async (host: string, name: string) => {
      const directory = join(workers, host);
      const clone = await openClone(join(directory, 'clones'), repositoryId, remote);
      await fetchClone(clone);
      const path = join(directory, 'worktrees', name);
      await addWorktree(clone, { name, path, commit: (await branchHead(clone, 'main'))! });
      mkdirSync(join(directory, 'homes', name), { recursive: true });
      await record.inTx((tx) =>
        tx
          .insertInto('worktrees')
          .values({
            organisation_id: record.organisationId,
            host,
            name,
            repository_id: repositoryId,
            run_id: runId,
            step: 'work',
          })
          .execute(),
      );
      return { path, home: join(directory, 'homes', name) };
    };
    const own = takeHost(workers, 'own');
    const mine = await leave('own', 'mine');
    const dead = await leave('dead', 'clean');
    const dirty = await leave('dead', 'dirty');
    writeFileSync(join(dirty.path, 'new.txt'), 'precious');
    const living = await leave('living', 'at-work');
    const lock = lockHost(workers, 'living')!;
    lockHost(workers, 'dead')!.release();
    const setUps = join(workers, 'dead', 'setups', 'repository');
    for (const name of ['a'.repeat(64), 'being-made-1']) mkdirSync(join(setUps, name, 'tree'), { recursive: true });

    const log = createLogger({ name: 'test', level: 'silent' });
    const marked = ['own', 'dead', 'living'].map((name) => {
      const env = {
        PATH: process.env['PATH'],
        BATON_EXECUTION: `${ownerBy(lockFileOf(workers, name))}/an-earlier-life/1`,
      };
      const child = spawn('sleep', ['600'], { env, stdio: 'ignore' });
      children.push(child);
      return child;
    });
    await Promise.all(marked.map((child) => once(child, 'spawn')));
    const orphans: number[] = [];
    await reconcileHosts({
      db: record.db,
      log,
      workersDirectory: workers,
      host: own,
      onOrphans: (processes) => void orphans.push(processes),
    });
    expect(orphans).toEqual([1, 1]);
    const alive = (child: ChildProcess): boolean => !/^State:\tZ/m.test(statusOf(child));
    expect(marked.map(alive)).toEqual([false, false, true]);

    expect([mine, dead, dirty, living].map(({ path }) => existsSync(path))).toEqual([false, false, true, true]);
    expect([mine, dead, dirty, living].map(({ home }) => existsSync(home))).toEqual([false, false, false, true]);
    expect(readdirSync(setUps)).toEqual(['a'.repeat(64)]);
    const rows = await record.inTx((tx) => tx.selectFrom('worktrees').select('name').orderBy('name').execute());
    expect(rows).toEqual([{ name: 'at-work' }, { name: 'dirty' }]);
    // What was looked at is free again.
    expect(lockHost(workers, 'dead')).not.toBeNull();
    lock.release();
  });
});
