import { PROGRAM_MATRIX } from '../../src/domain/program-matrix.js';
import { noop, plan } from './record.js';
import { serveApi, type ServedApi } from './served-api.js';

let api: ServedApi;
beforeAll(async () => void (api = await serveApi()));
afterAll(() => api.close());

const register = async (name: string, more: object = {}): Promise<string> => {
  const { body } = await api.post('/api/agents', {
    ...{ name, type: 'custom', kind: 'LLM', adapter: 'claude', roles: ['backend-developer'], riskLevel: 'AUTO' },
    ...{ capabilities: [], entry: {} },
    ...more,
  });
  return body.id;
};
const get = async (path: string) => (await api.get(path, { as: 'reader' })).body as unknown as Record<string, unknown>;

describe('GET /api/agents/:name', () => {
  it('tells what its entry lets its programs do, but not how they are started', async () => {
    const entry = { program: '/opt/claude', keys: ['TEAM_API_KEY'], hosts: ['a.example:443'], askFor: ['command'] };
    await register('claude', { entry });
    const found = await get('/api/agents/claude');
    expect(found).toMatchObject({
      name: 'claude',
      policy: {
        hosts: ['api.anthropic.com:443', 'a.example:443'],
        askFor: ['command'],
        provider: 'anthropic',
        sandbox: { memoryMib: 4_096 },
      },
    });
    expect(JSON.stringify(found)).not.toMatch(/TEAM_API_KEY|\/opt/);
  });

  it('tells where it may change files: as its role has it, else as that one’s family', async () => {
    await register('devon', { roles: ['backend-developer', 'scribe'] });
    const owns = (role: string, globs: readonly string[]) => api.post(`/api/roles/${role}/territory`, { globs });
    expect(await get('/api/agents/devon')).toMatchObject({
      territory: [
        { role: 'backend-developer', globs: null },
        { role: 'scribe', globs: null },
      ],
    });
    await owns('developer', ['src/**']);
    await owns('scribe', ['docs/**', 'README.md']);
    expect(await get('/api/agents/devon')).toMatchObject({
      territory: [
        { role: 'backend-developer', globs: ['src/**'] },
        { role: 'scribe', globs: ['docs/**', 'README.md'] },
      ],
    });
  });
});

describe('GET /api/agents/:name/attempts', () => {
  it('gives those of all runs, the newest first, page by page', async () => {
    const agentId = await register('worker');
    const other = await register('other');
    const repositoryId = await api.record.addRepository('shop');
    const runs = [
      await api.record.createRun({ plan: plan('first', [noop('work')]) }),
      await api.record.createRun({ plan: plan('second', [noop('work')]), repositoryId }),
    ];
    await api.record.inTx(async (tx) => {
      const of = { organisation_id: api.record.organisationId, step: 'work', item: null };
      const at = (minute: number) => ({ started_at: `2026-01-01T00:0${minute}:00Z` });
      const [first, second] = runs.map(({ id }) => id);
      const error = JSON.stringify({ code: 'agent-failed', message: 'It broke.' });
      await tx
        .insertInto('attempts')
        .values([
          { ...of, run_id: first!, attempt: 1, agent_id: agentId, ...at(1), status: 'failed', error },
          { ...of, run_id: first!, attempt: 2, agent_id: other, ...at(2) },
          { ...of, run_id: first!, attempt: 3, agent_id: agentId, ...at(3), tokens_in: 12, cost_usd: 0.25 },
          { ...of, run_id: second!, attempt: 1, agent_id: agentId, ...at(4), status: 'succeeded', summary: 'Done.' },
        ])
        .execute();
    });
    const [first, second] = runs.map(({ number }) => number);
    const page = (await get('/api/agents/worker/attempts?limit=2')) as { items: object[]; next: string };
    expect(page.items).toMatchObject([
      {
        run: { number: second, pipeline: 'second', repository: 'shop', issue: null },
        step: { id: 'work', name: 'work', item: null },
        ...{ attempt: 1, status: 'succeeded', summary: 'Done.', costUsd: null, error: null },
      },
      { run: { number: first, repository: null }, attempt: 3, status: 'running', tokensIn: 12, costUsd: 0.25 },
    ]);
    expect(await get(`/api/agents/worker/attempts?limit=2&cursor=${page.next}`)).toMatchObject({
      items: [{ run: { number: first }, attempt: 1, error: { code: 'agent-failed' } }],
      next: null,
    });
    expect(await get('/api/agents/nobody/attempts')).toMatchObject({ status: 404, code: 'agent-not-found' });
  });
});

describe('GET /api/agent-programs', () => {
  it('gives what the contract shows of each program, and who is registered of it', async () => {
    await register('tara', { adapter: 'codex' });
    const { items } = (await get('/api/agent-programs')) as { items: { name: string; agents: object[] }[] };
    expect(items).toMatchObject(PROGRAM_MATRIX.map(({ name, title, abilities }) => ({ name, title, abilities })));
    expect(items.find(({ name }) => name === 'codex')!.agents).toEqual([{ name: 'tara', project: 'demo' }]);
    expect(items.find(({ name }) => name === 'gemini')!.agents).toEqual([]);
  });
});
