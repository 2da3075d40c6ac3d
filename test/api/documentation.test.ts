import { ROUTES } from '../../src/api/routes.js';
import { openApiDocument } from '../../src/api/openapi.js';
import { serveApi, type ServedApi } from './served-api.js';

let api: ServedApi;
beforeAll(async () => {
  api = await serveApi();
});
afterAll(() => api.close());

type Json = Record<string, unknown>;
function* refs(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    if (key === '$ref') yield item as string;
    else yield* refs(item);
  }
}

describe('the OpenAPI document', () => {
  const document = openApiDocument() as { openapi: string; paths: Record<string, Json>; components: { schemas: Json } };

  it('has every route, once, with an operationId of its own', () => {
    const operations = Object.values(document.paths).flatMap(
      (path) => Object.values(path) as { operationId: string }[],
    );
    expect(document.openapi).toBe('3.1.0');
    expect(operations).toHaveLength(ROUTES.length);
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(ROUTES.length);
  });

  it('refers to schemas that are there', () => {
    const missing = [...refs(document)].filter(
      (ref) => !(ref.replace('#/components/schemas/', '') in document.components.schemas),
    );
    expect(missing).toEqual([]);
  });

  it('shows bodies as they are sent: what has a default may be left out', () => {
    const { required } = document.components.schemas['NewRun'] as { required: string[] };
    expect(required).toEqual(['pipeline']);
  });

  it('names each parameter of a path', () => {
    for (const [path, operations] of Object.entries(document.paths)) {
      const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const { parameters = [] } of Object.values(operations) as {
        parameters?: { in: string; name: string }[];
      }[]) {
        expect(parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)).toEqual(names);
      }
    }
  });

  const operation = (method: string, path: string) =>
    document.paths[path]![method] as {
      parameters?: { in: string; name: string }[];
      requestBody?: { required: boolean };
      responses: Record<string, { headers?: Json; content?: Record<string, Json> }>;
    };
  const headersTaken = (method: string, path: string) =>
    (operation(method, path).parameters ?? []).filter((parameter) => parameter.in === 'header').map(({ name }) => name);

  it('shows the headers of requests and answers', () => {
    expect(headersTaken('post', '/api/runs')).toEqual(['Idempotency-Key']);
    expect(headersTaken('delete', '/api/repositories/{name}/issues/{number}/labels/{label}')).toEqual([
      'Idempotency-Key',
    ]);
    expect(headersTaken('get', '/api/runs')).toEqual([]);
    expect(headersTaken('post', '/api/sign-in-links')).toEqual([]);
    expect(headersTaken('get', '/api/events')).toEqual(['Last-Event-ID']);
    expect(headersTaken('get', '/api/artifacts/{id}')).toEqual(['Range']);
    expect(Object.keys(operation('post', '/api/runs').responses['201']!.headers!)).toEqual(['Idempotency-Replayed']);
    const artifact = operation('get', '/api/artifacts/{id}').responses;
    expect(Object.keys(artifact['200']!.headers!)).toContain('Baton-Artifact-Closed');
    expect(Object.keys(artifact['206']!.headers!)).toContain('Content-Range');
    expect(Object.keys(artifact['200']!.content!)).toContain('text/plain');
  });

  it('shows what a stream is made of', () => {
    const { content } = operation('get', '/api/runs/{id}/events').responses['200']!;
    expect(content!['text/event-stream']).toEqual({ schema: { $ref: '#/components/schemas/Event' } });
  });

  it('asks for a body where one is needed, and says where there is no answer', () => {
    expect(operation('post', '/api/runs').requestBody!.required).toBe(true);
    expect(operation('post', '/api/notices/{id}/resend').requestBody!.required).toBe(false);
    expect(Object.keys(operation('delete', '/api/session').responses)).toEqual(['204', 'default']);
  });

  it('is served', async () => {
    expect((await api.get('/api/openapi.json', { as: 'reader' })).body).toEqual(JSON.parse(JSON.stringify(document)));
  });
});

describe('/api/docs', () => {
  it('is a page without scripts that its own policy forbids, and all that it loads is there', async () => {
    const page = await api.get('/api/docs', { as: 'reader' });
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'self'/);
    expect(page.headers.get('content-security-policy')).not.toMatch(/upgrade-insecure-requests/);
    const { text } = page;
    expect(text).not.toMatch(/<script>|onload=/);
    const loaded = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path!);
    expect(loaded).toHaveLength(3);
    for (const path of loaded) {
      const { status, headers } = await api.get(path, { as: 'reader' });
      expect([path, status]).toEqual([path, 200]);
      expect(headers.get('content-type')).toMatch(/javascript|css/);
    }
  });
});

describe('health', () => {
  it('is told without a key', async () => {
    expect(await api.get('/healthz', { as: null })).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(await api.get('/readyz', { as: null })).toMatchObject({ status: 200, body: { status: 'ready' } });
  });

  it('is not ready where migrations are missing, and says so', async () => {
    await api.record.db.schema.alterTable('kysely_migration').renameTo('put_aside').execute();
    expect(await api.get('/readyz', { as: null })).toMatchObject({
      status: 503,
      body: { checks: [{ ok: true }, { name: 'migrations', ok: false }, { ok: true }, { ok: true }] },
    });
    await api.record.db.schema.alterTable('put_aside').renameTo('kysely_migration').execute();
  });

  it('counts requests by route, not by address', async () => {
    await api.get('/api/runs/1');
    const { text, headers } = await api.get('/metrics', { as: 'reader' });
    expect(headers.get('content-type')).toMatch(/text\/plain/);
    expect(text).toMatch(/baton_http_request_seconds_count\{method="GET",route="\/api\/runs\/:id",status="404"\} 1/);
    expect(text).toMatch(/process_resident_memory_bytes/);
  });
});
