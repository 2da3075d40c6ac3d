import { existsSync, rmSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AttemptResult } from '../../src/domain/work.js';
import { startEngine, type Engine } from '../support/engine.js';
import { eventually } from '../support/eventually.js';

const RAN = `/var/tmp/baton-ran-${process.pid}`;

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({
    files: { 'README.md': 'a demo\n', '.baton/repository.yaml': 'test: { command: "test -f a.txt" }\n' },
    agents: [
      { name: 'devon', script: `write('a.txt', String(process.pid) + Math.random()); done();` },
      {
        name: 'riva',
        script: `done({ output: { random: Math.random() }, findings: [{ rule: 'r', severity: 'low', message: 'm' }] });`,
      },
      { name: 'writer', script: `write('same.txt', request.params.text); done();` },
    ],
  });
});
beforeEach(() => rmSync(RAN, { force: true }));
afterEach(() => engine.unhook());
afterAll(async () => {
  await engine.stop();
  rmSync(RAN, { force: true });
});

const one = (agent: string, action = 'code.implement', gates = '[tests]'): string => `
name: one
steps:
  - { name: Work, agent: ${agent}, action: ${action}, gates: ${gates}, retry: 1 }
`;

describe('an attempt that is begun again', () => {
  it('after its commit was kept finds that commit, and runs no agent', async () => {
    const results: AttemptResult[] = [];
    engine.hooks.runAttempt = async (request, real) => {
      results.push(await real(request));
      // As if the worker had died before it could write so.
      await engine.record.inTx((tx) =>
        tx.updateTable('attempts').set({ commit: null }).where('run_id', '=', request.ref.run.runId).execute(),
      );
      results.push(await real(request));
      return results[1]!;
    };
    const { id, result } = await engine.run(one('devon'));
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    expect(results[1]).toEqual(results[0]);
    expect(await engine.record.attempts(id)).toMatchObject([
      { commit: results[0]!.kind === 'worked' ? results[0]!.commit : '' },
    ]);
    expect((await engine.record.log(id, 'work', 'agent.log')).match(/begins code\.implement/g)).toHaveLength(1);
    expect((await engine.record.events(id)).filter(({ type }) => type === 'agent.commit')).toHaveLength(1);
  });

  it('after an analysis has answered takes the answer', async () => {
    engine.hooks.runAttempt = async (request, real) => {
      await real(request);
      return real(request);
    };
    const { id, result } = await engine.run(one('riva', 'review.code', '[]'));
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    expect((await engine.record.log(id, 'work', 'agent.log')).match(/begins review\.code/g)).toHaveLength(1);
    const findings = await engine.record.inTx((tx) =>
      tx.selectFrom('findings').selectAll().where('run_id', '=', id).execute(),
    );
    expect(findings).toHaveLength(1);
  });

  it('finds what its gates and its publication have done already', async () => {
    engine.hooks.runGates = async (request, real) => {
      const first = await real(request);
      expect(await real(request)).toEqual(first);
      return first;
    };
    engine.hooks.publishCommit = async (request, real) => {
      await real(request);
      return real(request);
    };
    const { id, result } = await engine.run(one('devon'));
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    expect(await engine.record.gates(id)).toHaveLength(1);
    expect((await engine.record.events(id)).filter(({ type }) => type === 'gate.completed')).toHaveLength(1);
  });
});

describe('an agent with two attempts', () => {
  it('works until the last of them has ended', async () => {
    const status = async () =>
      (
        await engine.record.inTx((tx) =>
          tx.selectFrom('agents').select('status').where('name', '=', 'writer').executeTakeFirstOrThrow(),
        )
      ).status;
    const seen: string[] = [];
    engine.hooks.publishCommit = async (request, real) => {
      if (request.ref.item === 1) {
        const { runId } = request.ref.run;
        await eventually(async () => (await engine.record.attempts(runId)).some((each) => each.status === 'succeeded'));
        seen.push(await status());
      }
      return real(request);
    };
    const { result } = await engine.run(`
name: twice
steps:
  - { name: Each, agent: writer, action: code.implement, map: { over: [one, two], concurrency: 2 }, params: { text: "{{ item }}" } }
`);
    expect(result.status).toBe('failed');
    expect(seen).toEqual(['working']);
    expect(await status()).toBe('idle');
  });
});

describe('two steps that change the same file at once', () => {
  it('end in a conflict that names it, and the first stays as it is', async () => {
    let [firstIsOut, secondIsThere] = [(): void => undefined, (): void => undefined];
    const out = new Promise<void>((resolve) => void (firstIsOut = resolve));
    const there = new Promise<void>((resolve) => void (secondIsThere = resolve));
    engine.hooks.publishCommit = async (request, real) => {
      if (request.ref.item === 1) {
        secondIsThere();
        await out;
        return real(request);
      }
      await there;
      const published = await real(request);
      firstIsOut();
      return published;
    };
    const { id, result } = await engine.run(`
name: both
steps:
  - { name: Each, agent: writer, action: code.implement, map: { over: [mine, yours], concurrency: 2 }, params: { text: "{{ item }}" } }
`);
    expect(result).toMatchObject({
      status: 'failed',
      error: {
        code: 'conflict',
        message: expect.stringMatching(/has moved, and the change does not apply on top of it: same\.txt$/) as string,
      },
    });
    const { branch } = await engine.record.run(id);
    expect(await engine.forgeGit('show', `${branch!}:same.txt`)).toBe('mine');
  });
});

/** Makes the folder a repository whose every arm leaves a mark on the host. */
const ARM = (folder: string): string => `
const mark = 'touch ${RAN}; cat';
execFileSync('git', ['init', '-q', '${folder}']);
for (const name of ['core.fsmonitor', 'filter.evil.clean', 'filter.evil.smudge', 'diff.external', 'diff.evil.textconv', 'core.sshCommand', 'core.pager'])
  execFileSync('git', ['-C', '${folder}', 'config', name, mark]);
mkdirSync('${folder}/.git/hooks', { recursive: true });
for (const hook of ['pre-commit', 'post-checkout', 'post-index-change', 'reference-transaction', 'pre-push'])
  writeFileSync('${folder}/.git/hooks/' + hook, '#!/bin/sh\\ntouch ${RAN}\\n', { mode: 0o755 });
`;

/** Baton runs no filter: it takes no content that one would have to change. */
const UNFILTERED = { status: 'failed', error: { code: 'unfiltered-content' } };

describe('a hostile worktree runs nothing outside the sandbox', () => {
  it.each([
    [
      'a repository in the place of its .git',
      `rmSync('.git', { recursive: true }); ${ARM('.')} write('.gitattributes', '* filter=evil diff=evil\\n');`,
      UNFILTERED,
    ],
    [
      'a .git that leads to such a repository',
      `${ARM('/tmp/armed')} execFileSync('cp', ['-r', '/tmp/armed/.git', 'stolen']); rmSync('.git', { recursive: true }); write('.git', 'gitdir: ./stolen\\n');`,
      { status: 'succeeded', error: null },
    ],
    [
      'hooks and filters in its own .git',
      `write('.git/hooks/pre-commit', '#!/bin/sh\\ntouch ${RAN}\\n'); execFileSync('git', ['config', 'filter.evil.clean', 'touch ${RAN}; cat']); write('.gitattributes', '* filter=evil\\n');`,
      UNFILTERED,
    ],
  ])('with %s', async (what, script, ended) => {
    const name = what.replace(/\W+/g, '-').slice(0, 30);
    await engine.addAgent({ name, script: `${script} write('a.txt', 'x'); done();` });
    const { id, result } = await engine.run(one(name));
    expect(result).toMatchObject(ended);
    expect(existsSync(RAN)).toBe(false);
    const { branch } = await engine.record.run(id);
    expect(await engine.forgeGit('grep', '-c', 'root:', branch!).catch(() => 'nothing')).toBe('nothing');
    expect(await readdir(join(engine.deps.hostDirectory, 'worktrees'))).toEqual([]);
  });

  it('with links out of it, which are refused as links', async () => {
    await engine.addAgent({
      name: 'linker',
      script: `symlinkSync('/etc/passwd', 'passwd'); symlinkSync('/', 'root'); write('a.txt', 'x'); done();`,
    });
    const { result } = await engine.run(one('linker'));
    expect(result.error).toMatchObject({
      code: 'denied',
      message: expect.stringContaining('passwd, root: a link points') as string,
    });
    expect(await engine.forgeGit('log', '--all', '--format=', '--name-only')).not.toContain('passwd');
    expect(await readdir(join(engine.deps.hostDirectory, 'worktrees'))).toEqual([]);
  });

  it.each(['inner', 'deep/er/inner', 'modules/inner'])(
    'with a repository in %s, which fails the step and says what to do',
    async (folder) => {
      const name = `nested-${folder.replace(/\W+/g, '-').replace('_', '-')}`;
      await engine.addAgent({
        name,
        script: `mkdirSync('${folder}', { recursive: true }); ${ARM(folder)} write('a.txt', 'x'); done();`,
      });
      const { id, result } = await engine.run(one(name));
      expect(result).toMatchObject({
        status: 'failed',
        error: {
          code: 'nested-repository',
          message: `The worktree holds other repositories (${folder}): delete their .git so that plain files are left.`,
        },
      });
      expect(await engine.record.step(id, 'work')).toMatchObject({ status: 'failed', commit: null });
      expect(existsSync(RAN)).toBe(false);
      const kept = join(engine.deps.hostDirectory, 'rescued');
      const [mine] = (await readdir(kept)).filter((folder) => folder.startsWith(id));
      expect(await readFile(join(kept, mine!, 'a.txt'), 'utf8')).toBe('x');
    },
  );
});

describe('a secret of the worker', () => {
  it('is in nothing that the engine writes, nor in what an agent sees', async () => {
    const secret = `s3cret-${process.pid}-value`;
    process.env['BATON_TEST_TOKEN'] = secret;
    try {
      await engine.addAgent({
        name: 'nosy',
        script: `write('a.txt', JSON.stringify(process.env) + ['self', '1', process.ppid].map((pid) => { try { return readFileSync('/proc/' + pid + '/environ', 'latin1'); } catch { return ''; } }).join('')); done({ output: { env: process.env } });`,
      });
      const run = await engine.run(one('nosy'));
      expect(run.result.status).toBe('succeeded');
      const handles = [run.handle, engine.temporal.workflow.getHandle(`${run.workflowId}/work`)];
      const histories = await Promise.all(handles.map(async (handle) => JSON.stringify(await handle.fetchHistory())));
      const texts = histories.map((text) =>
        text.replace(/"data":"([\w+/=]+)"/g, (_all, data: string) => Buffer.from(data, 'base64').toString('utf8')),
      );
      const events = JSON.stringify(await engine.record.events(run.id));
      const { branch } = await engine.record.run(run.id);
      const seen = await engine.forgeGit('show', `${branch!}:a.txt`);
      const databaseUrl = process.env['BATON_TEST_DATABASE_URL']!;
      expect(texts[1]).toContain('nosy');
      for (const text of [...texts, events, seen]) {
        expect(text).not.toContain(secret);
        expect(text).not.toContain(databaseUrl);
      }
    } finally {
      delete process.env['BATON_TEST_TOKEN'];
    }
  });
});
