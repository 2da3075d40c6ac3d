import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { npmAudit } from '../../src/gates/scanners/npm-audit.js';
import { execute } from '../../src/sandbox/execute.js';
import { checkRegistry } from '../../src/sandbox/network-settings/check-registry.js';
import { registryLines } from '../../src/sandbox/network-settings/npmrc.js';
import { readNetworkSettings } from '../../src/sandbox/network-settings/read-settings.js';
import { npmRegistry, registriesOf } from '../../src/sandbox/network-settings/registries.js';
import { withNetworkSettings } from '../../src/sandbox/network-settings/with-network-settings.js';
import { parseEnvironment } from '../../src/schema/environment.js';
import { startProxy, startTlsRegistry, type TlsRegistry } from '../support/tls-registry.js';
import { makeRoom, shell } from './sandbox-fixture.js';

const TOKEN = 'npm_token-of-the-worker';
const room = makeRoom();
let home: string;
let registry: TlsRegistry;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'baton-worker-home-'));
  registry = await startTlsRegistry(TOKEN);
  put('ca.pem', `-----BEGIN PRIVATE KEY-----\nnever-shown\n-----END PRIVATE KEY-----\n${registry.authority}`);
});
afterAll(async () => {
  await registry.close();
  rmSync(home, { recursive: true });
  room.remove();
});

function put(path: string, content: string): string {
  mkdirSync(dirname(join(home, path)), { recursive: true });
  writeFileSync(join(home, path), content);
  return join(home, path);
}
const networked = (env: Record<string, string>) => {
  const settings = readNetworkSettings({ HOME: home, ...env });
  const run = withNetworkSettings(execute, { settings, folder: join(room.root, 'network'), isolation: 'bubblewrap' });
  return (script: string, network: 'host' | 'none' = 'host') => run(shell(script), { ...room.policy, network });
};

describe('a command with network', () => {
  it('asks a private registry by its certificate, its token and the proxy of the worker; nothing of it stays', async () => {
    const proxy = await startProxy('me:pass-word');
    const host = registry.url.replace('https:', '');
    put(
      '.npmrc',
      `registry=${registry.url}/\n${host}/:_authToken=\${TOKEN_OF_MINE}\n@mine:registry=${registry.url}/mine/\n`,
    );
    const run = networked({
      ...{ TOKEN_OF_MINE: TOKEN, NODE_EXTRA_CA_CERTS: join(home, 'ca.pem') },
      https_proxy: `http://me:pass-word@${proxy.address}`,
    });
    const { exitCode, tail } = await run('npm view secret-pad version --fetch-timeout 8000 --fetch-retries 0 2>&1');
    expect([exitCode, tail]).toEqual([0, '1.2.3\n']);
    expect(registry.askedAs).toContain(`Bearer ${TOKEN}`);
    expect(proxy.connects).toContain(registry.url.slice('https://'.length));
    await proxy.close();

    const { stdout } = await run('cat /opt/baton/network/*; npm config get @mine:registry');
    expect(stdout).toContain('BEGIN CERTIFICATE');
    expect(stdout).toContain('/mine/');
    expect(stdout).not.toMatch(/never-shown|PRIVATE KEY|npm_token|pass-word/);
    expect(() => execFileSync('grep', ['-rE', `${TOKEN}|pass-word`, room.root])).toThrow();
    expect(readdirSync(join(room.root, 'network'))).toEqual([]);
    const without = await run('env; ls /opt/baton/network 2>&1', 'none');
    expect(without.stdout).not.toMatch(/npm_token|pass-word|CERT|PROXY|proxy/);
    expect(without.stdout).toContain('No such file');
  });

  it('is npm audit too: it asks the registry of the project, with the token of the worker that the project names', async () => {
    put('.npmrc', '');
    const host = registry.url.replace('https:', '');
    const project = `registry=${registry.url}\n${host}/:_authToken=\${NPM_TOKEN}\n${host}/:_password=plain\nscript-shell=/bin/evil\n`;
    const npmrc = registryLines(project);
    expect(npmrc).toBe(`registry=${registry.url}\n${host}/:_authToken=\${NPM_TOKEN}\n`);
    const settings = readNetworkSettings({ NPM_TOKEN: TOKEN, NODE_EXTRA_CA_CERTS: join(home, 'ca.pem') });
    const context = {
      execute: withNetworkSettings(execute, { settings, folder: join(room.root, 'network'), isolation: 'bubblewrap' }),
      policy: room.policy,
      signal: new AbortController().signal,
      log: () => undefined,
      settings: parseEnvironment({}),
      npm: { registry: npmRegistry({ settings, projectNpmrc: project }), npmrc },
      network: true,
    };
    registry.askedAs.length = 0;
    const report = await npmAudit(context, [{ path: 'package-lock.json', text: '{ "lockfileVersion": 3 }' }]);
    expect(report).toMatchObject({
      proof: expect.stringContaining(`${registry.url}/ told of what was planted`) as string,
    });
    expect([...new Set(registry.askedAs)]).toEqual([`Bearer ${TOKEN}`]);
    expect(() => execFileSync('grep', ['-r', TOKEN, room.root])).toThrow();
  });

  it('has what the files of other package managers say, their secrets as variables only', async () => {
    put('.npmrc', '');
    put(
      '.config/pip/pip.conf',
      `[global]\nindex-url = https://u:pip-secret@pypi.example/simple\ncert = ${join(home, 'ca.pem')}\n[list]\nproxy = no\n`,
    );
    put(
      '.cargo/config.toml',
      '[build]\njobs = 1\n[source.crates-io]\nreplace-with = "mine"\n[source.mine]\nregistry = "sparse+https://cargo.example/"\n[registries.my-own]\nindex = "sparse+https://own.example/"\ntoken = "cargo-secret"\n',
    );
    put('.cargo/credentials.toml', '[registry]\ntoken = "crates-secret"\n');
    put('.config/go/env', 'GOPROXY=https://go:go-secret@go.example\nGOBIN=/x\n');
    put(
      '.m2/settings.xml',
      '<settings><localRepository>/x</localRepository><servers><server><id>m</id><password>maven&amp;secret</password></server></servers></settings>',
    );
    const run = networked({ GOPRIVATE: 'example.com/*', GIT_SSL_CAINFO: join(home, 'ca.pem'), SSL_CERT_DIR: home });
    const { stdout } = await run(
      'env; cat /.cargo/config.toml /etc/maven/settings.xml; ls "$SSL_CERT_DIR"; grep -c BEGIN "$PIP_CERT" "$GIT_SSL_CAINFO"',
    );
    for (const line of [
      'PIP_INDEX_URL=https://u:pip-secret@pypi.example/simple',
      'CARGO_REGISTRIES_MY_OWN_TOKEN=cargo-secret',
      'CARGO_REGISTRY_TOKEN=crates-secret',
      'GOPROXY=https://go:go-secret@go.example',
      'GOPRIVATE=example.com/*',
      'BATON_MAVEN_SECRET_0=maven&secret',
      'MAVEN_ARGS=-s /opt/baton/network/maven-settings.xml',
      'registry = "sparse+https://cargo.example/"',
    ])
      expect(stdout.split('\n')).toContain(line);
    expect(stdout).toContain('<password>${env.BATON_MAVEN_SECRET_0}</password>');
    expect(stdout).toMatch(/^(.*>)?ca\.pem$/m);
    expect(stdout).not.toMatch(/jobs|token = |PIP_PROXY|GOBIN|localRepository/);
    const settings = readNetworkSettings({ HOME: home });
    expect(JSON.stringify(settings.files)).not.toMatch(/-secret|&secret/);
    expect(settings.secrets).toEqual(
      expect.arrayContaining(['pip-secret', 'cargo-secret', 'crates-secret', 'go-secret', 'maven&secret']),
    );
  });
});

describe('the registry in use', () => {
  const settings = (env: Record<string, string> = {}) => {
    put('.npmrc', 'registry=https://user.example/\n');
    return readNetworkSettings({ HOME: home, ...env });
  };

  it('is what npm would ask: environment, the project, the user, the default', () => {
    const projectNpmrc = 'registry=https://project.example/npm/\n';
    const env = { npm_config_registry: 'https://env.example' };
    expect(npmRegistry({ settings: settings(env), projectNpmrc })).toBe('https://env.example');
    expect(npmRegistry({ settings: settings(), projectNpmrc })).toBe('https://project.example/npm');
    expect(npmRegistry({ settings: settings(), projectNpmrc: null })).toBe('https://user.example');
    expect(npmRegistry({ settings: readNetworkSettings({}), projectNpmrc: null })).toBe('https://registry.npmjs.org');
  });

  it.each([
    ['npm ci && cargo fetch', ['https://user.example', 'https://index.crates.io']],
    ['uv sync; go mod download', ['https://pypi.org/simple', 'https://proxy.golang.org']],
    ['.venv/bin/pip install .', ['https://pypi.org/simple']],
    ['make deps', []],
  ])('of `%s` is %j', (command, urls) => {
    put('.cargo/config.toml', '');
    put('.config/go/env', '');
    put('.config/pip/pip.conf', '');
    expect(registriesOf(command, { settings: settings(), projectNpmrc: null }).map(({ url }) => url)).toEqual(urls);
  });
});

describe('a registry that cannot be reached', () => {
  const check = (url: string, env: Record<string, string> = {}, trustVariable = 'NODE_EXTRA_CA_CERTS') =>
    checkRegistry({ url, trustVariable }, readNetworkSettings(env));
  const host = () => registry.url.slice('https://'.length);

  it('is told with host and cause: certificate, connection, name', async () => {
    expect(await check(registry.url)).toBe(
      `${host()}: certificate not trusted (self-signed certificate in certificate chain): set NODE_EXTRA_CA_CERTS for the worker`,
    );
    expect(await check(registry.url, {}, 'PIP_CERT')).toContain('set PIP_CERT for the worker');
    expect(await check(registry.url, { NODE_EXTRA_CA_CERTS: join(home, 'ca.pem') })).toBeNull();
    expect(await check(registry.url, { PIP_CERT: join(home, 'ca.pem') }, 'PIP_CERT')).toBeNull();
    expect(await check('https://127.0.0.1:1')).toBe('127.0.0.1:1: the connection is refused');
    expect(await check('https://registry.invalid')).toMatch(/^registry\.invalid: the name is not known \(E\w+\)/);
  });

  it('is told with the proxy that is in the way', async () => {
    const proxy = await startProxy('me:right');
    const by = (login: string, more: object = {}) =>
      check(registry.url, {
        HTTPS_PROXY: `http://${login}@${proxy.address}`,
        NODE_EXTRA_CA_CERTS: join(home, 'ca.pem'),
        ...more,
      });
    expect(await by('me:right')).toBeNull();
    expect(await by('me:wrong')).toContain(`${host()}: the proxy ${proxy.address} asks for a sign-in`);
    expect(await by('me:wrong', { NO_PROXY: 'x.test, localhost' })).toBeNull();
    await proxy.close();
    expect(await by('me:right')).toContain(`the proxy ${proxy.address} cannot be reached (ECONNREFUSED)`);
  });
});
