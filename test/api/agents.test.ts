import { CODING_PROGRAMS } from '../../src/agents/coding-programs.js';
import { tellBreaker } from '../../src/db/breakers.js';
import { OPENS_AFTER_FAILURES } from '../../src/domain/breaker.js';
import { serveApi, type ServedApi } from './served-api.js';

let api: ServedApi;
beforeAll(async () => void (api = await serveApi()));
afterAll(() => api.close());

const SCHEMA = { type: 'object', required: ['file'], properties: { file: { type: 'string' } } };
const capability = (name: string, more: object = {}) => ({ name, description: `It can ${name}.`, ...more });
const agent = (name: string, more: object = {}) => ({
  name,
  type: 'custom',
  kind: 'SCRIPT',
  adapter: 'command',
  roles: ['scribe'],
  riskLevel: 'AUTO',
  capabilities: [],
  entry: { argv: ['true'] },
  ...more,
});
const register = (body: object, as: 'admin' | 'author' | 'reader' = 'admin') => api.post('/api/agents', body, { as });
const refused = async (more: object) => {
  const { status, body } = await register(agent('broken', more));
  return { status, code: body.code, pointers: body.errors.map(({ pointer }) => pointer) };
};

describe('POST /api/agents', () => {
  it('registers an agent with its capabilities and their schemas', async () => {
    const capabilities = [
      capability('scan', { inputSchema: SCHEMA, outputSchema: { type: 'object' } }),
      capability('write', { mode: 'change' }),
    ];
    expect(await register(agent('scribe', { capabilities }))).toMatchObject({ status: 201, body: { name: 'scribe' } });
    expect((await api.get('/api/agents/scribe')).body).toMatchObject({
      status: 'idle',
      adapter: 'command',
      roles: ['scribe'],
      capabilities: [
        { name: 'scan', inputSchema: SCHEMA, outputSchema: { type: 'object' }, mode: null },
        { name: 'write', inputSchema: null, mode: 'change' },
      ],
    });
  });

  it('brings the one of that name up to date, also where two say so at once', async () => {
    const first = await register(agent('twice', { capabilities: [capability('one')] }));
    const again = await Promise.all(
      ['two', 'two'].map((name) => register(agent('twice', { roles: ['other'], capabilities: [capability(name)] }))),
    );
    expect(again.map(({ status, body }) => [status, body.id])).toEqual(Array(2).fill([201, first.body.id]));
    expect((await api.get('/api/agents/twice')).body).toMatchObject({
      roles: ['other'],
      capabilities: [{ name: 'two' }],
    });
    expect((await api.get('/api/agents')).body.items.filter(({ id }) => id === first.body.id)).toHaveLength(1);
  });

  it('refuses each fault of a schema by its JSON pointer, and registers nothing', async () => {
    const broken = (inputSchema: object) => ({ capabilities: [capability('a'), capability('b', { inputSchema })] });
    expect(await refused(broken({ properties: { 'a/b': { type: 'strng' } } }))).toMatchObject({
      status: 400,
      code: 'invalid-request',
      pointers: expect.arrayContaining(['/capabilities/1/inputSchema/properties/a~1b/type']) as string[],
    });
    for (const [schema, pointer] of [
      [{ properties: { a: { pattern: '(' } } }, 'properties/a/pattern'],
      [{ items: { $ref: '#/$defs/nowhere' } }, 'items/$ref'],
      [{ $schema: 'http://json-schema.org/draft-07/schema#' }, '$schema'],
    ] as const)
      expect((await refused(broken(schema))).pointers).toEqual([`/capabilities/1/inputSchema/${pointer}`]);
    expect((await api.get('/api/agents/broken')).status).toBe(404);
  });

  it.each([
    [{ capabilities: [capability('a'), capability('a')] }, ['/capabilities/1/name']],
    [{ capabilities: [capability('git.createBranch')] }, ['/capabilities/0/name']],
    [{ capabilities: [capability('code.fix', { mode: 'analysis' })] }, ['/capabilities/0/mode']],
    [{ capabilities: [{ ...capability('a'), colour: 'red' }] }, ['/capabilities/0/colour']],
    [{ name: 'No Name', adapter: 'pigeon' }, ['/name', '/adapter']],
    [{ entry: { argv: [] } }, ['/entry/argv']],
    [{ adapter: 'claude', entry: { hosts: ['everywhere'], baseUrl: 'x' } }, ['/entry/baseUrl', '/entry/hosts/0']],
    [{ adapter: 'codex', entry: { askFor: ['command'] } }, ['/entry/askFor']],
    [
      { adapter: 'claude', entry: { hosts: ['localhost:80', 'a.example.com:70000'] } },
      ['/entry/hosts/0', '/entry/hosts/1'],
    ],
    [{ adapter: 'claude', entry: { baseUrl: 'https://localhost/v1' } }, ['/entry/baseUrl']],
    [{ adapter: 'acp', entry: { command: 'goose', hosts: ['127.0.0.1:3128'] } }, ['/entry/hosts/0']],
    [{ permissions: { may: { forcePush: true } } }, ['/permissions/may/forcePush']],
    [{ colour: 'red' }, ['/colour']],
  ])('refuses what it cannot be, by its JSON pointer: %j', async (more, pointers) => {
    const { code, pointers: told } = await refused(more);
    expect(code).toBe('invalid-request');
    expect(told.toSorted()).toEqual([...pointers].toSorted());
  });

  it('says who can ask people, where one is to that cannot, and takes it of who can', async () => {
    const asking = (adapter: string, more: object = {}) =>
      register(agent('asking', { adapter, entry: { askFor: ['command', 'edit'], ...more } }));
    const sentence =
      'is not for Gemini CLI, which cannot ask before it acts: Claude Code (claude) can, and programs that speak the Agent Client Protocol (acp)';
    expect((await asking('gemini')).body.errors).toMatchObject([{ pointer: '/entry/askFor', message: sentence }]);
    const can = CODING_PROGRAMS.filter(({ abilities }) => abilities.approvals).map(({ name }) => name);
    for (const { name } of CODING_PROGRAMS)
      expect([name, (await asking(name)).status]).toEqual([name, can.includes(name) ? 201 : 400]);
    expect(await asking('acp', { command: 'goose' })).toMatchObject({ status: 201 });
  });

  it('gives work again to one that failed, where it is started another way now', async () => {
    const { organisationId, projectId } = api.record;
    const { body } = await register(agent('failing'));
    const of = { kind: 'agent', organisationId, projectId, id: body.id, name: 'failing' } as const;
    await api.record.inTx(async (tx) => {
      for (let times = 0; times < OPENS_AFTER_FAILURES; times += 1)
        await tellBreaker(tx, of, { kind: 'failed', reason: 'It crashed.' }, new Date());
    });
    const breakers = async () => (await api.get('/api/breakers', { as: 'reader' })).body.items;
    await register(agent('failing', { description: 'It fails.' }));
    expect(await breakers()).toMatchObject([{ kind: 'agent', name: 'failing' }]);
    await register(agent('failing', { entry: { argv: ['false'] } }));
    expect(await breakers()).toEqual([]);
    const told = await api.record.inTx(async (tx) => [
      await tx.selectFrom('events').select('briefing').where('type', '=', 'breaker.closed').execute(),
      await tx.selectFrom('audit').select('resource').where('action', '=', 'breaker.close').execute(),
    ]);
    expect(told).toEqual([[{ briefing: 'The agent failing gets work again' }], [{ resource: 'agent:failing' }]]);
  });

  it('takes the key of an admin, for an entry names what workers run and which of their keys it gets', async () => {
    expect(await register(agent('sneaky'), 'author')).toMatchObject({ status: 403, body: { code: 'role-too-low' } });
    expect((await api.get('/api/agents/sneaky')).status).toBe(404);
    const rows = await api.record.inTx((tx) =>
      tx
        .selectFrom('audit')
        .select(['resource', 'outcome'])
        .where('action', '=', 'agent.save')
        .orderBy('id', 'desc')
        .limit(1)
        .execute(),
    );
    expect(rows).toMatchObject([{ outcome: 'denied' }]);
  });
});
