import { join } from 'node:path';
import { createActivities } from '../../src/activities/index.js';
import { getRun } from '../../src/db/run-views.js';
import { listSteps } from '../../src/db/step-views.js';
import { listTasks } from '../../src/db/task-views.js';
import { startEngine, type Engine } from '../support/engine.js';
import { eventually } from '../support/eventually.js';

/** Lists three items and does those that are open, each a file; what it says it is asked to go on with is in its log. */
const CAREFUL = `
  const items = ['First', 'Second', 'Third'];
  const { attempt, checklist, params } = request;
  say({ type: 'log', message: attempt + ' goes on at ' + checklist.next });
  say({ type: 'checklist', items });
  const open = items.filter((text) => !checklist.items.some((item) => item.text === text && item.status === 'done'));
  for (const item of open) {
    if (attempt === 1 && item === params.breaksAt) process.exit(3);
    write(item + '.txt', 'by attempt ' + attempt);
    say({ type: 'item', item, status: 'done', note: 'in ' + item + '.txt' });
    if (attempt === 1) spawnSync('sleep', [params.waits ?? '0']);
  }
  if (params.forgets !== attempt) for (const { text, source } of checklist.items)
    if (source === 'required') say({ type: 'item', item: text, status: 'done' });
  write('attempt.txt', String(attempt));
  done();
`;

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({
    files: { 'README.md': 'a demo\n', '.baton/repository.yaml': 'test: { command: "test ! -e bad" }\n' },
    agents: [
      { name: 'devon', script: CAREFUL },
      { name: 'dora', script: CAREFUL },
      {
        name: 'never',
        script: `write('a.txt', String(request.attempt));
          say({ type: 'item', item: 'Write docs', status: 'failed', note: 'there is no place for them' });
          done();`,
      },
    ],
  });
});
afterEach(() => engine.unhook());
afterAll(() => engine.stop());

const one = (params: string, more = '', agent = 'devon'): string => `
name: one
steps:
  - name: Work
    agent: ${agent}
    action: code.implement
    retry: { attempts: 2, delay: 1s }
    params: { ${params} }
    ${more}
`;
const step = async (id: string) => {
  const { personId, ...principal } = engine.person('maya');
  const { steps } = await engine.record.inTx((tx) => listSteps(tx, id, { ...principal, personId, role: 'author' }));
  return steps.find((own) => own.id === 'work')!;
};
const log = (id: string) => engine.record.log(id, 'work', 'agent.log');
const progressed = async (id: string) =>
  (await engine.record.events(id)).filter(({ type }) => type === 'step.progressed').map(({ briefing }) => briefing);
const fileOf = async (id: string, name: string) => {
  const { branch } = await engine.record.run(id);
  return engine.forgeGit('show', `${branch!}:${name}`);
};

describe('a checklist', () => {
  it('is listed and marked by the agent, and told in the log, the events and the record', async () => {
    const { id, number, result } = await engine.run(one(''));
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    const by = { id: expect.any(String) as string, name: 'devon' };
    const marked = { source: 'agent', status: 'done', by, attempt: 1, at: expect.any(Date) as Date };
    expect((await step(id)).checklist).toEqual([
      { text: 'First', note: 'in First.txt', ...marked },
      { text: 'Second', note: 'in Second.txt', ...marked },
      { text: 'Third', note: 'in Third.txt', ...marked },
    ]);
    expect(await progressed(id)).toEqual([
      `#${number} Work: [0/3] to do`,
      `#${number} Work: [1/3] First (in First.txt)`,
      `#${number} Work: [2/3] Second (in Second.txt)`,
      `#${number} Work: [3/3] Third (in Third.txt)`,
    ]);
    expect(await log(id)).toMatch(/\[0\/3\] 3 items to do\n(.*\n)*.*\[3\/3\] Third \(in Third\.txt\)/);
  });

  it('is seen while the agent works, at the run, and at its task', async () => {
    let seen: unknown[] = [];
    engine.hooks.runGates = async (request, real) => {
      const { runId } = request.ref.run;
      seen = [
        (await engine.record.inTx((tx) => getRun(tx, runId))).progress,
        (await engine.record.run(runId)).briefing,
        (await engine.record.inTx((tx) => listTasks(tx, { limit: 1 }))).items[0]?.progress,
      ];
      return real(request);
    };
    const { id } = await engine.run(one('', 'gates: [tests]'), { issue: {} });
    const progress = { steps: { done: 0, of: 1 }, checklist: { done: 3, of: 3, next: null } };
    expect(seen).toEqual([progress, 'Work: [3/3] Third', progress]);
    expect((await engine.record.inTx((tx) => getRun(tx, id))).progress).toEqual({
      steps: { done: 1, of: 1 },
      checklist: null,
    });
  });
});

describe('who goes on with a checklist', () => {
  it('begins at the first open item with the work of those that are done, where the attempt before broke off', async () => {
    const { id, result } = await engine.run(one('breaksAt: Third'));
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    expect(await log(id)).toContain('2 goes on at Third');
    expect(await fileOf(id, 'Second.txt')).toBe('by attempt 1');
    expect(await fileOf(id, 'Third.txt')).toBe('by attempt 2');
    expect((await step(id)).checklist.map(({ attempt, status }) => `${status} ${attempt}`)).toEqual([
      'done 1',
      'done 1',
      'done 2',
    ]);
  });

  it('has it on another host, too, where the worker died in the middle of an attempt', async () => {
    const elsewhere = createActivities({ ...engine.deps, host: 'other', hostDirectory: join(engine.root, 'other') });
    engine.hooks.runAttempt = async (request, real) => {
      if (request.attempt > 1) return real(request);
      await real(request);
      // As if the worker had died before it could say so.
      await engine.record.inTx((tx) =>
        tx
          .updateTable('attempts')
          .set({ status: 'running', error: null, ended_at: null })
          .where('run_id', '=', request.ref.run.runId)
          .execute(),
      );
      return elsewhere.runAttempt({ ...request, params: {} });
    };
    const { id, result } = await engine.run(one('breaksAt: Second'));
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    expect(await log(id)).toContain('1 goes on at Second');
    expect(await engine.record.attempts(id)).toHaveLength(1);
    expect((await fileOf(id, 'First.txt')) + (await fileOf(id, 'Second.txt'))).toBe('by attempt 1by attempt 1');
    // What the first execution did is not told again.
    expect((await progressed(id)).map((line) => line.replace(/.*\[/, '['))).toEqual([
      '[0/3] to do',
      '[1/3] First (in First.txt)',
      '[2/3] Second (in Second.txt)',
      '[3/3] Third (in Third.txt)',
    ]);
  });

  it('finds done what was kept as its worker died before it could write that', async () => {
    engine.hooks.runAttempt = async (request, real) => {
      if (request.attempt > 1) return real(request);
      await real(request);
      const ofRun = { run_id: request.ref.run.runId };
      const unsaid = { status: 'open', kept: false, changes: 0, note: null, agent_id: null } as const;
      await engine.record.inTx(async (tx) => {
        const running = { status: 'running', error: null, ended_at: null } as const;
        await tx
          .updateTable('attempts')
          .set(running)
          .where((eb) => eb.and(ofRun))
          .execute();
        const second = { ...ofRun, text: 'Second' };
        await tx
          .updateTable('checklist_items')
          .set(unsaid)
          .where((eb) => eb.and(second))
          .execute();
      });
      return real({ ...request, params: {} });
    };
    const { id, result } = await engine.run(one('breaksAt: Third'));
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    expect(await log(id)).toContain('1 goes on at Third');
    expect(await fileOf(id, 'Second.txt')).toBe('by attempt 1');
    expect((await step(id)).checklist.map(({ status }) => status)).toEqual(['done', 'done', 'done']);
  });

  it('does again what was done where its work was not kept', async () => {
    engine.hooks.runAttempt = async (request, real) => {
      if (request.attempt === 2)
        await engine.forgeGit('update-ref', '-d', `refs/baton/wip/${request.ref.run.runId}/work/step/1`);
      return real(request);
    };
    const { id, result } = await engine.run(one('breaksAt: Second'));
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    expect(await log(id)).toContain('2 goes on at First');
    expect(await fileOf(id, 'First.txt')).toBe('by attempt 2');
  });

  it('is another agent, where the step is given to it', async () => {
    const run = await engine.startRun(one('waits: "86400"'));
    await eventually(async () => (await step(run.id)).checklist.find(({ at }) => at !== null));
    expect(await engine.override(run, { kind: 'reassign', step: 'work', agent: 'dora' })).toBe('accepted');
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
    expect(await log(run.id)).toContain('2 goes on at Second');
    expect((await step(run.id)).checklist.map(({ by }) => by?.name)).toEqual(['devon', 'dora', 'dora']);
    expect(await fileOf(run.id, 'First.txt')).toBe('by attempt 1');
  });
});

describe('required actions', () => {
  const REQUIRED = `checklist: ['{{ issue.checklist }}', 'Write docs', 'Say {{ issue.title }}']`;
  const issue = { title: 'hi', acceptanceCriteria: '- [ ] It cuts\n- [x] It is named', body: 'Also:\n* [ ] It marks' };

  it('come of the issue and the pipeline, and what the agent lists comes after them', async () => {
    const { id, result } = await engine.run(one('', REQUIRED), { issue });
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    expect(await log(id)).toContain('1 goes on at It cuts');
    expect((await step(id)).checklist.map(({ text, source, status }) => `${source} ${status}: ${text}`)).toEqual([
      'required done: It cuts',
      'required done: It marks',
      'required done: Write docs',
      'required done: Say hi',
      'agent done: First',
      'agent done: Second',
      'agent done: Third',
    ]);
  });

  it('that are left open send the attempt back as a gate does, named, with its work', async () => {
    let gates = 0;
    engine.hooks.runGates = (request, real) => real(((gates += 1), request));
    const { id, result } = await engine.run(one('forgets: 1', `${REQUIRED}\n    gates: [tests]`), { issue });
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    const message = '4 required actions are not marked as done: "It cuts", "It marks", "Write docs", "Say hi"';
    expect(await engine.record.attempts(id)).toMatchObject([
      { status: 'failed', error: { code: 'actions-open', message } },
      { status: 'succeeded', error: null },
    ]);
    expect(gates).toBe(1);
    expect(await log(id)).toContain('2 goes on at It cuts');
    expect(await fileOf(id, 'First.txt')).toBe('by attempt 1');
  });

  it('that cannot be done fail the step with their names, and the run says where it stands', async () => {
    const { id, result } = await engine.run(one('', `checklist: Write docs`, 'never'));
    const message = 'a required action is not marked as done: "Write docs"';
    expect(result).toMatchObject({ status: 'failed' });
    expect(await engine.record.run(id)).toMatchObject({ error: { code: 'actions-open', message } });
    expect((await step(id)).checklist).toMatchObject([{ status: 'failed', note: 'there is no place for them' }]);
    const { progress } = await engine.record.inTx((tx) => getRun(tx, id));
    expect(progress.checklist).toEqual({ done: 0, of: 1, next: 'Write docs' });
  });

  it('hold nobody who keeps no list: the run says that nobody knows', async () => {
    await engine.addAgent({ name: 'mute', script: `write('new.txt', 'x'); done();` });
    const { id, result } = await engine.run(one('', REQUIRED, 'mute'), { issue });
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    expect((await engine.record.run(id)).warnings).toEqual([
      'Whoever did Work keeps no checklist: whether the 4 actions that it requires are done, nobody has said.',
    ]);
  });

  it('that are no texts fail the step before an agent is asked', async () => {
    const { id } = await engine.run(one('', `checklist: '{{ context.actions }}'`), { context: { actions: [{}] } });
    expect(await engine.record.run(id)).toMatchObject({ error: { code: 'checklist-invalid' } });
    expect(await engine.record.attempts(id)).toEqual([]);
  });

  it('are open again in a run that goes on from their step', async () => {
    const first = await engine.run(one('', 'checklist: Write docs'));
    const again = await engine.rerun(first.id, 'work');
    expect(await engine.finished(again)).toMatchObject({ status: 'succeeded', error: null });
    expect(await log(again.id)).toContain('1 goes on at Write docs');
  });
});
