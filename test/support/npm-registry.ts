import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** What the real registry tells of lodash 4.17.15, as `POST /-/npm/v1/security/advisories/bulk` answers it. */
export const LODASH = {
  id: 1106913,
  url: 'https://github.com/advisories/GHSA-35jh-r3h4-6jhm',
  title: 'Command Injection in lodash',
  severity: 'high',
  vulnerable_versions: '<4.17.21',
  cwe: ['CWE-77', 'CWE-94'],
  cvss: { score: 7.2, vectorString: 'CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:H' },
};

export interface NpmRegistry {
  readonly url: string;
  /** What was asked for, bodies of requests for advisories. */
  readonly asked: unknown[];
  close(): Promise<void>;
}

/** How it answers: as the real one, as one that has no such endpoint, or as one that has it and knows nothing. */
type Mood = 'knows' | 'refuses' | 'empty';

/** A registry on loopback that answers npm audit's requests, and no others. */
export async function startNpmRegistry(mood: Mood): Promise<NpmRegistry> {
  const asked: unknown[] = [];
  const server: Server = createServer((request, response) => {
    void answer(request).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  const answer = async (request: IncomingMessage): Promise<{ status: number; body: unknown }> => {
    const { method, url } = request;
    if (method === 'GET' && url === '/lodash') return { status: 200, body: packument() };
    if (url !== '/-/npm/v1/security/advisories/bulk') return { status: 404, body: { error: 'not found' } };
    if (method !== 'POST' || mood === 'refuses') return { status: 405, body: {} };
    const body = await read(request);
    asked.push(body);
    const wanted = Object.entries(body as Record<string, string[]>);
    const isOld = wanted.some(([name, versions]) => name === 'lodash' && versions.includes('4.17.15'));
    return { status: 200, body: mood === 'knows' && isOld ? { lodash: [LODASH] } : {} };
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    asked,
    close: () => new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve()))),
  };
}

/** Throws for what the real one would refuse: the body is gzipped JSON of names with versions. */
async function read(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  return JSON.parse((request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString('utf8'));
}

const packument = () => ({
  name: 'lodash',
  'dist-tags': { latest: '4.17.21' },
  versions: Object.fromEntries(
    ['4.17.15', '4.17.21'].map((version) => [
      version,
      { name: 'lodash', version, dist: { tarball: 'http://127.0.0.1:1/none.tgz' } },
    ]),
  ),
});
