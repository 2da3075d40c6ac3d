import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

/** A registry on loopback that answers what npm asks for its packages, versions and advisories, and nothing else. */
export async function startNpmRegistry(mood: Mood): Promise<NpmRegistry> {
  const asked: unknown[] = [];
  const tarballs = new Map<string, Tarball>(
    Object.entries(PACKAGES).flatMap(([name, versions]) =>
      versions.map((version) => [`/${name}/-/${name}-${version}.tgz`, packed(name, version)] as const),
    ),
  );
  const server: Server = createServer((request, response) => {
    const tarball = request.method === 'GET' ? tarballs.get(request.url!) : undefined;
    if (tarball) {
      response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(tarball.body);
      return;
    }
    void answer(request).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  const answer = async (request: IncomingMessage): Promise<{ status: number; body: unknown }> => {
    const { method, url } = request;
    const name = url!.slice(1);
    if (method === 'GET' && Object.hasOwn(PACKAGES, name))
      return { status: 200, body: packument(name, `http://${request.headers.host!}`, tarballs) };
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

/** The packages that it has: their versions, the newest last, each with a changelog and one function. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  lodash: ['4.17.15', '4.17.21'],
  paintbox: ['1.2.0', '2.0.0'],
};

interface Tarball {
  readonly body: Buffer;
  readonly integrity: string;
}

/** As `npm publish` packs it: everything below `package/`. */
function packed(name: string, version: string): Tarball {
  const folder = mkdtempSync(join(tmpdir(), 'baton-tarball-'));
  try {
    mkdirSync(join(folder, 'package'));
    const write = (file: string, text: string): void => writeFileSync(join(folder, 'package', file), text);
    write('package.json', JSON.stringify({ name, version, main: 'index.js' }));
    write('index.js', `module.exports = () => ${JSON.stringify(version)};\n`);
    const told = PACKAGES[name]!.toReversed().map((each) => `## ${each}\n\n- What is new in ${each} of ${name}.\n`);
    write('CHANGELOG.md', `# Changelog\n\n${told.join('\n')}`);
    const body = execFileSync('tar', ['-czf', '-', '-C', folder, 'package']);
    return { body, integrity: `sha512-${createHash('sha512').update(body).digest('base64')}` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const packument = (name: string, url: string, tarballs: ReadonlyMap<string, Tarball>) => ({
  name,
  'dist-tags': { latest: PACKAGES[name]!.at(-1) },
  versions: Object.fromEntries(
    PACKAGES[name]!.map((version) => [
      version,
      {
        name,
        version,
        dist: {
          tarball: `${url}/${name}/-/${name}-${version}.tgz`,
          integrity: tarballs.get(`/${name}/-/${name}-${version}.tgz`)!.integrity,
        },
      },
    ]),
  ),
});
