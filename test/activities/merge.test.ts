import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ActionRequest } from '../../src/domain/work.js';
import { startEngine, type Engine, type StartedRun } from '../support/engine.js';
import { commitTo } from '../support/forge-commit.js';

const keys = mkdtempSync(join(tmpdir(), 'baton-keys-'));
const signingKey = join(keys, 'worker-key');

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({
    environment: { BATON_COMMIT_SIGNING_KEY_FILE: signingKey },
    files: {
      'README.md': 'a demo\n',
      '.baton/repository.yaml':
        'test: { command: "echo testing; ! { test -f ours-bad.txt && test -f theirs-bad.txt; }" }\n',
    },
    agents: [{ name: 'devon', script: `write(request.params.file, 'ours'); done();` }],
  });
});
afterEach(() => engine.unhook());
afterAll(async () => {
  await engine.stop();
  rmSync(keys, { recursive: true });
});

const PIPELINE = `
name: landing
steps:
  - { name: Branch, action: git.createBranch, params: { branch: "landing/{{ issue.number }}" } }
  - { name: Implement, agent: devon, action: code.implement, gates: [tests], params: { file: "{{ context.file }}" } }
  - { name: Propose, action: github.createPR, params: { title: "feat: {{ issue.title }}" } }
  - { name: Ask, type: human-gate, approvers: [human:team-lead] }
  - { name: Merge, action: github.merge, retry: 1 }
`;

/** What happens between the approval and the merge. */
function beforeMerge(act: (request: ActionRequest) => ActionRequest | Promise<ActionRequest>): void {
  engine.hooks.runAction = async (request, real) =>
    real(request.action === 'github.merge' ? await act(request) : request);
}
async function approved(file: string): Promise<StartedRun & { result: Awaited<ReturnType<Engine['finished']>> }> {
  const run = await engine.startRun(PIPELINE, { issue: {}, context: { file } });
  await engine.asked(run, 'ask');
  await engine.decide(run, 'ask', 'lee');
  return { ...run, result: await engine.finished(run) };
}
const main = (): Promise<string> => engine.forgeGit('rev-parse', 'main');
const somebody = (branch: string, files: Record<string, string>): string =>
  commitTo(engine.repository.remoteUrl, branch, files);
const mergedEvents = async (id: string): Promise<number> =>
  (await engine.record.events(id)).filter(({ type }) => type === 'repo.pr.merged').length;

describe('the merge', () => {
  it('lands the approved change as one commit with its trailers, closes issue and task', async () => {
    const before = await main();
    const { id, result } = await approved('one.txt');
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    expect(await engine.forgeGit('rev-parse', 'main^')).toBe(before);
    const message = await engine.forgeGit('log', '-1', '--format=%B', 'main');
    for (const trailer of [
      `Baton-Run: ${id}`,
      'Baton-Step: merge',
      'Baton-Agent: devon',
      'Requested-by: maya',
      'Approved-by: lee',
    ])
      expect(message).toContain(trailer);
    const row = await engine.record.inTx((tx) =>
      tx
        .selectFrom('runs as r')
        .innerJoin('tasks as t', 't.id', 'r.task_id')
        .innerJoin('issues as i', 'i.id', 'r.issue_id')
        .innerJoin('pull_requests as p', 'p.run_id', 'r.id')
        .select(['t.status', 'i.state as issue', 'p.state as pull', 'p.merged_commit as commit'])
        .where('r.id', '=', id)
        .executeTakeFirst(),
    );
    expect(row).toEqual({ status: 'completed', issue: 'closed', pull: 'merged', commit: await main() });
    const task = await engine.record.inTx((tx) => tx.selectFrom('tasks').selectAll().executeTakeFirstOrThrow());
    expect(task).toMatchObject({ affected_files: ['one.txt'], required_capability: 'code.implement' });
    expect(task.commits).toHaveLength(1);
    const transitions = (await engine.record.events(id))
      .filter(({ type }) => type === 'task.transitioned')
      .map(({ payload }) => payload['to']);
    expect(transitions).toEqual(['in-progress', 'testing', 'ready-for-review', 'completed']);
  });

  const landing = async (method: string, file: string) => {
    const pipeline = PIPELINE.replace('retry: 1', `retry: 1, params: { method: ${method} }`)
      .replace('name: landing', `name: landing-${method}`)
      .replace('landing/', `landing-${method}/`)
      .replace(
        '  - { name: Propose',
        '  - { name: More, agent: devon, action: code.implement, params: { file: "more-{{ context.file }}" } }\n  - { name: Propose',
      );
    const run = await engine.startRun(pipeline, { issue: {}, context: { file } });
    await engine.asked(run, 'ask');
    // The base moves after the approval: it stays bound to the change.
    const theirs = somebody('main', { [`theirs-${file}`]: 'theirs' });
    await engine.decide(run, 'ask', 'lee');
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
    return { id: run.id, theirs };
  };
  const trailersOf = (range: string, key: string): Promise<string> =>
    engine.forgeGit('log', '--reverse', `--format=%(trailers:key=${key},valueonly,separator=)`, range);

  it('by a merge commit keeps the commits of the branch, and its trailers are on the merge', async () => {
    const { id, theirs } = await landing('merge', 'merged.txt');
    const [first, second] = (await engine.forgeGit('log', '-1', '--format=%P', 'main')).split(' ');
    expect(first).toBe(theirs);
    expect(
      await engine.forgeGit('log', '-2', '--format=%(trailers:key=Baton-Step,valueonly,separator=)', second!),
    ).toBe('more\nimplement');
    expect(await trailersOf('-1', 'Baton-Run')).toBe(id);
    expect(await engine.forgeGit('log', '-1', '--format=%B', 'main')).toMatch(
      /^Merge pull request #\d+ from landing-merge[\s\S]*\nBaton-Step: merge\n[\s\S]*Approved-by: lee/,
    );
  });

  it('by rebasing lands each commit on top of the base, with who approved it on each', async () => {
    const { id, theirs } = await landing('rebase', 'rebased.txt');
    const range = `${theirs}..main`;
    expect(await trailersOf(range, 'Baton-Step')).toBe('implement\nmore');
    expect(await trailersOf(range, 'Baton-Landed-By')).toBe('merge\nmerge');
    expect(await trailersOf(range, 'Baton-Run')).toBe(`${id}\n${id}`);
    expect(await trailersOf(range, 'Approved-by')).toBe('lee\nlee');
    expect(await engine.forgeGit('ls-tree', '--name-only', 'main')).toMatch(
      /more-rebased\.txt[\s\S]*theirs-rebased\.txt/,
    );
  });

  it('by rebasing, made again by a call whose answer was lost, finds what it landed', async () => {
    const commits: string[] = [];
    engine.hooks.runAction = async (request, real) => {
      const first = await real(request);
      if (request.action !== 'github.merge') return first;
      commits.push(await main());
      const second = await real(request);
      commits.push(await main());
      return second;
    };
    const { id } = await landing('rebase', 'again.txt');
    expect(new Set(commits).size).toBe(1);
    expect(await mergedEvents(id)).toBe(1);
  });

  it('is refused without an approval', async () => {
    const before = await main();
    beforeMerge((request) => ({ ...request, approvals: [] }));
    expect((await approved('two.txt')).result).toMatchObject({ status: 'failed', error: { code: 'not-approved' } });
    beforeMerge((request) => ({ ...request, approvals: ['ask', 'another'] }));
    expect((await approved('three.txt')).result).toMatchObject({ status: 'failed', error: { code: 'not-approved' } });
    expect(await main()).toBe(before);
  });

  it('is refused when the change is no longer the one that was approved', async () => {
    const before = await main();
    beforeMerge((request) => {
      somebody(request.branch!, { 'sneaked-in.txt': 'x' });
      return request;
    });
    expect((await approved('four.txt')).result).toMatchObject({ status: 'failed', error: { code: 'approval-void' } });
    expect(await main()).toBe(before);
  });

  it('after the base has moved lands what the tests have passed on', async () => {
    let theirs = '';
    beforeMerge((request) => {
      theirs = somebody('main', { 'theirs.txt': 'x' });
      return request;
    });
    const { id, result } = await approved('five.txt');
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    expect(await engine.forgeGit('rev-parse', 'main^')).toBe(theirs);
    expect(await engine.forgeGit('ls-tree', '--name-only', 'main')).toMatch(/five\.txt[\s\S]*theirs\.txt/);
    expect(await engine.record.log(id, 'merge', `gates-${(await main()).slice(0, 12)}.log`)).toContain('testing');
  });

  it('is refused where the tests fail on the merged result, though they passed on each side', async () => {
    let theirs = '';
    beforeMerge((request) => {
      theirs = somebody('main', { 'theirs-bad.txt': 'x' });
      return request;
    });
    const { result } = await approved('ours-bad.txt');
    expect(result).toMatchObject({
      status: 'failed',
      error: {
        code: 'merge-unproved',
        message: expect.stringMatching(/on the merged result gate tests failed/) as string,
      },
    });
    expect(await main()).toBe(theirs);
  });

  it('is refused on a conflict, which names the files', async () => {
    beforeMerge((request) => {
      somebody('main', { 'six.txt': 'theirs' });
      return request;
    });
    expect((await approved('six.txt')).result).toMatchObject({
      status: 'failed',
      error: { code: 'merge-conflict', message: expect.stringContaining('six.txt') as string },
    });
  });

  it('does not wait for an approval that its condition skipped', async () => {
    const before = await main();
    const run = await engine.startRun(
      PIPELINE.replace('name: landing', 'name: landing-skipped').replace(
        '  - { name: Merge',
        '  - { name: Second, type: human-gate, approvers: [human:team-lead], when: "issue.number < 0" }\n  - { name: Merge',
      ),
      { issue: {}, context: { file: 'skipped.txt' } },
    );
    await engine.asked(run, 'ask');
    await engine.decide(run, 'ask', 'lee');
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
    expect(await engine.forgeGit('rev-parse', 'main^')).toBe(before);
  });

  it('of a second run of an issue whose first is merged lands the second change', async () => {
    const unnamed = PIPELINE.replace('name: landing', 'name: unnamed').replace(/ {2}- \{ name: Branch.*\n/, '');
    const first = await engine.startRun(unnamed, { issue: {}, context: { file: 'first.txt' } });
    await engine.asked(first, 'ask');
    await engine.decide(first, 'ask', 'lee');
    expect(await engine.finished(first)).toMatchObject({ status: 'succeeded', error: null });
    const { issue_id: issueId } = await engine.record.run(first.id);
    const { number } = await engine.record.inTx((tx) =>
      tx.selectFrom('issues').select('number').where('id', '=', issueId!).executeTakeFirstOrThrow(),
    );
    const second = await engine.startRun(unnamed, { issueNumber: number, context: { file: 'second.txt' } });
    await engine.asked(second, 'ask');
    await engine.decide(second, 'ask', 'lee');
    expect(await engine.finished(second)).toMatchObject({ status: 'succeeded', error: null });
    expect(await engine.forgeGit('log', '-2', '--format=%(trailers:key=Baton-Run,valueonly,separator=)', 'main')).toBe(
      `${second.id}\n${first.id}`,
    );
  });

  it('made twice is once: by its record, and by its own commit where the record was lost', async () => {
    const outputs: unknown[] = [];
    engine.hooks.runAction = async (request, real) => {
      const first = await real(request);
      if (request.action !== 'github.merge') return first;
      outputs.push(await main(), (await real(request)).output && (await main()));
      await engine.record.inTx((tx) =>
        tx
          .updateTable('pull_requests')
          .set({ state: 'open', merged_commit: null })
          .where('run_id', '=', request.ref.run.runId)
          .execute(),
      );
      const third = await real(request);
      outputs.push(await main());
      return third;
    };
    const { id, result } = await approved('seven.txt');
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    expect(new Set(outputs).size).toBe(1);
    expect(await mergedEvents(id)).toBe(1);
    const merges = await engine.record.inTx((tx) =>
      tx.selectFrom('audit').select(['resource', 'details']).where('action', '=', 'repository.merge').execute(),
    );
    const { number: of } = await engine.record.run(id);
    expect(merges.filter(({ details }) => details['run'] === of)).toEqual([
      {
        resource: 'repository:demo',
        details: expect.objectContaining({ requestedBy: 'maya', base: 'main', commit: await main() }) as unknown,
      },
    ]);
    expect((await engine.record.step(id, 'merge')).output).toMatchObject({ commit: await main() });
  });
});

describe('a landed commit', () => {
  const settings = (commits: object): void =>
    void somebody('main', { '.baton/repository.yaml': JSON.stringify({ test: { command: 'true' }, commits }) });
  const landed = (format: string): Promise<string> => engine.forgeGit('log', '-1', `--format=${format}`, 'main');
  afterAll(() => settings({}));

  it('has the author, committer and co-authors of the repository’s settings, and the date of its step', async () => {
    settings({
      author: { name: 'Release Team', email: 'release@example.com' },
      committer: { name: 'Baton of Example', email: 'baton@example.com' },
      coAuthors: ['agents', 'requester'],
      personEmail: '{name}@users.example.com',
    });
    const { id, result } = await approved('identity.txt');
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    expect(await landed('%an <%ae>, %cn <%ce>')).toBe(
      'Release Team <release@example.com>, Baton of Example <baton@example.com>',
    );
    expect(await landed('%(trailers:key=Co-authored-by)')).toBe(
      'Co-authored-by: devon <devon@agents.baton>\nCo-authored-by: maya <maya@users.example.com>',
    );
    const { started_at: startedAt } = await engine.record.step(id, 'merge');
    expect(await landed('%at %ct')).toBe(
      Array(2)
        .fill(Math.floor(startedAt!.getTime() / 1000))
        .join(' '),
    );
  });

  it('is signed with the worker’s SSH key, with the same hash at a retry that has to land it again', async () => {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'baton', '-f', signingKey]);
    settings({ sign: 'ssh' });
    const commits: string[] = [];
    engine.hooks.runAction = async (request, real) => {
      if (request.action !== 'github.merge') return real(request);
      const before = await main();
      await real(request);
      commits.push(await main());
      await engine.forgeGit('update-ref', 'refs/heads/main', before);
      const again = await real(request);
      commits.push(await main());
      return again;
    };
    const { id, result } = await approved('signed.txt');
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    expect(commits[1]).toBe(commits[0]);
    expect((await engine.record.step(id, 'merge')).output).toMatchObject({ commit: commits[0] });
    const signers = join(keys, 'signers');
    writeFileSync(signers, `baton@localhost ${readFileSync(`${signingKey}.pub`, 'utf8')}`);
    await engine.forgeGit('-c', `gpg.ssh.allowedSignersFile=${signers}`, 'verify-commit', commits[0]!);
    // Neither the path of the key nor the link to it is left anywhere.
    const events = await engine.record.events(id);
    expect(JSON.stringify([events, await engine.record.run(id)])).not.toContain('worker-key');
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('baton-signing-'))).toEqual([]);
  });

  it('does not land where it is to be signed and the key is missing', async () => {
    rmSync(signingKey);
    const before = await main();
    const { result } = await approved('unsigned.txt');
    expect(result).toMatchObject({ status: 'failed', error: { code: 'signing-key-unusable' } });
    expect(result.error!.message).toMatch(/BATON_COMMIT_SIGNING_KEY_FILE of the worker .* cannot be read \(ENOENT\)/);
    expect(result.error!.message).not.toContain('worker-key');
    expect(await main()).toBe(before);
  });
});

describe('a branch', () => {
  it('that another run has worked on is refused to the next run of the issue', async () => {
    const run = await engine.startRun(PIPELINE, { issue: {}, context: { file: 'eight.txt' } });
    await engine.asked(run, 'ask');
    await engine.decide(run, 'ask', 'lee', 'reject');
    await engine.finished(run);
    const { branch } = await engine.record.run(run.id);
    engine.hooks.runAction = (request, real) =>
      real(request.action === 'git.createBranch' ? { ...request, params: { branch } } : request);
    const next = await engine.run(PIPELINE, { issue: {}, context: { file: 'eight.txt' } });
    expect(next.result).toMatchObject({
      status: 'failed',
      error: { code: 'branch-taken', message: expect.stringContaining(`run #${run.number}: rerun that one`) as string },
    });
  });

  it('made twice by its own run is made once', async () => {
    engine.hooks.runAction = async (request, real) => {
      if (request.action === 'git.createBranch') await real(request);
      return real(request);
    };
    expect((await approved('nine.txt')).result).toMatchObject({ status: 'succeeded', error: null });
  });

  it('made by a call whose answer was lost is its own also where the base has moved since', async () => {
    engine.hooks.runAction = async (request, real) => {
      if (request.action === 'git.createBranch') {
        await real(request);
        somebody('main', { 'moved-on.txt': 'x' });
      }
      return real(request);
    };
    expect((await approved('ten.txt')).result).toMatchObject({ status: 'succeeded', error: null });
  });

  it('of an open run is refused to another, though nothing was done on it yet', async () => {
    const holding = PIPELINE.replace('name: landing', 'name: holding').replace(
      / {2}- \{ name: (Implement|Propose|Merge).*\n/g,
      '',
    );
    const first = await engine.startRun(holding, { issue: {} });
    await engine.asked(first, 'ask');
    const { branch } = await engine.record.run(first.id);
    engine.hooks.runAction = (request, real) => real({ ...request, params: { branch } });
    expect((await engine.run(holding, { issue: {} })).result).toMatchObject({
      status: 'failed',
      error: { code: 'branch-taken', message: expect.stringContaining(`run #${first.number}`) as string },
    });
  });
});

describe('a task', () => {
  it('refuses a step that its lifecycle does not know, as an event, and the run goes on', async () => {
    const { id, result } = await engine.run(
      `
name: tests-only
steps:
  - { name: Tests, agent: devon, action: code.writeTests, params: { file: tests.txt } }
`,
      { issue: {} },
    );
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    expect(
      (await engine.record.events(id))
        .filter(({ type }) => type.startsWith('task.'))
        .map(({ type, payload, briefing }) => [type, payload['from'], payload['to'], briefing]),
    ).toEqual([
      ['task.refused', 'pending', 'testing', 'Add a thing: pending → testing is refused'],
      ['task.refused', 'pending', 'testing', 'Add a thing: pending → testing is refused'],
    ]);
  });
});
