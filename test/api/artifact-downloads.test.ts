import { appendArtifact, closeArtifact, openArtifact } from '../../src/artifacts/artifacts.js';
import { serveApi, type ServedApi } from './served-api.js';

let api: ServedApi;
let id: string;
const body = Buffer.from('0123456789'.repeat(250_000));

beforeAll(async () => {
  api = await serveApi();
  const run = await api.record.createRun();
  const key = {
    organisationId: api.record.organisationId,
    runId: run.id,
    step: null,
    item: null,
    attempt: null,
    kind: 'log' as const,
  };
  id = await api.record.inTx(async (tx) => {
    const opened = await openArtifact(tx, { ...key, name: 'a "b"/c.txt', mediaType: 'text/html' });
    await appendArtifact(tx, opened.id, body);
    return opened.id;
  });
});
afterAll(() => api.close());

const read = (query = '', headers = {}) => api.get(`/api/artifacts/${id}${query}`, { as: 'reader', headers });

describe('a download', () => {
  it('is the whole, and never a page that a browser would run', async () => {
    const { status, headers, text } = await read();
    expect([status, text.length]).toEqual([200, body.length]);
    expect(text === body.toString()).toBe(true);
    expect(headers.get('content-type')).toBe('application/octet-stream');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toMatch(/sandbox/);
    expect(headers.get('content-disposition')).toBe('inline; filename="a__b__c.txt"');
  });

  it.each([
    ['bytes=0-9', 206, '0123456789', 'bytes 0-9/2500000'],
    ['bytes=2499995-', 206, '56789', 'bytes 2499995-2499999/2500000'],
    ['bytes=-3', 206, '789', 'bytes 2499997-2499999/2500000'],
    ['bytes=2499998-9999999', 206, '89', 'bytes 2499998-2499999/2500000'],
  ])('answers Range %s', async (range, status, text, contentRange) => {
    const answer = await read('', { range });
    expect([answer.status, answer.text, answer.headers.get('content-range')]).toEqual([status, text, contentRange]);
  });

  it('refuses a range behind the end, and gives the whole for what it does not understand', async () => {
    expect((await read('', { range: 'bytes=2500000-' })).body).toMatchObject({
      status: 416,
      code: 'range-not-satisfiable',
    });
    expect((await read('', { range: 'lines=1-2' })).status).toBe(200);
  });

  it('gives the end, and what follows an offset: a reader follows a log that grows', async () => {
    expect((await read('?tail=4')).text).toBe('6789');
    expect((await read('?offset=2499999')).text).toBe('9');
    const nothing = await read('?offset=2500000');
    expect([nothing.status, nothing.text, nothing.headers.get('baton-artifact-closed')]).toEqual([200, '', 'false']);
    await api.record.inTx(async (tx) => {
      await appendArtifact(tx, id, Buffer.from('more'));
      await closeArtifact(tx, id);
    });
    const more = await read('?offset=2500000');
    expect([more.text, more.headers.get('baton-artifact-closed'), more.headers.get('baton-artifact-bytes')]).toEqual([
      'more',
      'true',
      '2500004',
    ]);
  });
});
