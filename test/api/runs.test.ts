import { claimKey, keepAnswer, type KeyedRequest } from '../../src/db/idempotency.js';
import { serveApi, type Body, type ServedApi } from './served-api.js';
import { eventually } from '../support/eventually.js';
import { noop, plan } from './record.js';

const LISTED = { usd: 0.05, date: '2026-09-23', isMinimum: true };

let api: ServedApi;

beforeAll(async () => {
  api = await serveApi();
  await api.record.addRepository('demo');
  await api.record.addPipeline(plan('build', [noop('first'), noop('second', ['first'])], 'feature'));
  await api.record.addPipeline(plan('old', [noop('first')]), 'archived');
});
afterAll(() => api.close());

const keyed = (key: string): KeyedRequest => ({
  organisationId: api.record.organisationId,
  personId: api.record.people.admin.id,
  key,
  hash: 'h',
});
const countRuns = async () => (await api.get('/api/runs?limit=200')).body.items.length;

describe('POST /api/runs', () => {
  it('makes a run, and Temporal knows it by its readable id with a summary', async () => {
    const made = await api.post(
      '/api/runs',
      { pipeline: 'build', repository: 'demo', context: { a: 1 } },
      { as: 'author' },
    );
    expect(made.status).toBe(201);
    const { body: run } = await api.get(made.body.url);
    expect(run).toMatchObject({
      number: made.body.number,
      status: 'pending',
      repository: 'demo',
      context: { a: 1 },
      requestedBy: { handle: 'author' },
    });
    expect(run.workflowId).toMatch(/^build\/demo\/manual\/\d+$/);

    const described = await eventually(() =>
      api.temporal.workflow
        .getHandle(run.workflowId)
        .describe()
        .catch(() => null),
    );
    expect(described.status.name).toBe('RUNNING');
    expect(described.taskQueue).toBe(api.taskQueue);
    expect(await described.staticSummary()).toBe(`#${run.number} build · demo · asked by author`);
  });

  it('refuses a pipeline that is not active', async () => {
    expect((await api.post('/api/runs', { pipeline: 'old' })).body).toMatchObject({
      status: 409,
      code: 'pipeline-not-active',
    });
  });
});

describe('an Idempotency-Key', () => {
  const headers = { 'idempotency-key': 'once-1' };

  it('makes one run of two requests, and gives the first answer again', async () => {
    const before = await countRuns();
    const first = await api.post('/api/runs', { pipeline: 'build', context: { a: 1, b: 2 } }, { headers });
    const second = await api.post('/api/runs', { context: { b: 2, a: 1 }, pipeline: 'build' }, { headers });
    expect(second.status).toBe(201);
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(await countRuns()).toBe(before + 1);
  });

  it('is refused for another request', async () => {
    const other = await api.post('/api/runs', { pipeline: 'build', context: { a: 2 } }, { headers });
    expect(other.body).toMatchObject({ status: 422, code: 'idempotency-key-reused' });
  });

  it('is a person’s own', async () => {
    const other = await api.post(
      '/api/runs',
      { pipeline: 'build', context: { other: true } },
      { headers, as: 'author' },
    );
    expect(other.status).toBe(201);
  });

  it('makes one run of ten requests at once; those that come too early are told to wait', async () => {
    const before = await countRuns();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        api.post('/api/runs', { pipeline: 'build' }, { headers: { 'idempotency-key': 'at-once' } }),
      ),
    );
    for (const { status, body } of answers) expect(status === 201 || body.code === 'request-in-flight').toBe(true);
    expect(new Set(answers.filter(({ status }) => status === 201).map(({ body }) => body.id)).size).toBe(1);
    expect(await countRuns()).toBe(before + 1);
  });

  it('is told to wait while the first try is at work, however long that takes', async () => {
    const asked = { headers: { 'idempotency-key': 'at-work' } };
    const path = '/api/repositories/demo/issues';
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    let hold = (): void => undefined;
    const held = new Promise<void>((resolve) => (hold = resolve));
    const lock = api.record.inTx(async (tx) => {
      await tx.selectFrom('repositories').select('id').where('name', '=', 'demo').forUpdate().execute();
      hold();
      await released;
    });
    await held;
    const first = api.post(path, { title: 'slow' }, asked);
    const claim = () =>
      api.record.inTx((tx) =>
        tx.selectFrom('idempotency_keys').select('claimed_until').where('key', '=', 'at-work').executeTakeFirst(),
      );
    await eventually(claim);
    // As if its time were nearly over.
    const over = new Date(Date.now() + 1_000);
    await api.record.inTx((tx) =>
      tx.updateTable('idempotency_keys').set({ claimed_until: over }).where('key', '=', 'at-work').execute(),
    );
    await eventually(async () => ((await claim())?.claimed_until?.getTime() ?? 0) > over.getTime());
    const second = await api.post(path, { title: 'slow' }, asked);
    expect(second.body).toMatchObject({ status: 409, code: 'request-in-flight' });
    expect(second.headers.get('retry-after')).toBe('1');
    release();
    await lock;
    expect((await first).status).toBe(201);
    expect((await api.post(path, { title: 'slow' }, asked)).body).toEqual((await first).body);
  });

  it('of a try that others took for dead does not change their answer', async () => {
    const request = keyed('dead');
    const claim = () => api.record.inTx((tx) => claimKey(tx, request));
    const first = await claim();
    await api.record.inTx((tx) =>
      tx.updateTable('idempotency_keys').set({ claimed_until: new Date() }).where('key', '=', 'dead').execute(),
    );
    const second = await claim();
    expect([first, second]).toMatchObject([
      { kind: 'claimed', again: false },
      { kind: 'claimed', again: true },
    ]);
    const claimOf = (of: typeof first) => (of.kind === 'claimed' ? of.claim : '');
    await api.record.inTx((tx) => keepAnswer(tx, claimOf(first), 201, 'of the first'));
    expect(await claim()).toEqual({ kind: 'in-flight' });
    await api.record.inTx((tx) => keepAnswer(tx, claimOf(second), 201, 'of the second'));
    expect(await claim()).toEqual({ kind: 'answered', status: 201, body: 'of the second' });
  });

  it('of a question means nothing: it is answered as things are', async () => {
    const ask = () => api.get('/api/runs?limit=1', { headers: { 'idempotency-key': 'question' } });
    const first = await ask();
    await api.post('/api/runs', { pipeline: 'build' });
    const second = await ask();
    expect(second.headers.get('idempotency-replayed')).toBeNull();
    expect(second.body.items[0]!.number).toBe(first.body.items[0]!.number + 1);
  });

  it('is forgotten after a week', async () => {
    const key = { 'idempotency-key': 'old' };
    const first = await api.post('/api/runs', { pipeline: 'build' }, { headers: key });
    const keptSince = (days: number) =>
      api.record.inTx((tx) =>
        tx
          .updateTable('idempotency_keys')
          .set({ created_at: new Date(Date.now() - days * 24 * 3600_000) })
          .where('key', '=', 'old')
          .execute(),
      );
    await keptSince(6);
    expect((await api.post('/api/runs', { pipeline: 'build' }, { headers: key })).body).toEqual(first.body);
    await keptSince(8);
    await api.post('/api/runs', { pipeline: 'build' }, { headers: { 'idempotency-key': 'new' } });
    const left = await api.record.inTx((tx) =>
      tx.selectFrom('idempotency_keys').select('key').where('key', '=', 'old').execute(),
    );
    expect(left).toEqual([]);
  });

  it('finds what was done where the answer was lost with its process', async () => {
    const before = await countRuns();
    const key = { 'idempotency-key': 'lost' };
    const first = await api.post('/api/runs', { pipeline: 'build' }, { headers: key });
    // As a crash between the run and the answer leaves it.
    await api.record.inTx((tx) =>
      tx
        .updateTable('idempotency_keys')
        .set({ status: null, body: null, claimed_until: null })
        .where('key', '=', 'lost')
        .execute(),
    );
    const second = await api.post('/api/runs', { pipeline: 'build' }, { headers: key });
    expect(second.body).toEqual(first.body);
    expect(await countRuns()).toBe(before + 1);
  });

  it('keeps a refusal as well', async () => {
    const key = { 'idempotency-key': 'refused' };
    const first = await api.post('/api/runs', { pipeline: 'built' }, { headers: key });
    const second = await api.post('/api/runs', { pipeline: 'built' }, { headers: key });
    expect(first.body).toMatchObject({ status: 404, code: 'pipeline-not-found' });
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('content-type')).toMatch(/problem/);
  });
});

describe('GET /api/runs', () => {
  it('goes through all runs in pages, newest first, none twice, while new ones come', async () => {
    for (let n = 0; n < 5; n += 1) await api.post('/api/runs', { pipeline: 'build' });
    const all = (await api.get('/api/runs?limit=200')).body.items.map(({ number }) => number);
    const seen: number[] = [];
    for (let next: string | null = ''; next !== null;) {
      const { body } = await api.get(`/api/runs?limit=2${next === '' ? '' : `&cursor=${next}`}`);
      seen.push(...body.items.map(({ number }) => number));
      next = body.next;
      await api.post('/api/runs', { pipeline: 'build' });
    }
    expect(seen).toEqual(all);
    expect([...seen].sort((a, b) => b - a)).toEqual(seen);
  });

  it.each([
    ['repository=demo', (run: Body) => run.repository === 'demo'],
    ['pipeline=build', (run: Body) => run.pipeline.name === 'build'],
    ['status=pending,running', (run: Body) => run.status === 'pending' || run.status === 'running'],
    ['q=author%20demo', (run: Body) => run.repository === 'demo'],
  ])('filters by %s', async (filter, holds) => {
    const { items } = (await api.get(`/api/runs?${filter}`)).body;
    expect(items.length).toBeGreaterThan(0);
    expect(items.every(holds)).toBe(true);
  });

  it.each(['q=100%25_', 'repository=other', 'status=failed', 'issue=7', 'q=%5C'])(
    'finds nothing by %s',
    async (filter) => {
      expect((await api.get(`/api/runs?${filter}`)).body).toEqual({ items: [], next: null });
    },
  );
});

describe('GET /api/runs/:id', () => {
  it('takes an id, a number, a number with #, or a workflow id', async () => {
    const { body: run } = await api.get('/api/runs/1');
    for (const reference of [run.id, '%231', encodeURIComponent(run.workflowId)]) {
      expect((await api.get(`/api/runs/${reference}`)).body.id).toBe(run.id);
    }
  });

  it('tells steps, attempts, gates, findings, artifacts, costs and the graph', async () => {
    const { id } = await api.record.createRun({ plan: plan('whole', [noop('one'), noop('two', ['one'])]) });
    const organisation_id = api.record.organisationId;
    const commit = 'c'.repeat(40);
    await api.record.inTx(async (tx) => {
      const agent = await tx
        .insertInto('agents')
        .values({
          organisation_id,
          project_id: api.record.projectId,
          name: 'devon',
          type: 'custom',
          kind: 'SCRIPT',
          adapter: 'command',
          roles: ['developer'],
          entry: '{}',
          risk_level: 'AUTO',
          owner_id: null,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      const attempt = {
        organisation_id,
        run_id: id,
        step: 'one',
        item: null,
        agent_id: agent.id,
        base: 'b'.repeat(40),
      };
      await tx
        .insertInto('attempts')
        .values([
          { ...attempt, attempt: 1, status: 'failed', cost_usd: null, tokens_in: null, tokens_out: null, commit: null },
          { ...attempt, attempt: 2, status: 'succeeded', cost_usd: 0.25, tokens_in: 10, tokens_out: 20, commit },
          {
            ...attempt,
            attempt: 3,
            status: 'failed',
            tokens_in: 10,
            tokens_out: 20,
            list_price: JSON.stringify(LISTED),
          },
        ])
        .execute();
      await tx
        .insertInto('gate_results')
        .values({
          organisation_id,
          run_id: id,
          step: 'one',
          item: null,
          attempt: 2,
          gate: 'tests',
          commit,
          verdict: 'inconclusive',
          summary: 'no tests',
          result: JSON.stringify({
            gate: 'tests',
            commit,
            verdict: 'inconclusive',
            mend: 'add some',
            summary: 'no tests',
            command: 'npm test',
            exitCode: 1,
            tail: '',
            logArtifact: null,
            durationMs: 5,
          }),
        })
        .execute();
      const finding = {
        organisation_id,
        run_id: id,
        step: 'one',
        item: null,
        attempt: 2,
        commit,
        message: 'm',
        file: null,
        line: null,
        fix: null,
      };
      await tx
        .insertInto('findings')
        .values([
          { ...finding, position: 0, rule: 'mild', severity: 'low' },
          { ...finding, position: 1, rule: 'grave', severity: 'critical' },
        ])
        .execute();
      await tx
        .insertInto('artifacts')
        .values({
          organisation_id,
          run_id: id,
          step: 'one',
          item: null,
          attempt: 2,
          kind: 'log',
          name: 'agent',
          media_type: 'text/plain',
        })
        .execute();
    });
    const { body } = await api.get(`/api/runs/${id}`);
    expect(body.graph.nodes).toEqual([
      {
        id: 'one',
        name: 'one',
        kind: 'action',
        does: 'flow.noop',
        agent: null,
        dependsOn: [],
        when: null,
        mapped: false,
      },
      {
        id: 'two',
        name: 'two',
        kind: 'action',
        does: 'flow.noop',
        agent: null,
        dependsOn: ['one'],
        when: null,
        mapped: false,
      },
    ]);
    const cost = { usd: 0.3, listPriceUsd: 0.05, isMinimum: true, unknownAttempts: 1 };
    expect(body.cost).toEqual(cost);
    const [one, two] = body.steps;
    expect(one!.cost).toEqual(cost);
    expect(one!.attempts.map(({ costUsd, listPrice }) => [costUsd, listPrice])).toEqual([
      ...[
        [null, null],
        [0.25, null],
        [null, LISTED],
      ],
    ]);
    expect(one!.attempts[1]).toMatchObject({
      agent: { name: 'devon' },
      gates: [{ gate: 'tests', verdict: 'inconclusive', mend: 'add some', command: 'npm test' }],
      findings: [{ rule: 'grave' }, { rule: 'mild' }],
      artifacts: [{ kind: 'log', name: 'agent' }],
    });
    expect(two).toMatchObject({ attempts: [], cost: { usd: null, unknownAttempts: 0 } });
  });

  it('tells the warnings that the worker has recorded, and none of its own', async () => {
    const { id } = await api.record.createRun({ plan: plan('unsafe', [noop('one')]) });
    expect((await api.get(`/api/runs/${id}`)).body.warnings).toEqual([]);
    const warnings = ['Agents of this run work without a sandbox'];
    await api.record.inTx((tx) => tx.updateTable('runs').set({ warnings }).where('id', '=', id).execute());
    expect((await api.get(`/api/runs/${id}`)).body.warnings).toEqual(warnings);
  });

  it('is not there for another organisation', async () => {
    const other = await api.record.createOrganisation('other');
    await expect(
      api.record.db.selectFrom('runs').select('id').where('organisation_id', '=', other).execute(),
    ).resolves.toEqual([]);
  });
});

describe('POST /api/runs/:id/rerun', () => {
  it('makes a run with its lineage, once by key', async () => {
    const first = await api.record.createRun({ plan: plan('again', [noop('one'), noop('two', ['one'])]) });
    await api.record.inTx((tx) =>
      tx.updateTable('runs').set({ status: 'failed' }).where('id', '=', first.id).execute(),
    );
    const headers = { 'idempotency-key': 'rerun-1' };
    const made = await api.post(`/api/runs/${first.number}/rerun`, { from: 'two', input: { x: 1 } }, { headers });
    expect(made.status).toBe(201);
    expect(
      (await api.post(`/api/runs/${first.number}/rerun`, { from: 'two', input: { x: 1 } }, { headers })).body,
    ).toEqual(made.body);

    expect((await api.get(`/api/runs/${made.body.number}`)).body.lineage).toMatchObject({
      rerunOf: { number: first.number, status: 'failed' },
      rerunFrom: 'two',
    });
    expect((await api.get(`/api/runs/${first.number}`)).body.lineage.reruns).toMatchObject([
      { number: made.body.number },
    ]);
  });

  it('says which step may have been meant', async () => {
    const first = await api.record.createRun({ plan: plan('typo', [noop('implement')]) });
    await api.record.inTx((tx) =>
      tx.updateTable('runs').set({ status: 'failed' }).where('id', '=', first.id).execute(),
    );
    const refused = await api.post(`/api/runs/${first.number}/rerun`, { from: 'implment' });
    expect(refused.body).toMatchObject({
      status: 404,
      code: 'step-not-found',
      detail: expect.stringContaining('did you mean implement?') as unknown,
    });
  });
});

describe('POST /api/runs/:id/cancel', () => {
  it('asks the workflow to cancel', async () => {
    const { body: made } = await api.post('/api/runs', { pipeline: 'build' });
    expect((await api.post(`/api/runs/${made.number}/cancel`, { reason: 'no longer needed' })).status).toBe(202);
    const { body: run } = await api.get(`/api/runs/${made.number}`);
    const history = await api.temporal.workflow.getHandle(run.workflowId).fetchHistory();
    expect(history.events?.some((event) => event.workflowExecutionCancelRequestedEventAttributes)).toBe(true);
  });

  it('closes a run that Temporal has forgotten, and refuses one that has ended', async () => {
    const forgotten = await api.record.createRun();
    expect((await api.post(`/api/runs/${forgotten.number}/cancel`, { reason: 'no longer needed' })).status).toBe(202);
    expect((await api.get(`/api/runs/${forgotten.number}`)).body.status).toBe('cancelled');
    const headers = { accept: 'application/json' };
    // Another suite's open transaction holds the stream back for a moment.
    const told = await eventually(async () => {
      const { items } = (await api.get(`/api/runs/${forgotten.number}/events`, { headers })).body;
      return items.length > 2 && items;
    });
    expect(told).toMatchObject([
      { type: 'override', actor: { name: 'admin' } },
      { type: 'step.cancelled', actor: { name: 'admin' } },
      { type: 'workflow.cancelled', actor: { name: 'admin' } },
    ]);
    expect((await api.post(`/api/runs/${forgotten.number}/cancel`, { reason: 'no longer needed' })).body).toMatchObject(
      {
        status: 409,
        code: 'run-ended',
      },
    );
  });
});

describe('an issue', () => {
  it('starts what its labels start, once by key', async () => {
    const headers = { 'idempotency-key': 'issue-1' };
    const opened = await api.post(
      '/api/repositories/demo/issues',
      { title: 'Sort', body: 'b', acceptanceCriteria: 'c', labels: ['P1', 'feature'] },
      { headers, as: 'author' },
    );
    expect(opened.status).toBe(201);
    expect(opened.body.runs).toMatchObject([{ pipeline: 'build' }]);
    expect(
      (
        await api.post(
          '/api/repositories/demo/issues',
          { title: 'Sort', body: 'b', acceptanceCriteria: 'c', labels: ['P1', 'feature'] },
          { headers, as: 'author' },
        )
      ).body,
    ).toEqual(opened.body);

    const { body: issue } = await api.get(`/api/repositories/demo/issues/${opened.body.number}`);
    expect(issue).toMatchObject({
      title: 'Sort',
      labels: ['P1', 'feature'],
      author: 'author',
      runs: [{ pipeline: 'build' }],
    });
    const { body: run } = await api.get(`/api/runs/${opened.body.runs[0]!.number}`);
    expect(run).toMatchObject({
      issue: { number: opened.body.number, title: 'Sort' },
      priority: 'P1',
      task: { type: 'feature' },
    });
    expect((await api.get(`/api/runs?issue=${opened.body.number}&q=Sort`)).body.items).toHaveLength(1);
  });

  it('finds what was opened where the answer was lost', async () => {
    const headers = { 'idempotency-key': 'issue-lost' };
    const body = { title: 'Lost', labels: ['feature'] };
    const first = await api.post('/api/repositories/demo/issues', body, { headers });
    await api.record.inTx((tx) =>
      tx
        .updateTable('idempotency_keys')
        .set({ status: null, body: null, claimed_until: null })
        .where('key', '=', 'issue-lost')
        .execute(),
    );
    expect((await api.post('/api/repositories/demo/issues', body, { headers })).body).toEqual(first.body);
  });

  it('gets labels later, each of which starts once', async () => {
    const { body: opened } = await api.post('/api/repositories/demo/issues', { title: 'Plain' });
    expect(opened.runs).toEqual([]);
    const labelled = await api.post(`/api/repositories/demo/issues/${opened.number}/labels`, { labels: ['feature'] });
    expect(labelled.body.runs).toMatchObject([{ pipeline: 'build' }]);
    const again = { labels: ['feature', 'Feature'] };
    expect((await api.post(`/api/repositories/demo/issues/${opened.number}/labels`, again)).body.runs).toEqual([]);
    expect((await api.get('/api/repositories/demo/issues?label=feature')).body.items.length).toBe(3);
  });
});
