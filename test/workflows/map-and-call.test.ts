import { BatonError } from '../../src/domain/errors.js';
import { startEngine, type Engine } from '../support/engine.js';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({
    agents: [
      {
        name: 'each',
        script: `if (request.params.file === 'bad.txt') process.exit(4); write(request.params.file, 'x'); done({ output: { file: request.params.file } });`,
      },
    ],
  });
});
afterEach(() => engine.unhook());
afterAll(() => engine.stop());

const mapped = (over: string, concurrency: number): string => `
name: mapped
steps:
  - { name: Each, action: flow.noop, map: { over: "${over}", concurrency: ${concurrency} }, params: { value: "{{ item }}", at: "{{ index }}" } }
  - { name: After, action: flow.noop, params: { all: "{{ nodes.each.output }}" } }
`;

describe('a mapped step', () => {
  it('runs no more at once than its limit, and gives the outputs in the order of the items', async () => {
    let running = 0;
    let most = 0;
    const waiting: (() => void)[] = [];
    engine.hooks.runAction = async (request, real) => {
      if (request.ref.item === null) return real(request);
      running += 1;
      most = Math.max(most, running);
      // Each waits until as many run as may, the last of them going first: outputs do not come in order by luck.
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        if (waiting.length === 3 || request.ref.item === 9) for (const go of waiting.splice(0).reverse()) go();
      });
      running -= 1;
      return { ...(await real(request)), output: `out ${request.params['value'] as string}` };
    };
    const items = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];
    const { id, result } = await engine.run(mapped('{{ context.items }}', 3), { context: { items } });
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    expect(most).toBe(3);
    expect((await engine.record.step(id, 'after')).input).toEqual({ all: items.map((item) => `out ${item}`) });
    const rows = (await engine.record.steps(id)).filter(({ step, item }) => step === 'each' && item !== null);
    expect(rows.map(({ item, status, input }) => [item, status, input])).toEqual(
      items.map((value, at) => [at, 'succeeded', { value, at }]),
    );
  });

  it('reports its first failure, lets what runs finish, starts no other item, and records each', async () => {
    let failed = (): void => undefined;
    const afterFailure = new Promise<void>((resolve) => void (failed = resolve));
    engine.hooks.runAction = async (request, real) => {
      if (request.ref.item === 1) throw new BatonError('bad-item', 'b is bad.');
      if (request.ref.item === 0) {
        await afterFailure;
        throw new BatonError('later', 'a is bad too.');
      }
      return real(request);
    };
    engine.hooks.recordStep = async (request, real) => {
      await real(request);
      if (request.ref.item === 1) failed();
    };
    const { id, result } = await engine.run(mapped('{{ context.items }}', 2), {
      context: { items: ['a', 'b', 'c', 'd'] },
    });
    expect(result).toMatchObject({ status: 'failed', error: { code: 'bad-item', step: 'each' } });
    const rows = (await engine.record.steps(id)).filter(({ step }) => step === 'each');
    expect(rows.map(({ item, status, error }) => [item, status, error?.code])).toEqual([
      [0, 'failed', 'later'],
      [1, 'failed', 'bad-item'],
      [null, 'failed', 'bad-item'],
    ]);
  });

  it('over nothing gives an empty list; over what is no list it fails', async () => {
    const { id, result } = await engine.run(mapped('{{ context.items }}', 2), { context: { items: [] } });
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    expect((await engine.record.step(id, 'after')).input).toEqual({ all: [] });
    expect((await engine.run(mapped('{{ context.items }}', 2), { context: { items: 'abc' } })).result).toMatchObject({
      status: 'failed',
      error: { code: 'map-not-a-list' },
    });
    const many = Array.from({ length: 501 }, (_, index) => index);
    expect((await engine.run(mapped('{{ context.items }}', 2), { context: { items: many } })).result).toMatchObject({
      status: 'failed',
      error: { code: 'map-too-large' },
    });
  });

  it('of an agent puts every item on the branch, one commit each', async () => {
    const { id, result } = await engine.run(`
name: agents
steps:
  - { name: Each, agent: each, action: code.implement, gates: [tests], map: { over: [a.txt, b.txt, c.txt], concurrency: 3 }, params: { file: "{{ item }}" } }
`);
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    const { branch } = await engine.record.run(id);
    expect(
      await engine
        .forgeGit('log', '--reverse', '--format=%(trailers:key=Baton-Item,valueonly,separator=)', `main..${branch!}`)
        .then((text) => text.split('\n').sort()),
    ).toEqual(['0', '1', '2']);
    // What was rebased was proved again, on the commit that it became.
    const heads = (await engine.forgeGit('rev-list', `main..${branch!}`)).split('\n');
    const proved = (await engine.record.gates(id))
      .filter(({ verdict }) => verdict === 'pass')
      .map(({ commit }) => commit);
    expect(proved).toEqual(expect.arrayContaining(heads));
  });

  it('of an agent records the item that failed, and why', async () => {
    const { id, result } = await engine.run(`
name: agents-fail
steps:
  - { name: Each, agent: each, action: code.implement, retry: 1, map: { over: [a.txt, bad.txt], concurrency: 1 }, params: { file: "{{ item }}" } }
`);
    expect(result).toMatchObject({ status: 'failed', error: { code: 'agent-exited' } });
    expect((await engine.record.steps(id)).map(({ item, status }) => [item, status])).toEqual([
      [0, 'succeeded'],
      [1, 'failed'],
      [null, 'failed'],
    ]);
  });
});

describe('a step that calls a pipeline', () => {
  const parent = (child: string, more = ''): string => `
name: parent
steps:
  - { name: Call, pipeline: ${child}, params: { word: "{{ context.word }}" }${more} }
  - { name: After, action: flow.noop, params: { number: "{{ nodes.call.output.number }}" } }
`;
  const child = `
name: child
steps:
  - { name: One, action: flow.noop, params: { heard: "{{ context.word }}" } }
`;

  it('runs it as a run of its own, with a row, its context and its lineage', async () => {
    const { id, workflowId, result } = await engine.run(parent('child'), {
      context: { word: 'hello' },
      children: [child],
      issue: {},
    });
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    const [called] = await engine.record.children(id);
    expect(called).toMatchObject({
      parent_id: id,
      status: 'succeeded',
      workflow_id: `${workflowId}/call`,
      trigger: { kind: 'pipeline', run: id, step: 'call' },
    });
    expect((await engine.record.step(called!.id, 'one')).input).toEqual({ heard: 'hello' });
    expect((await engine.record.step(id, 'after')).input).toEqual({ number: called!.number });
    await expect(
      (await engine.temporal.workflow.getHandle(called!.workflow_id).describe()).staticSummary(),
    ).resolves.toBe(`#${called!.number} child, called by #${(await engine.record.run(id)).number}`);
  });

  it('fails where it fails, and says which run', async () => {
    const { id, result } = await engine.run(parent('child'), {
      children: [child.replace('{{ context.word }}', '{{ context.nothing }}')],
      context: { word: 'x' },
    });
    const [called] = await engine.record.children(id);
    expect(result).toMatchObject({ status: 'failed', error: { code: 'child-failed', step: 'call' } });
    expect(result.error?.message).toMatch(new RegExp(`^#${called!.number} child failed: .*nothing`));
    expect(await engine.record.statuses(id)).toEqual({ call: 'failed', after: 'skipped' });
    expect(called).toMatchObject({ status: 'failed' });
  });

  it('is cancelled, to the last step, when the time that the step gives it is over', async () => {
    const waits = `\nname: waits\nsteps:\n  - { name: Ask, type: human-gate, approvers: [human:lee] }\n`;
    const { id, result } = await engine.run(parent('waits', ', timeout: 1s'), {
      children: [waits],
      context: { word: 'x' },
    });
    expect(result).toMatchObject({ status: 'failed', error: { code: 'timed-out', step: 'call' } });
    expect(result.error?.message).toMatch(/waits did not end in the time that Call gives it/);
    expect(await engine.record.statuses(id)).toEqual({ call: 'failed', after: 'skipped' });
    expect(await engine.record.children(id)).toMatchObject([{ status: 'cancelled' }]);
  });

  it('may be mapped: a run for each item', async () => {
    const { id, result } = await engine.run(
      `
name: fan
steps:
  - { name: Call, pipeline: child, params: { word: "{{ item }}" }, map: { over: [x, y, z], concurrency: 2 } }
`,
      { children: [child] },
    );
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    const called = await engine.record.children(id);
    const heard = await Promise.all(called.map(async (run) => (await engine.record.step(run.id, 'one')).input));
    expect(heard.map((input) => (input as { heard: string }).heard).sort()).toEqual(['x', 'y', 'z']);
  });

  it('that calls back is ended when it is five deep', async () => {
    const ping = `\nname: ping\nsteps:\n  - { name: Call, pipeline: pong }\n`;
    const pong = `\nname: pong\nsteps:\n  - { name: Call, pipeline: ping }\n`;
    const { result } = await engine.run(pong, { children: [ping] });
    expect(result).toMatchObject({ status: 'failed', error: { code: 'child-failed' } });
    expect(result.error?.message).toMatch(/Pipelines call each other more than 5 deep/);
    const runs = await engine.record.inTx((tx) =>
      tx
        .selectFrom('runs as r')
        .innerJoin('pipelines as p', 'p.id', 'r.pipeline_id')
        .select('r.status')
        .where('p.name', 'in', ['ping', 'pong'])
        .execute(),
    );
    expect(runs.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 'failed'));
  });
});
