import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { contributorsOf } from '../../src/db/approvals.js';
import type { AttemptRequest, AttemptResult } from '../../src/domain/work.js';
import { attemptRef, worktreeName } from '../../src/activities/workspace.js';
import { git } from '../../src/git/git.js';
import { addWorktree } from '../../src/git/worktree.js';
import { startEngine, type Engine } from '../support/engine.js';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({
    files: { 'README.md': 'a demo\n', '.baton/repository.yaml': 'test: { command: "echo tested; test -f a.txt" }\n' },
    agents: [
      {
        name: 'devon',
        script: `const once = String(Math.random()); write('a.txt', once); done({ summary: once, output: { once } });`,
      },
      { name: 'broken', script: `write('a.txt', 'half'); process.exitCode = 2;` },
      { name: 'careless', script: `write('b.txt', 'x'); done();` },
      {
        name: 'nesting',
        script: `write('inner/a.txt', 'precious'); execFileSync('git', ['init', '-q', 'inner']); process.exitCode = request.params.exitCode;`,
      },
    ],
  });
});
afterEach(() => engine.unhook());
afterAll(() => engine.stop());

const one = (agent: string, more = 'gates: [tests]'): string => `
name: one
steps:
  - { name: Work, agent: ${agent}, action: code.implement, retry: 1, ${more} }
`;
const begun = async (id: string) =>
  (await engine.record.log(id, 'work', 'agent.log')).match(/begins code\.implement/g) ?? [];
const clone = () => ({
  gitDir: join(engine.deps.hostDirectory, 'clones', `${engine.repository.id}.git`),
  remoteUrl: engine.repository.remoteUrl,
});
const commitOf = (result: AttemptResult) => (result.kind === 'worked' ? result.commit! : '');

/** As if nothing had come after the commit: no push, no row. */
async function forgetCommit({ ref, attempt }: AttemptRequest, commit: string): Promise<void> {
  await engine.forgeGit('update-ref', '-d', attemptRef(ref, attempt));
  const refs = await git(['for-each-ref', '--format=%(refname)', '--contains', commit], clone());
  for (const name of refs.split('\n').filter((line) => line !== '')) await git(['update-ref', '-d', name], clone());
  await engine.record.inTx((tx) =>
    tx.updateTable('attempts').set({ commit: null }).where('run_id', '=', ref.run.runId).execute(),
  );
}

describe('a commit that is made is not made again', () => {
  it('where the forge went away while it was pushed', async () => {
    const hooks = join(engine.repository.remoteUrl, 'hooks');
    const died = join(engine.root, 'receiver-died');
    await mkdir(hooks, { recursive: true });
    await writeFile(join(hooks, 'pre-receive'), `#!/bin/sh\n[ -e ${died} ] || { touch ${died}; kill -9 $PPID; }\n`);
    await chmod(join(hooks, 'pre-receive'), 0o755);

    const { id, result } = await engine.run(one('devon'));
    expect(existsSync(died)).toBe(true);
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    expect(await begun(id)).toHaveLength(1);
    expect(await readdir(join(engine.deps.hostDirectory, 'worktrees'))).toEqual([]);
  });

  it('where the worker died before it could be pushed', async () => {
    const results: AttemptResult[] = [];
    engine.hooks.runAttempt = async (request, real) => {
      const first = await real(request);
      const commit = commitOf(first);
      await forgetCommit(request, commit);
      const name = worktreeName(request.ref, '1');
      await addWorktree(clone(), { name, path: join(engine.deps.hostDirectory, 'worktrees', name), commit });
      results.push(first, await real(request));
      return results[1]!;
    };
    const { id, result } = await engine.run(one('devon'));
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    expect(results[1]).toEqual(results[0]);
    expect(await begun(id)).toHaveLength(1);
    expect(await engine.record.attempts(id)).toMatchObject([{ commit: commitOf(results[0]!) }]);
    expect(await readdir(join(engine.deps.hostDirectory, 'worktrees'))).toEqual([]);
    const rows = await engine.record.inTx((tx) => tx.selectFrom('worktrees').select('name').execute());
    expect(rows).toEqual([]);
  });
});

describe('an attempt that is begun again', () => {
  it('after its failure was recorded ends with that failure', async () => {
    const results: AttemptResult[] = [];
    engine.hooks.runAttempt = async (request, real) => {
      results.push(await real(request), await real(request));
      return results[1]!;
    };
    const { id } = await engine.run(one('broken'));
    expect(results[0]).toMatchObject({ kind: 'failed', retryable: true, failure: { code: 'agent-exited' } });
    expect(results[1]).toEqual(results[0]);
    expect(await begun(id)).toHaveLength(1);
    const agents = engine.record.inTx((tx) => tx.selectFrom('agents').select('status').distinct().execute());
    expect(await agents).toEqual([{ status: 'idle' }]);
  });

  it('and works again gives the output of that work, not that of the one before', async () => {
    engine.hooks.runAttempt = async (request, real) => {
      await forgetCommit(request, commitOf(await real(request)));
      return real(request);
    };
    const { id, result } = await engine.run(one('devon'));
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    expect(await begun(id)).toHaveLength(2);
    const { branch } = await engine.record.run(id);
    const once = await engine.forgeGit('show', `${branch!}:a.txt`);
    expect((await engine.record.step(id, 'work')).output).toMatchObject({ once, summary: once });
  });

  it('while it still works waits, and gives the same; its gates too', async () => {
    const attempts: AttemptResult[] = [];
    engine.hooks.runAttempt = async (request, real) => {
      attempts.push(...(await Promise.all([real(request), real(request)])));
      return attempts[0]!;
    };
    engine.hooks.runGates = async (request, real) => {
      const [first, second] = await Promise.all([real(request), real(request)]);
      expect([first, second]).toMatchObject([[{ verdict: 'pass' }], [{ verdict: 'pass' }]]);
      return first;
    };
    const { id, result } = await engine.run(one('devon'));
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    expect(attempts[1]).toEqual(attempts[0]);
    expect(await begun(id)).toHaveLength(1);
  });
});

describe('a tree that cannot be committed', () => {
  it.each([
    ['of an agent that says that it is done', 0, 'agent-output-invalid'],
    ['of an agent that failed', 2, 'agent-exited'],
  ])('%s is kept as a folder, and hides no other reason', async (_what, exitCode, code) => {
    const { id, result } = await engine.run(one('nesting', `params: { exitCode: ${exitCode} }`));
    expect(result).toMatchObject({ status: 'failed', error: { code } });
    const [, kept] = /is kept on test as the folder (\S+)/.exec(await engine.record.log(id, 'work', 'agent.log')) ?? [];
    expect(readFileSync(join(kept!, 'inner/a.txt'), 'utf8')).toBe('precious');
    expect(await readdir(join(engine.deps.hostDirectory, 'worktrees'))).toEqual([]);
  });
});

describe('what an agent left unfinished', () => {
  it('is kept at a ref of its own, and is not its commit', async () => {
    const { id } = await engine.run(one('broken'));
    const [ref = ''] = (
      await engine.forgeGit('for-each-ref', '--format=%(refname)', `refs/baton/unfinished/${id}`)
    ).split('\n');
    expect(ref).toContain(id);
    expect(await engine.forgeGit('show', `${ref}:a.txt`)).toBe('half');
    expect(await engine.forgeGit('for-each-ref', `refs/baton/attempts/${id}`)).toBe('');
  });
});

describe('the contributors of a change', () => {
  it('are not those whose commits failed their gates', async () => {
    const { id, result } = await engine.run(`
name: two
steps:
  - { name: Begin, action: flow.noop }
  - { name: Work, agent: devon, action: code.implement, gates: [tests], retry: 1 }
  - { name: Rest, agent: careless, action: code.implement, gates: [lint], retry: 1 }
`);
    expect(result).toMatchObject({ status: 'failed' });
    expect(await engine.record.attempts(id)).toMatchObject([{ status: 'succeeded' }, { status: 'failed' }]);
    const [, failed] = await engine.record.attempts(id);
    expect(failed!.commit).not.toBeNull();
    const contributors = await engine.record.inTx((tx) => contributorsOf(tx, id));
    expect(contributors).toEqual([{ agent: 'devon', ownerId: null }]);
  });
});

describe('gates that are begun again while they run', () => {
  it('run once, and both executions tell the same', async () => {
    const told: unknown[] = [];
    engine.hooks.runGates = async (request, real) => {
      told.push(...(await Promise.all([real(request), real(request)])));
      return real(request);
    };
    const { id, result } = await engine.run(one('devon'));
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    expect(told[1]).toEqual(told[0]);
    const [gate] = await engine.record.gates(id);
    const log = await engine.record.log(id, 'work', `gates-${gate!.commit.slice(0, 12)}.log`);
    expect(log.match(/^.*tested$/gm)).toHaveLength(1);
  });
});
