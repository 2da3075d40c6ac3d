import { saveAgent } from '../../src/db/agents.js';
import { askBreaker, openBreakers, tellBreaker, type BreakerOf } from '../../src/db/breakers.js';
import { withOrganisation } from '../../src/db/connection.js';
import { OPENS_AFTER_FAILURES } from '../../src/domain/breaker.js';
import { serveApi, type ServedApi } from '../api/served-api.js';
import { runCli } from './run-cli.js';

const FINGERPRINT = '3fa9c1d2e4f5';
const HOUR_MS = 3600_000;

let api: ServedApi;
let devon: BreakerOf;
let openai: BreakerOf;
beforeAll(async () => {
  api = await serveApi();
  const { organisationId, projectId } = api.record;
  openai = { kind: 'provider', organisationId, name: 'openai', fingerprint: FINGERPRINT };
  const id = await api.record.inTx((tx) =>
    saveAgent(tx, {
      ...{ organisationId, projectId, name: 'devon', type: 'codex', kind: 'LLM', adapter: 'codex', roles: [] },
      ...{ description: '', version: '1', riskLevel: 'AUTO', entry: {}, limits: {}, ownerId: null, capabilities: [] },
    }),
  );
  devon = { kind: 'agent', organisationId, projectId, id, name: 'devon' };
});
afterAll(() => api.close());
beforeEach(() => api.record.inTx((tx) => tx.deleteFrom('breakers').execute()));

const baton = (...args: string[]) => runCli(args, { BATON_URL: api.url, BATON_TOKEN: api.record.people.reader.key });
const heldBack = async () => {
  const { checks } = JSON.parse((await baton('doctor', '--json')).stdout) as {
    checks: { name: string; state: string; detail: string }[];
  };
  return checks.filter(({ name }) => name === '  held back');
};
const limit = (resetAtMs: number, atMs = Date.now()) =>
  api.record.inTx((tx) =>
    tellBreaker(tx, openai, { kind: 'limited', resetAtMs, reason: 'The quota is\u001b[31m used up.' }, new Date(atMs)),
  );

it('says of keys and agents that get no new work why, since when, and when it goes on', async () => {
  expect((await api.get('/api/breakers', { as: 'reader' })).body.items).toEqual([]);
  expect(await baton('breakers')).toMatchObject({ code: 0, stdout: 'no new work is held back\n' });
  expect(await heldBack()).toEqual([{ name: '  held back', state: 'ok', detail: 'nothing' }]);

  const resetAt = new Date(Date.now() + 2 * HOUR_MS);
  await limit(resetAt.getTime());
  await api.record.inTx(async (tx) => {
    for (let times = 0; times < OPENS_AFTER_FAILURES; times += 1)
      await tellBreaker(tx, devon, { kind: 'failed', reason: 'It crashed.' }, new Date());
  });
  expect((await api.get('/api/breakers', { as: 'reader' })).body.items).toMatchObject([
    { kind: 'agent', name: 'devon', project: 'demo', fingerprint: '', failures: 5, reason: 'It crashed.' },
    { kind: 'provider', name: 'openai', project: null, fingerprint: FINGERPRINT, resetAt: resetAt.toISOString() },
  ]);
  const { stdout } = await baton('breakers');
  expect(stdout).toMatch(/^WHERE +SINCE +RESUMES +WHY$/m);
  expect(stdout).toMatch(/^the agent devon of demo +\d+ s ago +at \S+Z, in \d+ s +It crashed\.$/m);
  expect(stdout).toMatch(
    new RegExp(`^openai \\(key ${FINGERPRINT}\\) +\\d+ s ago +at ${resetAt.toISOString()}, in 2 h +The quota is`, 'm'),
  );
  expect(stdout).not.toContain('\u001b');

  const [agent, key] = await heldBack();
  expect(agent!.detail).toMatch(/^the agent devon of demo gets no new work; it resumes at .*: It crashed\.$/);
  expect(key).toMatchObject({
    state: 'warning',
    detail: `openai (key ${FINGERPRINT}) gets no new work; it resumes at ${resetAt.toISOString()}, in 2 h: The quota is used up.`,
  });
});

it('says whom it waits for past that time', async () => {
  await limit(Date.now() - HOUR_MS, Date.now() - 2 * HOUR_MS);
  expect((await heldBack())[0]!.detail).toContain('it resumes with the next one, which is let through');
  await api.record.inTx((tx) => askBreaker(tx, openai, new Date()));
  expect((await heldBack())[0]!.detail).toContain('it resumes as soon as the one that was let through does something');
});

it('are those of one’s own organisation', async () => {
  const organisationId = await api.record.createOrganisation('elsewhere');
  const limited = { kind: 'limited', resetAtMs: null, reason: 'x' } as const;
  const open = await withOrganisation(api.record.db, organisationId, async (tx) => {
    await tellBreaker(tx, { ...openai, organisationId }, limited, new Date());
    return openBreakers(tx);
  });
  expect(open).toHaveLength(1);
  expect((await api.get('/api/breakers')).body.items).toEqual([]);
  expect((await api.get('/api/breakers', { as: null })).status).toBe(401);
});
