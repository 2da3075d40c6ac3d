import type { JsonObject } from '../../src/domain/json.js';
import { startEngine, type Engine } from '../support/engine.js';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({
    agents: [
      {
        name: 'devon',
        roles: ['developer'],
        moves: [
          { action: 'code.implement', write: { 'new.txt': 'new\n' }, summary: 'Adds new.txt' },
          { action: 'code.fix', write: { 'fix.txt': 'fix\n' } },
        ],
      },
      { name: 'aaron', roles: ['developer'], moves: [{ action: 'code.fix', write: { 'fix.txt': 'fix\n' } }] },
      { name: 'tara', roles: ['tester'], moves: [{ action: 'code.writeTests', write: { 'test.txt': 'test\n' } }] },
      { name: 'loud', script: `done({ output: { text: 'x'.repeat(request.params.bytes), small: 'y' } });` },
      { name: 'slow', script: `write('slow.txt', 'x'); spawnSync('sleep', ['600']); done();` },
    ],
  });
});
afterEach(() => engine.unhook());
afterAll(() => engine.stop());

/** Holds `flow.noop` steps by id until they are let go, and says when each begins. */
function held() {
  const begun = new Map<string, () => void>();
  const held = new Map<string, Promise<void>>();
  const order: string[] = [];
  engine.hooks.runAction = async (request, real) => {
    const key = request.ref.item === null ? request.ref.step : `${request.ref.step}/${request.ref.item}`;
    order.push(key);
    begun.get(key)?.();
    await held.get(key);
    return real(request);
  };
  return {
    order,
    begins: (step: string) => new Promise<void>((resolve) => void begun.set(step, resolve)),
    hold: (step: string): (() => void) => {
      let release = (): void => undefined;
      held.set(step, new Promise<void>((resolve) => void (release = resolve)));
      return release;
    },
  };
}

const noop = (name: string, more = ''): string =>
  `\n  - { name: ${name}, action: flow.noop${more === '' ? '' : `, ${more}`} }`;
const pipeline = (name: string, ...steps: string[]): string => `name: ${name}\nsteps:${steps.join('')}\n`;

describe('a step', () => {
  it('starts as soon as all before it are done, whatever else still runs', async () => {
    const steps = held();
    const releaseB = steps.hold('b');
    const [bBegins, dBegins] = [steps.begins('b'), steps.begins('d')];
    const run = await engine.startRun(
      pipeline(
        'graph',
        noop('a'),
        noop('b', 'dependsOn: [a]'),
        noop('c', 'dependsOn: [a]'),
        noop('d', 'dependsOn: [c]'),
        noop('e', 'dependsOn: [b, d]'),
      ),
    );
    await Promise.all([bBegins, dBegins]);
    expect(steps.order).not.toContain('e');
    releaseB();
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
    expect(steps.order.at(-1)).toBe('e');
  });

  it('of a parallel group starts with the group, and the next waits for all of it', async () => {
    const steps = held();
    const releases = ['a', 'b', 'c'].map(steps.hold);
    const begun = Promise.all(['a', 'b', 'c'].map(steps.begins));
    const run = await engine.startRun(
      pipeline('group', noop('a'), noop('b', 'parallel: true'), noop('c', 'parallel: true'), noop('d')),
    );
    await begun;
    expect(steps.order.sort()).toEqual(['a', 'b', 'c']);
    for (const release of releases) release();
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
    expect(steps.order.at(-1)).toBe('d');
  });

  it('whose condition does not hold is skipped, and those after it go on', async () => {
    const { id, result } = await engine.run(
      pipeline(
        'skips',
        noop('a', 'when: "context.wanted > 1"'),
        noop('b', `when: "nodes.a.status == 'skipped'"`),
        noop('c', 'when: "false"'),
      ),
      { context: { wanted: 1 } },
    );
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    expect(await engine.record.statuses(id)).toEqual({ a: 'skipped', b: 'succeeded', c: 'skipped' });
  });

  it.each([
    ['its condition', noop('a', 'when: "context.missing == 1"')],
    [
      'its parameters',
      `\n  - { name: a, agent: devon, action: code.implement, params: { text: "about {{ context.missing }}" } }`,
    ],
  ])('with a missing key in %s fails with its name', async (_where, step) => {
    const { id, result } = await engine.run(pipeline('missing', step, noop('b')));
    expect(result).toMatchObject({ status: 'failed', error: { code: 'expression-failed', step: 'a' } });
    expect(result.error?.message).toContain('missing');
    expect(await engine.record.step(id, 'a')).toMatchObject({ status: 'failed', error: { code: 'expression-failed' } });
    expect((await engine.record.events(id)).map(({ type }) => type)).toEqual([
      'workflow.started',
      'step.failed',
      'step.skipped',
      'workflow.failed',
    ]);
  });

  it('is tried again after an error that may pass, as often as its policy says', async () => {
    const { BatonError } = await import('../../src/domain/errors.js');
    let calls = 0;
    engine.hooks.runAction = (request, real) => {
      calls += 1;
      if (calls < 3) throw new BatonError('forge-away', 'The forge is away.', { retryable: true });
      return real(request);
    };
    expect(
      (await engine.run(pipeline('retry', noop('a', 'retry: { attempts: 3, delay: 10ms, factor: 2 }')))).result,
    ).toMatchObject({ status: 'succeeded' });
    expect(calls).toBe(3);
    calls = 0;
    expect(
      (await engine.run(pipeline('retry', noop('a', 'retry: { attempts: 2, delay: 10ms }')))).result,
    ).toMatchObject({ status: 'failed', error: { code: 'forge-away', message: 'The forge is away.' } });
    expect(calls).toBe(2);
  });

  it('is not tried again after an error that stays', async () => {
    const { BatonError } = await import('../../src/domain/errors.js');
    let calls = 0;
    engine.hooks.runAction = () => {
      calls += 1;
      throw new BatonError('no', 'Never.');
    };
    expect((await engine.run(pipeline('no-retry', noop('a', 'retry: 5')))).result).toMatchObject({
      status: 'failed',
      error: { code: 'no' },
    });
    expect(calls).toBe(1);
  });

  it('of an agent is ended when its time is over, with all its processes', async () => {
    const { id, result } = await engine.run(
      pipeline('slow', `\n  - { name: Slow, agent: slow, action: code.implement, timeout: 1s, retry: 1 }`),
    );
    expect(result).toMatchObject({
      status: 'failed',
      error: { code: 'agent-timed-out', message: 'The agent did not end within 1 s.' },
    });
    expect(await engine.record.attempts(id)).toMatchObject([{ status: 'failed', error: { code: 'agent-timed-out' } }]);
  });

  it('of Baton is ended when its time is over, and not begun again', async () => {
    let calls = 0;
    const { Context } = await import('@temporalio/activity');
    engine.hooks.runAction = async () => {
      calls += 1;
      return Context.current().cancelled;
    };
    expect((await engine.run(pipeline('hangs', noop('a', 'timeout: 1s')))).result).toMatchObject({
      status: 'failed',
      error: { code: 'timed-out' },
    });
    expect(calls).toBe(1);
  });

  it('that fails lets those that run finish, and starts nothing new', async () => {
    const { BatonError } = await import('../../src/domain/errors.js');
    const steps = held();
    const waits = engine.hooks.runAction!;
    const release = steps.hold('slow');
    engine.hooks.runAction = (request, real) => {
      if (request.ref.step === 'breaks') throw new BatonError('broken', 'It broke.');
      return waits(request, real);
    };
    engine.hooks.recordStep = async (request, real) => {
      await real(request);
      if (request.ref.step === 'breaks' && request.status === 'failed') release();
    };
    const { id, result } = await engine.run(
      pipeline(
        'fails',
        noop('slow'),
        noop('breaks', 'parallel: true'),
        noop('after-slow', 'dependsOn: [slow]'),
        noop('after-breaks', 'dependsOn: [breaks]'),
      ),
    );
    expect(result).toMatchObject({ status: 'failed', error: { code: 'broken', step: 'breaks' } });
    expect(await engine.record.statuses(id)).toEqual({
      slow: 'succeeded',
      breaks: 'failed',
      'after-slow': 'skipped',
      'after-breaks': 'skipped',
    });
    const skipped = (await engine.record.events(id)).filter(({ type }) => type === 'step.skipped');
    expect(skipped.map(({ payload }) => payload['step'])).toEqual(['after-slow', 'after-breaks']);
    expect(await engine.record.run(id)).toMatchObject({
      status: 'failed',
      error: { code: 'broken', message: 'It broke.', details: { step: 'breaks' } },
    });
  });

  it('by `same` is done by the agent of the step before', async () => {
    const { id, result } = await engine.run(
      pipeline(
        'same',
        `\n  - { name: One, agent: devon, action: code.implement }`,
        `\n  - { name: Two, agent: same, action: code.fix }`,
        `\n  - { name: Three, agent: any, action: code.fix, when: "false" }`,
      ),
    );
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    const [one, two] = await engine.record.attempts(id);
    expect(two!.agent_id).toBe(one!.agent_id);
    const commits = await engine.forgeGit('log', '--format=%an', '-2', (await engine.record.run(id)).branch!);
    expect(commits).toBe('devon\ndevon');
  });

  it('for which no agent is there says why, whom it asks for, and how to fix it', async () => {
    const { id, result } = await engine.run(
      pipeline('nobody', `\n  - { name: One, agent: role:auditor, action: review.code }`),
    );
    expect(result).toMatchObject({ status: 'failed', error: { code: 'preconditions-failed' } });
    expect(result.error?.message).toMatch(/One: no agent holds the role auditor\. Register one with `baton agents add/);
    expect(await engine.record.attempts(id)).toEqual([]);
  });
});

describe('what a step hands on', () => {
  const reading = (bytes: number, path: string): string =>
    pipeline(
      'reads',
      `\n  - { name: Say, agent: loud, action: review.code, params: { bytes: ${bytes} } }`,
      `\n  - { name: Read, agent: loud, action: review.code, params: { bytes: 1, got: "{{ nodes.say.output.${path} }}" } }`,
    );

  it('is what later steps read, whatever the size of the whole', async () => {
    const { id, result } = await engine.run(reading(100_000, 'small'));
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    expect((await engine.record.step(id, 'read')).input).toEqual({ bytes: 1, got: 'y' });
    expect(((await engine.record.step(id, 'say')).output as JsonObject)['text']).toHaveLength(100_000);
  });

  it('is at most 8 KiB, and the step that reads more names what it reads', async () => {
    const { id, result } = await engine.run(reading(9_000, 'text'));
    expect(result).toMatchObject({ status: 'failed', error: { code: 'output-too-large', step: 'say' } });
    expect(result.error?.message).toMatch(
      /Later steps read output\.text of this step, which is 90\d\d bytes; at most 8192/,
    );
    expect(await engine.record.step(id, 'say')).toMatchObject({
      status: 'failed',
      error: { code: 'output-too-large' },
    });
  });

  it('is at most 1 MiB a run', async () => {
    engine.hooks.runAction = (request) =>
      Promise.resolve({ output: { text: 'x'.repeat(8_000), of: request.ref.step }, branch: null });
    const { id, result } = await engine.run(
      pipeline(
        'hoard',
        `\n  - { name: Each, action: flow.noop, map: { over: [${Array.from({ length: 140 }, (_, index) => index).join(', ')}], concurrency: 20 } }`,
        noop('Read', 'params: { all: "{{ nodes.each.output }}" }'),
      ),
    );
    expect(result).toMatchObject({ status: 'failed', error: { code: 'run-output-too-large', step: 'each' } });
    expect(await engine.record.step(id, 'each')).toMatchObject({
      status: 'failed',
      error: { code: 'run-output-too-large' },
    });
  });

  it('to a step is at most 256 KiB of parameters', async () => {
    const context = { text: 'x'.repeat(60_000) };
    const params = Array.from({ length: 5 }, (_, index) => `p${index}: "{{ context.text }}"`).join(', ');
    const { result } = await engine.run(
      pipeline('fat', `\n  - { name: Say, agent: loud, action: review.code, params: { ${params} } }`),
      { context },
    );
    expect(result).toMatchObject({
      status: 'failed',
      error: { code: 'input-too-large', message: expect.stringContaining('The parameters of Say are 300') as string },
    });
  });
});

describe('forty parallel steps with large inputs', () => {
  const context = { text: 'x'.repeat(60_000) };
  const params = 'params: { a: "{{ context.text }}", b: "{{ context.text }}" }';
  const names = Array.from({ length: 40 }, (_, index) => `s${index}`);

  it('of Baton do not hang', async () => {
    const { result } = await engine.run(
      pipeline('many', ...names.map((name) => noop(name, `${params}, parallel: true`)), noop('end')),
      { context },
    );
    expect(result).toMatchObject({ status: 'succeeded', error: null });
  });

  it('that call pipelines do not hang', async () => {
    const { id, result } = await engine.run(
      pipeline(
        'many-calls',
        ...names.map(
          (name) => `\n  - { name: ${name}, pipeline: little, params: { a: "{{ context.text }}" }, parallel: true }`,
        ),
        noop('end'),
      ),
      {
        context,
        children: [pipeline('little', noop('one'))],
      },
    );
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    expect(await engine.record.children(id)).toHaveLength(40);
  }, 120_000);
});

describe('what an operator sees', () => {
  it('in Temporal alone: what a run is, where it stands and what it waits for', async () => {
    const run = await engine.startRun(
      pipeline('shown', noop('first'), `\n  - { name: Ask the lead, type: human-gate, approvers: [human:lee] }`),
      { issue: { title: 'Add a thing', labels: ['P1'] } },
    );
    await engine.asked(run, 'ask-the-lead');
    const asked = await run.handle.describe();
    const { number } = run;
    const [issue] = await engine.record.inTx((tx) =>
      tx.selectFrom('issues').select('number').orderBy('number', 'desc').limit(1).execute(),
    );
    expect(await asked.staticSummary()).toBe(
      `#${number} shown · demo · issue #${issue!.number} Add a thing · asked by maya`,
    );
    const attributes = Object.fromEntries(
      asked.typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]),
    );
    expect(attributes).toMatchObject({
      BatonRun: String(number),
      BatonPipeline: 'shown',
      BatonRepository: 'demo',
      BatonIssue: String(issue!.number),
      BatonPriority: 'P1',
      BatonStatus: 'waiting',
    });
    const details = await run.handle
      .query<string>('__temporal_workflow_metadata')
      .then((metadata) => (metadata as unknown as { currentDetails: string }).currentDetails);
    expect(details).toBe('waiting: 1 of 2 steps done · waiting: Ask the lead');
    await engine.decide(run, 'ask-the-lead', 'lee');
    await engine.finished(run);
    const ended = Object.fromEntries(
      (await run.handle.describe()).typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]),
    );
    expect(ended).toMatchObject({ BatonStatus: 'succeeded' });
  });

  it('in the events of a run: its story in order, each once', async () => {
    const { id } = await engine.run(
      pipeline(
        'story',
        noop('Begin'),
        `\n  - { name: Work, agent: devon, action: code.implement, gates: [tests] }`,
        noop('Not', 'when: "false"'),
      ),
      { issue: {} },
    );
    const events = await engine.record.events(id);
    expect(events.map(({ type }) => type)).toEqual([
      'workflow.started',
      'step.started',
      'step.completed',
      'step.started',
      'handoff',
      'task.transitioned',
      'agent.started',
      'agent.commit',
      'task.transitioned',
      'gate.completed',
      'agent.completed',
      'step.completed',
      'step.skipped',
      'workflow.completed',
    ]);
    expect(new Set(events.map(({ key }) => key)).size).toBe(events.length);
    const { number } = await engine.record.run(id);
    expect(events.map(({ briefing }) => briefing.replace(/\b[0-9a-f]{10}\b/g, '…')).slice(4, 12)).toEqual([
      `#${number} Work: handed to devon`,
      'Add a thing: pending → in-progress',
      `#${number} Work: devon works, attempt 1`,
      `#${number} Work: devon left …`,
      'Add a thing: in-progress → testing',
      `#${number} Work: gate tests on …: pass, the tests pass`,
      `#${number} Work: devon, attempt 1: succeeded`,
      `#${number} Work: succeeded at …`,
    ]);
  });
});
