import { startEngine, type Engine } from '../support/engine.js';

const RUNS = 10;

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
});
afterAll(() => engine.stop());

const PIPELINE = `
name: asks
steps:
  - { name: Before, action: flow.noop, params: { said: "{{ context.word }}" } }
  - { name: Ask, type: human-gate, approvers: [human:lee] }
  - { name: After, action: flow.noop, params: { said: "{{ context.word }}" } }
`;

it(`${RUNS} runs wait for approval at once and go on, each by its own decision`, async () => {
  const runs = await Promise.all(
    Array.from({ length: RUNS }, (_, n) => engine.startRun(PIPELINE, { context: { word: `word-${n}` } })),
  );
  const approvals = await Promise.all(runs.map((run) => engine.asked(run, 'ask')));
  expect(new Set(approvals.map(({ run_id: run }) => run)).size).toBe(RUNS);
  const statuses = () => Promise.all(runs.map(async ({ id }) => (await engine.record.run(id)).status));
  expect(await statuses()).toEqual(runs.map(() => 'waiting'));

  // The last that was asked is decided first, alone: the others go on waiting.
  const verdictOf = (n: number) => (n % 3 === 0 ? 'reject' : 'approve');
  const last = RUNS - 1;
  await engine.decide(runs[last]!, 'ask', 'lee', verdictOf(last), `note-${last}`);
  expect(await engine.finished(runs[last]!)).toMatchObject({ status: 'failed' });
  expect((await statuses()).slice(0, last)).toEqual(runs.slice(0, last).map(() => 'waiting'));

  const others = runs.slice(0, last);
  await Promise.all(others.map((run, n) => engine.decide(run, 'ask', 'lee', verdictOf(n), `note-${n}`)));
  const results = await Promise.all(runs.map((run) => engine.finished(run)));
  for (const [n, run] of runs.entries()) {
    const isRejected = verdictOf(n) === 'reject';
    expect(results[n]).toMatchObject(
      isRejected
        ? { status: 'failed', error: { code: 'rejected', message: `lee rejected Ask: note-${n}` } }
        : { status: 'succeeded', error: null },
    );
    expect((await engine.record.approval(run.id, 'ask')).status).toBe(isRejected ? 'rejected' : 'approved');
    expect(await engine.record.step(run.id, 'after')).toMatchObject(
      isRejected ? { status: 'skipped' } : { status: 'succeeded', input: { said: `word-${n}` } },
    );
    const decided = (await engine.record.events(run.id)).filter(({ type }) => type === 'approval.decided');
    expect(decided.map(({ payload }) => payload['note'])).toEqual([`note-${n}`]);
  }
});
