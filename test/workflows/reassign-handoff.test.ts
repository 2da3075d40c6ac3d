import { processesWith } from '../sandbox/processes-of.js';
import { startEngine, type Engine } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { CALCULATOR } from '../templates/template-fixture.js';

const SECONDS = 87_000 + (process.pid % 397);
const asleep = (): Promise<true> => eventually(() => processesWith(`sleep\0${SECONDS}`).length > 0 || null);

const TEST = `import assert from 'node:assert';
import { test } from 'node:test';
import { double } from '../src/double.js';
test('doubles', () => assert.equal(double(2), 4));
`;
const TESTER = `
if (request.params.phase === 'red') write('test/double.test.js', ${JSON.stringify(TEST)});
done();
`;
const DEVELOPER = `
if (request.params.phase === 'green') write('src/double.js', 'export const double = (a) => a * 2;\\n');
done();
`;
const SLEEPER = `spawnSync('sleep', ['${SECONDS}']); done();`;

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({
    files: CALCULATOR,
    agents: [
      { name: 'tara', roles: ['tester'], script: TESTER },
      { name: 'tom', roles: ['tester'], script: TESTER },
      { name: 'sleepy', roles: ['developer'], script: SLEEPER },
      { name: 'devon', roles: ['developer'], script: DEVELOPER },
      { name: 'either', roles: ['developer', 'tester'], script: DEVELOPER },
      { name: 'mona', roles: ['auditor'], script: 'done();' },
    ],
  });
});
afterAll(() => engine.stop());

const HANDOFF = `
name: handed
steps:
  - { name: Work, action: tdd.handoff, retry: { attempts: 1 }, params: { tester: tara, developer: sleepy, integration: false } }
`;

const whoDid = async (runId: string): Promise<string[]> => {
  const names = await engine.record.inTx((tx) =>
    tx
      .selectFrom('attempts as t')
      .innerJoin('agents as a', 'a.id', 't.agent_id')
      .select(['t.item', 'a.name', 't.status'])
      .where('t.run_id', '=', runId)
      .orderBy('t.item')
      .orderBy('t.attempt')
      .execute(),
  );
  return names.map(({ item, name, status }) => `${item} ${name} ${status}`);
};

describe('reassigning a hand-off', () => {
  it('gives the place that the agent is fit for, at once and for the rest of the phases', async () => {
    const run = await engine.startRun(HANDOFF);
    await asleep();
    const give = (agent: string) => engine.override(run, { kind: 'reassign', step: 'work', agent });
    expect(await give('mona')).toBe('no-agent');
    expect(await give('tom')).toBe('accepted');
    expect(await give('devon')).toBe('accepted');
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
    expect(await whoDid(run.id)).toEqual([
      '0 tara succeeded',
      '1 sleepy cancelled',
      '1 devon succeeded',
      '2 devon succeeded',
      '3 tom succeeded',
    ]);
  });

  it('lets one who is fit for both relieve whoever is at work', async () => {
    const run = await engine.startRun(HANDOFF);
    await asleep();
    expect(await engine.override(run, { kind: 'reassign', step: 'work', agent: 'either' })).toBe('accepted');
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
    expect((await whoDid(run.id)).map((line) => line.split(' ')[1])).toEqual([
      'tara',
      'sleepy',
      'either',
      'either',
      'tara',
    ]);
  });
});
