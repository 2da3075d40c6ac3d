import { authenticate } from '../../src/db/people.js';
import { appendEvent, SYSTEM } from '../../src/db/events.js';
import { playDemo } from '../../src/local/demo.js';
import type { SeededDemo } from '../../src/local/seed.js';
import { seedDemo } from '../../src/local/seed-demo.js';
import { startWorker, type TestWorker } from '../api/fake-activities.js';
import { approvalStep, plan } from '../api/record.js';
import { serveApi, type ServedApi } from '../api/served-api.js';
import { eventually } from '../support/eventually.js';
import { faultyProxy, type Fault } from './faulty-proxy.js';

const PIPELINE = 'feature-development';

let api: ServedApi;
let worker: TestWorker;
const playing: AbortController[] = [];

beforeAll(async () => {
  api = await serveApi();
  worker = await startWorker(api.record.db, api.taskQueue);
  await api.record.addPipeline(plan(PIPELINE, [approvalStep('approval', ['team-lead'])], 'feature'), 'archived');
});
afterEach(() => {
  for (const stop of playing.splice(0)) stop.abort();
});
afterAll(async () => {
  await worker.stop();
  await api.close();
});

/** What a start finds or makes. */
async function start(): Promise<SeededDemo> {
  const { db, people, projectId } = api.record;
  return seedDemo(db, api.deps.forge, (await authenticate(db, people.admin.key))!, projectId);
}

function play(demo: SeededDemo, url = api.url) {
  const said: string[] = [];
  const stop = new AbortController();
  const say = (name: string, text: string) => said.push(`${name} ${text}`);
  const { key: token } = api.record.people.admin;
  const end = playDemo({ url, publicUrl: 'https://baton.example', token, demo, say, signal: stop.signal });
  end.catch(() => undefined);
  playing.push(stop);
  return { said, end, stop: () => stop.abort() };
}

const issues = async () => (await api.get('/api/repositories/textkit/issues')).body.items;
async function happens(type: 'approval.requested' | 'workflow.completed', run: number): Promise<void> {
  const { id } = (await api.get(`/api/runs/${run}`)).body;
  await api.record.inTx((tx) =>
    appendEvent(tx, {
      organisationId: api.record.organisationId,
      projectId: null,
      key: `${id}/${type}`,
      type,
      runId: id,
      actor: SYSTEM,
      briefing: `it says ${type}`,
      payload: {},
    }),
  );
}

/** A proxy on which these requests fail, in this order. */
async function withFaults(...faults: [RegExp, Fault][]) {
  const proxy = await faultyProxy(api.url, (method, path) =>
    faults[0]?.[0].test(`${method} ${path}`) ? faults.shift()![1] : undefined,
  );
  return { ...proxy, left: faults };
}

describe('the demo', () => {
  it('ends with a sentence where its key is not known', async () => {
    const { end } = play({ ...(await start()), mayaToken: 'wrong' });
    const message = expect.stringMatching(/^The key is unknown or has expired/) as string;
    await expect(end).rejects.toMatchObject({ code: 'demo-failed', message });
  });

  it('ends with a sentence on an answer that it does not understand', async () => {
    const proxy = await withFaults([/^POST/, { status: 201, body: {} }]);
    const { end } = play(await start(), proxy.url);
    const message = expect.stringMatching(/version/) as string;
    await expect(end).rejects.toMatchObject({ code: 'demo-failed', message });
    await proxy.close();
  });

  it('has a key that the next start takes back', async () => {
    const { db } = api.record;
    const { mayaToken: before } = await start();
    const { mayaToken: after } = await start();
    expect(await authenticate(db, before)).toBeNull();
    expect(await authenticate(db, after)).toMatchObject({ handle: 'maya' });
    const { expires_at: end } = await api.record.inTx((tx) =>
      tx.selectFrom('api_keys').select('expires_at').where('label', '=', 'demo').executeTakeFirstOrThrow(),
    );
    expect(end).toBeNull();
  });

  it('opens its issue once where the API fails, and says how a run is started where it found no pipeline', async () => {
    const proxy = await withFaults(
      [/^POST .*\/issues$/, 'drop'],
      [/^POST .*\/issues$/, { status: 503, body: {} }],
      [/^POST .*\/issues$/, 'cut'],
      [/^GET \/api\/runs\?/, 'drop'],
    );
    const { end } = play(await start(), proxy.url);
    await expect(end).rejects.toThrow('run feature-development --repo textkit --issue 1');
    expect(proxy.left).toEqual([]);
    await proxy.close();
    expect(await issues()).toHaveLength(1);
  });

  it('follows that issue at the next start, whatever happens to the connection, and misses and doubles nothing', async () => {
    await api.post(`/api/pipelines/${PIPELINE}/state`, { state: 'active' });
    const run = await api.post('/api/runs', { pipeline: PIPELINE, repository: 'textkit', issue: 1 });
    expect(run.body.number).toBe(1);
    await eventually(async () => (await api.get('/api/approvals?status=open&run=1')).body.items[0]);

    const proxy = await withFaults(
      [/^GET .*\/events$/, 'cut'],
      [/^GET \/api\/approvals/, { status: 503, body: { code: 'database-unavailable' } }],
      [/^GET \/api\/approvals/, 'drop'],
      [/^POST \/api\/sign-in-links/, { status: 503, body: {} }],
    );
    await happens('approval.requested', 1);
    const { said, end } = play(await start(), proxy.url);
    await eventually(() => said.find((line) => line.includes('bin/baton approve 1')));
    await happens('workflow.completed', 1);
    await end;

    expect(proxy.left).toEqual([]);
    await proxy.close();
    expect(await issues()).toHaveLength(1);
    expect(said[0]).toContain('maya opened textkit#1');
    expect(said.filter((line) => line.includes('it says'))).toEqual([
      expect.stringMatching(/^\d\d:\d\d:\d\d it says approval.requested$/),
      expect.stringMatching(/^\d\d:\d\d:\d\d it says workflow.completed$/),
    ]);
    const turns = said.filter((line) => line.includes('your turn'));
    expect(turns).toHaveLength(1);
    const [, link] = /^your turn approve it at https:\/\/baton\.example(\/sign-in\S+)$/.exec(turns[0]!)!;
    const signedIn = await api.get(link!, { as: null });
    expect([signedIn.status, signedIn.headers.get('location')]).toEqual([303, '/approvals']);
  });

  it('says of a run that has ended how it ended', async () => {
    await api.record.inTx((tx) => tx.updateTable('runs').set({ status: 'succeeded' }).execute());
    const { said, end } = play(await start());
    await end;
    expect(said).toEqual(['demo run #1 has ended, succeeded: bin/baton show 1']);
  });
});
