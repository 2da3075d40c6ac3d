import { randomUUID } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { sql } from 'kysely';
import fc from 'fast-check';
import { openAttempt } from '../../src/activities/attempt/attempt-record.js';
import { requestRun } from '../../src/db/triggers.js';
import type { Override } from '../../src/domain/override.js';
import { startEngine, type Engine, type StartedRun } from '../support/engine.js';

const RUNS = 200;
const AT_ONCE = 14;
/** Of the choices; another one finds other ways. */
const SEED = Number(process.env['BATON_TEST_SEED'] ?? 20_261);

const LITTLE = 'name: little\nsteps:\n  - { name: One, action: flow.noop }\n';
const PIPELINE = `
name: chaos
steps:
  - { name: Each, action: flow.noop, map: { over: [1, 2], concurrency: 1 } }
  - { name: Review, agent: riva, action: review.code, repository: demo, parallel: true }
  - { name: Ask, type: human-gate, approvers: [human:team-lead] }
  - { name: Call, pipeline: little }
`;
const STEPS = ['each', 'review', 'ask', 'call'];

const step = fc.constantFrom(...STEPS);
const override: fc.Arbitrary<Override> = fc.oneof(
  fc.record({ kind: fc.constant('skip' as const), step }),
  fc.record({ kind: fc.constant('complete' as const), step, output: fc.constant({}) }),
  fc.record({
    kind: fc.constant('reassign' as const),
    step: fc.constant('review'),
    agent: fc.constantFrom('riva', 'rob'),
  }),
  fc.record({ kind: fc.constant('reset' as const), step }),
  fc.constant({ kind: 'pause' as const }),
  fc.constant({ kind: 'resume' as const }),
  fc.constant({ kind: 'cancel' as const }),
);
/** What people do to one run, each after so many milliseconds. */
const story = fc.array(fc.tuple(fc.integer({ min: 0, max: 200 }), override), { minLength: 1, maxLength: 4 });

let engine: Engine;
/** Keys of what was accepted, with what it was. */
const accepted = new Map<string, Override>();

beforeAll(async () => {
  engine = await startEngine({
    agents: [
      { name: 'riva', roles: ['code-reviewer'] },
      { name: 'rob', roles: ['code-reviewer'] },
    ],
  });
  await engine.savePipeline(LITTLE);
  await engine.savePipeline(PIPELINE);
  // Agents that take their time in the record, and no processes: 200 sandboxes would test the machine.
  engine.hooks.runAttempt = async (request) => {
    await openAttempt(engine.deps, request, 'base', 'analysis');
    await Context.current().sleep(50);
    return { kind: 'worked', base: 'base', commit: null };
  };
});
afterAll(() => engine.stop());

async function start(): Promise<StartedRun> {
  const { id } = await engine.record.inTx((tx) =>
    requestRun(tx, {
      principal: engine.person('maya'),
      projectId: engine.projectId,
      pipeline: 'chaos',
      context: {},
      key: randomUUID(),
    }),
  );
  return engine.attach(id);
}

/** Sends an override as clients do: again, with its key, where it is not known whether it counts. */
async function stepIn(run: { readonly id: string }, wanted: Override): Promise<void> {
  const key = randomUUID();
  for (;;) {
    const answer = await engine.override(run, wanted, { key });
    if (answer === 'accepted') accepted.set(key, wanted);
    if (answer !== 'decision-unknown') return;
  }
}

async function live(acts: readonly (readonly [number, Override])[]): Promise<void> {
  const run = await start();
  for (const [afterMs, wanted] of acts) {
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    await stepIn(run, wanted);
  }
  // Whatever it waits for now, it gets.
  await stepIn(run, { kind: 'resume' });
  await stepIn(run, { kind: 'skip', step: 'ask' });
  await endsAsRecorded(run);
  const reruns = await engine.record.inTx((tx) =>
    tx.selectFrom('runs').select('id').where('rerun_of', '=', run.id).execute(),
  );
  const resets = [...acts].filter(([, { kind }]) => kind === 'reset');
  expect(reruns.length).toBeLessThanOrEqual(resets.length > 0 ? 1 : 0);
  for (const { id } of reruns) {
    const rerun = await engine.attach(id);
    await stepIn(rerun, { kind: 'cancel' });
    await endsAsRecorded(rerun);
  }
}

/** Temporal and the record say the same of a run that has ended. */
async function endsAsRecorded(run: StartedRun): Promise<void> {
  const { status } = await engine.finished(run);
  expect(await engine.record.run(run.id)).toMatchObject({ status, paused: false });
}

it(`after any overrides at any moment ${RUNS} runs end in a legal state, and each override that counted is kept once`, async () => {
  const stories = fc.sample(story, { numRuns: RUNS, seed: SEED });
  const liveOn = async (): Promise<void> => {
    for (let acts = stories.pop(); acts; acts = stories.pop()) await live(acts);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, liveOn));

  const count = (text: string) =>
    engine.record.inTx(
      async (tx) => (await sql.raw<{ n: number }>(`select count(*)::int as n from ${text}`).execute(tx)).rows[0]!.n,
    );
  const OPEN = "('pending', 'running', 'waiting')";
  expect({
    runs: await count(`runs where status in ${OPEN} or paused`),
    steps: await count(`steps where status in ${OPEN}`),
    approvals: await count("approvals where status = 'open'"),
    attempts: await count("attempts where status = 'running'"),
    agents: await count("agents where status <> 'idle'"),
    undelivered: await count('overrides where delivered_at is null'),
    resetsLost: await count("overrides where kind = 'reset' and rerun_id is null"),
    otherEnds: await count(`overrides o join steps s on s.run_id = o.run_id and s.step = o.step and s.item is null
      where (o.kind = 'skip' and s.status <> 'skipped') or (o.kind = 'complete' and s.status <> 'succeeded')`),
  }).toEqual({
    runs: 0,
    steps: 0,
    approvals: 0,
    attempts: 0,
    agents: 0,
    undelivered: 0,
    resetsLost: 0,
    otherEnds: 0,
  });

  const kept = await engine.record.inTx(async (tx) => ({
    overrides: await tx.selectFrom('overrides').select(['id', 'key']).execute(),
    audit: await tx.selectFrom('audit').select('details').where('action', 'like', 'override.%').execute(),
    events: await tx.selectFrom('events').select('payload').where('type', '=', 'override').execute(),
  }));
  expect(accepted.size).toBeGreaterThan(RUNS);
  expect(new Set([...accepted.values()].map(({ kind }) => kind)).size).toBe(7);
  expect(kept.overrides.map(({ key }) => key).sort()).toEqual([...accepted.keys()].sort());
  const ids = kept.overrides.map(({ id }) => id).sort();
  expect(kept.audit.map(({ details }) => (details as { override: string }).override).sort()).toEqual(ids);
  expect(kept.events.map(({ payload }) => (payload as { override: string }).override).sort()).toEqual(ids);
}, 400_000);
