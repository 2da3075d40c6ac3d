import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { serveApi, type Asked, type ServedApi } from './served-api.js';

let api: ServedApi;

beforeAll(async () => {
  api = await serveApi();
  await api.record.addRepository('demo');
  await api.record.createRun();
});
afterAll(() => api.close());

interface Case {
  readonly name: string;
  readonly path: string;
  readonly body?: unknown;
  readonly asked?: Asked;
  readonly method?: string;
  readonly status: number;
  readonly code: string;
  /** What the answer says is wrong: its pointers, in order. */
  readonly pointers?: readonly string[];
  readonly says?: RegExp;
}

const NOBODY = '00000000-0000-4000-8000-000000000000';
const post = (
  name: string,
  path: string,
  body: unknown,
  status: number,
  code: string,
  more: Partial<Case> = {},
): Case => ({ name, path, body, method: 'POST', status, code, ...more });
const get = (name: string, path: string, status: number, code: string, more: Partial<Case> = {}): Case => ({
  name,
  path,
  status,
  code,
  ...more,
});

const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) });

const CASES: readonly Case[] = [
  post('JSON that ends too early', '/api/runs', '{"pipeline": ', 400, 'malformed-json', { says: /not JSON/ }),
  post('JSON that is no JSON', '/api/runs', 'pipeline=x', 400, 'malformed-json'),
  post('a body of another type', '/api/runs', 'a: b', 415, 'wrong-content-type', {
    asked: { headers: { 'content-type': 'application/yaml' } },
    says: /application\/json, not application\/yaml/,
  }),
  post('a form', '/api/runs', 'a=b', 415, 'wrong-content-type', {
    asked: { headers: { 'content-type': 'application/x-www-form-urlencoded' } },
  }),
  post('a charset that is not there', '/api/runs', '{}', 415, 'wrong-content-type', {
    asked: { headers: { 'content-type': 'application/json; charset=klingon' } },
  }),
  post('a compressed body', '/api/runs', '{}', 415, 'wrong-content-type', {
    asked: { headers: { 'content-encoding': 'gzip' } },
  }),
  post('a body over 256 KiB', '/api/runs', { pipeline: 'x', context: { a: 'x'.repeat(300_000) } }, 413, 'too-large', {
    says: /256 KiB/,
  }),
  post('no body where one is needed', '/api/runs', undefined, 400, 'invalid-request', { pointers: ['/pipeline'] }),
  post('a list as a body', '/api/runs', [], 400, 'invalid-request', { pointers: [''] }),
  post('null as a body', '/api/runs', 'null', 400, 'invalid-request', { pointers: ['/pipeline'] }),
  post('text as a body', '/api/runs', '"run it"', 400, 'invalid-request', { pointers: [''] }),
  post('a key that is not known', '/api/runs', { pipeline: 'a', priority: 'P0' }, 400, 'invalid-request', {
    pointers: ['/priority'],
  }),
  post('__proto__ as a key', '/api/runs', '{"pipeline": "a", "__proto__": {"admin": true}}', 400, 'invalid-request', {
    pointers: ['/__proto__'],
  }),
  post(
    'everything wrong at once',
    '/api/runs',
    { pipeline: 7, issue: -1, repository: '../etc', context: [], 'a/b~c': 1 },
    400,
    'invalid-request',
    {
      pointers: ['/pipeline', '/repository', '/issue', '/context', '/a~1b~0c'],
    },
  ),
  post('NUL in a text', '/api/repositories/demo/issues', { title: 'a\0b' }, 400, 'invalid-request', {
    pointers: ['/title'],
    says: /NUL/,
  }),
  post('half a surrogate pair', '/api/repositories/demo/issues', '{"title": "a\\ud800b"}', 400, 'invalid-request', {
    pointers: ['/title'],
    says: /Unicode/,
  }),
  post('a key with NUL', '/api/runs', '{"pipeline": "a", "context": {"a\\u0000b": 1}}', 400, 'invalid-request', {
    pointers: ['/context'],
  }),
  post('nesting without end', '/api/runs', { pipeline: 'a', context: nested(200) }, 400, 'invalid-request', {
    says: /nested/,
  }),
  post(
    'a context over 64 KiB',
    '/api/runs',
    { pipeline: 'pipeline-1', context: { a: 'x'.repeat(70_000) } },
    422,
    'context-too-large',
  ),
  post('a title of two lines', '/api/repositories/demo/issues', { title: 'one\ntwo' }, 400, 'invalid-request', {
    pointers: ['/title'],
    says: /one line/,
  }),
  post('an empty title', '/api/repositories/demo/issues', { title: '  ' }, 400, 'invalid-request', {
    pointers: ['/title'],
  }),
  post(
    'labels that are no texts',
    '/api/repositories/demo/issues',
    { title: 'a', labels: ['ok', 5, ''] },
    400,
    'invalid-request',
    { pointers: ['/labels/1', '/labels/2'] },
  ),
  post('no labels to add', '/api/repositories/demo/issues/1/labels', { labels: [] }, 400, 'invalid-request', {
    pointers: ['/labels'],
  }),
  post(
    'labels for an issue that is not there',
    '/api/repositories/demo/issues/99/labels',
    { labels: ['a'] },
    404,
    'issue-not-found',
  ),
  post(
    'an issue in a repository that is not there',
    '/api/repositories/dem0/issues',
    { title: 'a' },
    404,
    'repository-not-found',
    { says: /did you mean demo/ },
  ),
  post('a pipeline that is not there', '/api/runs', { pipeline: 'pipeline-2' }, 404, 'pipeline-not-found', {
    says: /did you mean pipeline-1/,
  }),
  post(
    'a run on a repository that is not there',
    '/api/runs',
    { pipeline: 'pipeline-1', repository: 'nope' },
    404,
    'repository-not-found',
  ),
  post(
    'a run of an issue without its repository',
    '/api/runs',
    { pipeline: 'pipeline-1', issue: 3 },
    422,
    'repository-missing',
  ),
  post(
    'a run of an issue that is not there',
    '/api/runs',
    { pipeline: 'pipeline-1', repository: 'demo', issue: 3 },
    404,
    'issue-not-found',
  ),
  post(
    'a project that is not there',
    '/api/runs',
    { pipeline: 'pipeline-1', project: 'other' },
    404,
    'project-not-found',
  ),
  post('a rerun of an open run', '/api/runs/1/rerun', { from: 'first' }, 409, 'run-still-open'),
  post('a rerun of a run that is not there', '/api/runs/77/rerun', { from: 'first' }, 404, 'run-not-found'),
  post('a rerun from nowhere', '/api/runs/1/rerun', {}, 400, 'invalid-request', { pointers: ['/from'] }),
  post('a cancellation without a reason', '/api/runs/1/cancel', {}, 400, 'invalid-request', { pointers: ['/reason'] }),
  post(
    'a body for a request without one',
    `/api/notices/00000000-0000-0000-0000-000000000000/resend`,
    { force: true },
    400,
    'invalid-request',
    { pointers: ['/force'] },
  ),
  post('an override of no kind', '/api/runs/1/overrides', { kind: 'nudge', reason: 'x' }, 400, 'invalid-request', {
    pointers: ['/kind'],
  }),
  post(
    'an override with an output that is too large',
    '/api/runs/1/overrides',
    { kind: 'complete', step: 'first', output: { a: 'x'.repeat(70_000) }, reason: 'x' },
    400,
    'invalid-request',
    { pointers: ['/output'] },
  ),
  post('a repository with a path for a name', '/api/repositories', { name: '../../etc' }, 400, 'invalid-request', {
    pointers: ['/name'],
  }),
  post(
    'a repository from a helper program',
    '/api/repositories',
    { name: 'a', source: 'ext::sh -c id' },
    400,
    'invalid-request',
    { pointers: ['/source'] },
  ),
  post(
    'a repository from an option',
    '/api/repositories',
    { name: 'a', source: '--upload-pack=id' },
    400,
    'invalid-request',
    { pointers: ['/source'] },
  ),
  post(
    'a repository from a folder that is not there',
    '/api/repositories',
    { name: 'nowhere', source: '/does/not/exist' },
    422,
    'source-unreadable',
  ),
  post('a repository that is there already', '/api/repositories', { name: 'demo' }, 409, 'repository-exists'),
  post(
    'a decision on what is not an id',
    '/api/approvals/7/decision',
    { decision: 'approve' },
    400,
    'invalid-request',
    { pointers: ['/{id}'] },
  ),
  post(
    'a decision on nothing',
    `/api/approvals/${NOBODY}/decision`,
    { decision: 'approve' },
    404,
    'approval-not-found',
  ),
  post(
    'a decision that is none',
    `/api/approvals/${NOBODY}/decision`,
    { decision: 'maybe', note: 5 },
    400,
    'invalid-request',
    { pointers: ['/decision', '/note'] },
  ),
  post('a pipeline that cannot be read', '/api/pipelines', { source: 'name: [' }, 422, 'pipeline-invalid'),
  post('a pipeline with an unknown field', '/api/pipelines', { source: 'name: a\nstepz: []' }, 422, 'pipeline-invalid'),
  post('an empty pipeline', '/api/pipelines', { source: '' }, 400, 'invalid-request', { pointers: ['/source'] }),
  post('a state that is none', '/api/pipelines/pipeline-1/state', { state: 'on' }, 400, 'invalid-request', {
    pointers: ['/state'],
  }),
  post(
    'the state of a pipeline that is not there',
    '/api/pipelines/pipelin-1/state',
    { state: 'active' },
    404,
    'pipeline-not-found',
    { says: /did you mean pipeline-1/ },
  ),
  post('an Idempotency-Key with a space', '/api/runs', { pipeline: 'pipeline-1' }, 400, 'invalid-idempotency-key', {
    asked: { headers: { 'idempotency-key': 'a b' } },
  }),
  post('an Idempotency-Key without end', '/api/runs', { pipeline: 'pipeline-1' }, 400, 'invalid-idempotency-key', {
    asked: { headers: { 'idempotency-key': 'k'.repeat(201) } },
  }),
  get('a page of no length', '/api/runs?limit=0', 400, 'invalid-request', { pointers: ['?limit'] }),
  get('a page of any length', '/api/runs?limit=201', 400, 'invalid-request', { pointers: ['?limit'] }),
  get('a limit twice', '/api/runs?limit=1&limit=2', 400, 'invalid-request', { pointers: ['?limit'] }),
  get('a cursor that is none', '/api/runs?cursor=abc', 400, 'invalid-cursor'),
  get(
    'a cursor of another list',
    `/api/runs?cursor=${Buffer.from('audit:5').toString('base64url')}`,
    400,
    'invalid-cursor',
  ),
  get('a status that is none', '/api/runs?status=running,lost', 400, 'invalid-request', { pointers: ['?status/1'] }),
  get('a filter that is not known', '/api/runs?state=open&q=x', 400, 'invalid-request', { pointers: ['?state'] }),
  get('a filter where there are none', '/api/me?verbose=1', 400, 'invalid-request', { pointers: ['?verbose'] }),
  get('NUL in a query', '/api/runs?q=a%00b', 400, 'invalid-request', { pointers: ['?q'] }),
  get('a broken percent sign', '/api/runs/%E0%A4%A', 400, 'malformed-url'),
  get('NUL in a path', '/api/runs/a%00b', 400, 'invalid-request', { pointers: ['/{id}'] }),
  get('a run that is not there', '/api/runs/99', 404, 'run-not-found'),
  get('a run by what looks like an id', '/api/runs/00000000----------------------------', 404, 'run-not-found'),
  get('a run by a number without end', '/api/runs/999999999999999', 404, 'run-not-found'),
  get('an artifact that is not there', `/api/artifacts/${randomUUID()}`, 404, 'artifact-not-found'),
  get('an artifact without an id', '/api/artifacts/log.txt', 400, 'invalid-request', { pointers: ['/{id}'] }),
  get('the diff of nothing', '/api/runs/1/diff', 404, 'change-not-found'),
  get('the diff of a step that is not there', '/api/runs/1/diff?step=frist', 404, 'step-not-found', {
    says: /did you mean first/,
  }),
  get('a commit that is none', '/api/trace/HEAD', 404, 'run-not-found'),
  get('the trace of an issue that is not there', '/api/trace/demo%237', 404, 'issue-not-found'),
  get('the trace of an issue of nothing', '/api/trace/dem%237', 404, 'repository-not-found', {
    says: /did you mean demo/,
  }),
  get('a commit that nobody made', '/api/trace/deadbeef', 404, 'commit-not-found'),
  get('a place in the stream that is none', '/api/events', 400, 'invalid-last-event-id', {
    asked: { headers: { accept: 'text/event-stream', 'last-event-id': 'abc' } },
  }),
  get('an event type that is none', '/api/events?type=step.exploded', 400, 'invalid-request', {
    pointers: ['?type/0'],
  }),
  get('an address that is not there', '/api/jobs', 404, 'no-such-route'),
  get('an address outside the API', '/etc/passwd', 404, 'no-such-route'),
  {
    name: 'a method that is not there',
    method: 'DELETE',
    path: '/api/runs',
    status: 405,
    code: 'method-not-allowed',
    says: /GET, POST, HEAD/,
  },
  { name: 'a POST to what is only read', method: 'POST', path: '/api/me', status: 405, code: 'method-not-allowed' },
  get('no key', '/api/runs', 401, 'not-signed-in', { asked: { as: null } }),
  get('no key for what is not there', '/api/jobs', 401, 'not-signed-in', { asked: { as: null } }),
  get('no key for the documentation', '/api/docs', 401, 'not-signed-in', { asked: { as: null } }),
  get('no key for the metrics', '/metrics', 401, 'not-signed-in', { asked: { as: null } }),
  get('a key that is none', '/api/runs', 401, 'not-signed-in', {
    asked: { as: null, headers: { authorization: 'Bearer baton_nobody' } },
  }),
  get('another scheme', '/api/runs', 401, 'not-signed-in', {
    asked: { as: null, headers: { authorization: 'Basic YTpi' } },
  }),
  get('a session that is none', '/api/runs', 401, 'not-signed-in', {
    asked: { as: null, headers: { cookie: 'baton_session=baton_nobody' } },
  }),
  post('a write by a reader', '/api/runs', { pipeline: 'pipeline-1' }, 403, 'role-too-low', {
    asked: { as: 'reader' },
    says: /author/,
  }),
  post('a write by a reviewer', '/api/repositories/demo/issues', { title: 'a' }, 403, 'role-too-low', {
    asked: { as: 'reviewer' },
  }),
  post('a decision by a reader', `/api/approvals/${NOBODY}/decision`, { decision: 'approve' }, 403, 'role-too-low', {
    asked: { as: 'reader' },
  }),
  post('a repository by an author', '/api/repositories', { name: 'mine' }, 403, 'role-too-low', {
    asked: { as: 'author' },
  }),
  get('the audit trail for an author', '/api/audit', 403, 'role-too-low', { asked: { as: 'author' } }),
];

describe('a broken request', () => {
  it.each(CASES)('$name', async ({ path, body, asked, method = 'GET', status, code, pointers, says }) => {
    const before = await api.record.inTx((tx) =>
      tx
        .selectFrom('runs')
        .select((eb) => eb.fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow(),
    );
    const answered = await send(method, path, body, asked);
    expect(answered.body).toMatchObject({ status, code });
    expect(answered.status).toBe(status);
    expect(answered.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answered.body.detail.length).toBeGreaterThan(15);
    expect(JSON.stringify(answered.body)).not.toMatch(/at .*\.[jt]s:\d+|select .* from/);
    if (pointers) expect(answered.body.errors.map(({ pointer }) => pointer)).toEqual(pointers);
    if (says) expect(`${answered.body.detail} ${JSON.stringify(answered.body.errors)}`).toMatch(says);
    const after = await api.record.inTx((tx) =>
      tx
        .selectFrom('runs')
        .select((eb) => eb.fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow(),
    );
    expect(after).toEqual(before);
  });

  it('has left no error in the log of the API', () => {
    expect(api.log.filter((line) => /"level":"(error|fatal)"/.test(line))).toEqual([]);
  });

  it('that ends too early is told so, and nothing is done', async () => {
    const { port } = new URL(api.url);
    const headers = {
      authorization: `Bearer ${api.record.people.admin.key}`,
      'content-type': 'application/json',
      'content-length': '100',
    };
    const broken = new Promise<void>((resolve) => {
      const sent = request({ port, path: '/api/runs', method: 'POST', headers }, (response) =>
        response.resume().on('end', resolve),
      );
      sent.on('error', () => resolve());
      sent.write('{"pipeline"', () => sent.destroy());
    });
    await broken;
    expect((await api.get('/healthz')).status).toBe(200);
  });
});

function send(method: string, path: string, body: unknown, asked: Asked = {}) {
  if (method === 'GET') return api.get(path, asked);
  if (method === 'POST') return api.post(path, body, asked);
  return api.send(method, path, asked);
}
