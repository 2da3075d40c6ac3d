import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveApi, type ServedApi } from './served-api.js';

let api: ServedApi;
let webDirectory: string;

beforeAll(async () => {
  webDirectory = await mkdtemp(join(tmpdir(), 'baton-web-'));
  await mkdir(join(webDirectory, 'assets'));
  await writeFile(join(webDirectory, 'index.html'), '<!doctype html><title>page</title>');
  await writeFile(join(webDirectory, 'assets', 'index-new.js'), 'export {};');
  api = await serveApi({ webDirectory });
});
afterAll(async () => {
  await api.close();
  await rm(webDirectory, { recursive: true, force: true });
});

const get = (path: string, headers: Record<string, string> = {}) =>
  api.get(path, { as: null, headers: { accept: 'text/html,*/*', ...headers } });

describe('the web page', () => {
  it('is served at every address that is its own', async () => {
    expect((await get('/')).text).toContain('<title>page');
    expect((await get('/runs/7')).text).toContain('<title>page');
    expect((await get('/assets/index-new.js')).headers.get('cache-control')).toContain('immutable');
  });

  it.each(['/assets/index-old.js', '/assets/', '/assets/%E0%A4%A', '/assets/..%2f..%2fetc/passwd'])(
    'has nothing at %s',
    async (path) => {
      const { status, body } = await get(path);
      expect({ status, code: body.code }).toEqual({ status: 404, code: 'no-such-route' });
    },
  );

  it('says what a browser expects that is not so', async () => {
    const { status, body } = await get('/runs', { 'if-match': '"other"' });
    expect({ status, code: body.code }).toEqual({ status: 412, code: 'precondition-failed' });
    expect(api.log.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  });
});
