import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listSetUps } from '../../src/db/set-ups.js';
import { startTlsRegistry, type TlsRegistry } from '../support/tls-registry.js';
import { startEngine, type Engine, type EngineOptions } from '../support/engine.js';
import { changeAt, commitTo } from '../support/forge-commit.js';

const engines: Engine[] = [];
async function engineWith(config: string, options: EngineOptions = {}): Promise<Engine> {
  const engine = await startEngine({
    agents: [
      {
        name: 'devon',
        script: `write('new.txt', existsSync('node_modules/made') ? readFileSync('node_modules/made', 'utf8') : 'no set-up'); done();`,
      },
    ],
    ...options,
    files: {
      'README.md': 'a demo\n',
      '.gitignore': 'node_modules\n',
      'package-lock.json': '{}',
      '.baton/repository.yaml': config,
      ...options.files,
    },
  });
  engines.push(engine);
  return engine;
}
let server: Server;
let requests = 0;
beforeAll(async () => {
  server = createServer((_request, response) => {
    requests += 1;
    response.end('reached');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.stop();
});

const PIPELINE = `
name: set-up
steps:
  - { name: Work, agent: devon, action: code.implement, gates: [tests] }
`;
const made = async (engine: Engine, id: string): Promise<string> =>
  engine.forgeGit('show', `${(await engine.record.run(id)).branch!}:new.txt`);
const fetching = (): string =>
  `node -e 'fetch("http://127.0.0.1:${(server.address() as AddressInfo).port}").then((r) => r.text()).then((text) => require("fs").writeFileSync("node_modules/made", text), () => process.exit(8))'`;

const CHANGES_LOCK_FILE = `write('package-lock.json', '{ "lockfileVersion": 3 }'); done();`;

describe('a set-up', () => {
  it('runs once for the same lock files: its results are taken over, also by the gates', async () => {
    const engine = await engineWith(
      `setup: { command: "mkdir -p node_modules; date +%s%N > node_modules/made" }\ntest: { command: "test -f node_modules/made" }`,
    );
    const first = await engine.run(PIPELINE);
    const second = await engine.run(PIPELINE);
    expect([first.result.status, second.result.status]).toEqual(['succeeded', 'succeeded']);
    expect(await made(engine, second.id)).toBe(await made(engine, first.id));
    const logs = await engine.record.log(second.id, 'work', 'agent.log');
    expect(logs).toContain('taken over from an earlier run with the same lock files');
    expect(logs).not.toContain('set-up: mkdir');
    const setUps = (id: string) => engine.record.inTx((tx) => listSetUps(tx, id));
    const log = expect.any(String) as string;
    expect(await setUps(first.id)).toMatchObject([
      { step: 'work', attempt: 1, purpose: 'agent', status: 'succeeded', network: 'none', error: null, log },
      { step: 'work', attempt: 1, purpose: 'gates', status: 'cached', log: null },
    ]);
    expect(await setUps(second.id)).toMatchObject([{ status: 'cached' }, { status: 'cached' }]);
    const told = (await engine.record.events(first.id)).filter(({ type }) => type.startsWith('setup.'));
    expect(told.map(({ type, payload }) => [type, payload['purpose'], payload['status']])).toEqual([
      ['setup.started', 'agent', undefined],
      ['setup.completed', 'agent', 'succeeded'],
      ['setup.completed', 'gates', 'cached'],
    ]);
  });

  it('runs again for other lock files, and of what a change brings along nothing is kept for others', async () => {
    const engine = await engineWith(
      `setup: { command: "mkdir -p node_modules; date +%s%N > node_modules/made" }\ntest: { command: "true" }`,
      {
        agents: [{ name: 'devon', script: CHANGES_LOCK_FILE }],
      },
    );
    const { id, result } = await engine.run(PIPELINE);
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    const { commit } = await engine.record.step(id, 'work');
    const logs = await engine.record.log(id, 'work', `gates-${commit!.slice(0, 12)}.log`);
    expect(logs).toContain('set-up: mkdir');
    expect(readdirSync(join(engine.deps.hostDirectory, 'setups', engine.repository.id))).toHaveLength(1);
  });

  it('without network reaches no server of the host, and its failure says how to allow it', async () => {
    const engine = await engineWith(
      `setup: { command: ${JSON.stringify(`mkdir -p node_modules; ${fetching()}`)} }\ntest: { command: "true" }`,
    );
    const before = requests;
    const { id, result } = await engine.run(PIPELINE);
    expect(result).toMatchObject({
      status: 'failed',
      error: { code: 'setup-failed', message: expect.stringMatching(/exit code 8.*setup\.network: true/s) as string },
    });
    expect(requests).toBe(before);
    expect(await engine.record.attempts(id)).toMatchObject([{ network: 'none' }]);
  });

  it('that fails says why: its cause and its last lines, whatever they hold', async () => {
    const engine = await engineWith(
      `setup: { command: ${JSON.stringify(String.raw`printf 'first line\nnpm error code EUSAGE\nnpm error The lock file is out of sync.\n\0xy\033[31m\360\237'; exit 9`)} }\ntest: { command: "true" }`,
    );
    const { result } = await engine.run(PIPELINE);
    const said =
      /^The set-up command `printf .*` failed with exit code 9 after 1 s: npm: EUSAGE: The lock file is out of sync\. Its last lines:\nfirst line\n.*\n.*\n.xy\ufffd\nIt ran without network/;
    expect(result).toMatchObject({
      status: 'failed',
      error: { code: 'setup-failed', message: expect.stringMatching(said) as string },
    });
  });

  it('has a log of its own, without secrets of the worker, and says in the record how it failed', async () => {
    const half = 'half-of-it-';
    const engine = await engineWith(
      `setup: { command: ${JSON.stringify(`printf ${half}; sleep 0.5; echo secret; exit 3`)} }\ntest: { command: "true" }`,
      { environment: { BATON_CHANNEL_X: `${half}secret` } },
    );
    const { id } = await engine.run(PIPELINE);
    expect(await engine.record.log(id, 'work', 'set-up.log')).toBe('[redacted]\n');
    const [failed, ...others] = await engine.record.inTx((tx) => listSetUps(tx, id));
    expect(others).toEqual([]);
    expect(failed).toMatchObject({
      status: 'failed',
      error: expect.stringMatching(/failed with exit code 3/) as string,
    });
    expect(JSON.stringify([failed, await engine.record.events(id)])).not.toContain(`${half}secret`);
  });

  it('that hangs says so: which command, how long it was silent, its last lines', async () => {
    const engine = await engineWith(
      `setup: { command: "echo resolving; sleep 600", silence: 1s }\ntest: { command: "true" }`,
    );
    const { result } = await engine.run(PIPELINE);
    const said =
      /^The set-up command `echo resolving; sleep 600` hung: it printed nothing more for \d s, and was ended after \d s\. Its last lines:\nresolving\n/;
    expect(result).toMatchObject({
      status: 'failed',
      error: { code: 'setup-failed', message: expect.stringMatching(said) as string },
    });
  });

  it('with `network: true` reaches it, which is shown on the attempt', async () => {
    const engine = await engineWith(
      `setup: { command: ${JSON.stringify(`mkdir -p node_modules; ${fetching()}`)}, network: true }\ntest: { command: "true" }`,
    );
    const first = await engine.run(PIPELINE);
    expect(first.result).toMatchObject({ status: 'succeeded', error: null });
    expect(await made(engine, first.id)).toBe('reached');
    expect(await engine.record.attempts(first.id)).toMatchObject([{ network: 'host' }]);
    // The agent itself, and a set-up that is taken over, have none.
    const second = await engine.run(PIPELINE);
    expect(await engine.record.attempts(second.id)).toMatchObject([{ network: 'none' }]);
  });

  it('with `network: true` reaches nothing where a change brings lock files of its own; its gates are inconclusive', async () => {
    const engine = await engineWith(
      `setup: { command: ${JSON.stringify(`mkdir -p node_modules; ${fetching()}`)}, network: true }\ntest: { command: "true" }`,
      { agents: [{ name: 'devon', script: CHANGES_LOCK_FILE }] },
    );
    const before = requests;
    const { id, result } = await engine.run(PIPELINE);
    const mend = /exit code 8.*without network.*own \(package-lock\.json\): land their change on main first/s;
    expect(result).toMatchObject({
      status: 'failed',
      error: { code: 'gate-inconclusive', message: expect.stringMatching(mend) as string },
    });
    expect(await engine.record.gates(id)).toMatchObject([
      { verdict: 'inconclusive', result: { mend: expect.stringMatching(mend) as string } },
    ]);
    // The one of the attempt, on what people have landed.
    expect(requests).toBe(before + 1);
  });

  it('with `network: true` reaches nothing in a second attempt that stands on such a change', async () => {
    const engine = await engineWith(
      `setup: { command: ${JSON.stringify(`mkdir -p node_modules; ${fetching()} || echo none > node_modules/made`)}, network: true }\ntest: { command: "test $(cat new.txt) = 2" }`,
      {
        agents: [
          {
            name: 'devon',
            script: `${CHANGES_LOCK_FILE} write('new.txt', String(request.attempt)); write('made-' + request.attempt, readFileSync('node_modules/made', 'utf8'));`,
          },
        ],
      },
    );
    const before = requests;
    const { id, result } = await engine.run(
      PIPELINE.replace('[tests] }', '[tests], retry: { attempts: 2, delay: 10ms } }'),
    );
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    const { branch } = await engine.record.run(id);
    expect(await engine.forgeGit('show', `${branch!}:made-1`)).toBe('reached');
    expect(await engine.forgeGit('show', `${branch!}:made-2`)).toBe('none');
    expect(await engine.record.attempts(id)).toMatchObject([{ network: 'host' }, { network: 'none' }]);
    expect(requests).toBe(before + 1);
  });

  it('with `network: true` is made of what has landed where a host gets a change with the same lock files', async () => {
    const engine = await engineWith(
      `setup: { command: "sh set-up.sh", network: true }\ntest: { command: "grep reached node_modules/made" }`,
      {
        files: { 'set-up.sh': `mkdir -p node_modules; ${fetching()}` },
        agents: [
          {
            name: 'devon',
            script: `write('set-up.sh', readFileSync('set-up.sh', 'utf8') + '; echo reached, and more > node_modules/made'); done();`,
          },
        ],
      },
    );
    const setUps = join(engine.deps.hostDirectory, 'setups', engine.repository.id);
    let made = '';
    engine.hooks.runGates = async (request, real) => {
      rmSync(setUps, { recursive: true });
      const results = await real(request);
      made = readFileSync(join(setUps, readdirSync(setUps)[0]!, 'tree/node_modules/made'), 'utf8');
      return results;
    };
    const before = requests;
    const { result } = await engine.run(PIPELINE);
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    expect(made).toBe('reached');
    expect(requests).toBe(before + 2);
  });

  it('fills caches that later attempts and gates find, and leaves no file of its own in the change', async () => {
    const engine = await engineWith(
      `setup: { command: "mkdir -p $GOMODCACHE out; echo dep > $GOMODCACHE/dep; echo 1 > out/log; echo 2 > notes.txt", lockFiles: [] }\ntest: { command: "cat $GOMODCACHE/dep && ! test -e out" }`,
      {
        agents: [
          {
            name: 'devon',
            script: `write('new.txt', readFileSync(process.env.GOMODCACHE + '/dep', 'utf8')); write('out/more', 'x');
              say({ type: 'log', message: spawnSync('git', ['status', '--short'], { encoding: 'utf8' }).stdout }); done();`,
          },
        ],
      },
    );
    await engine.run(PIPELINE);
    const { id, result } = await engine.run(PIPELINE);
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    expect(await made(engine, id)).toBe('dep');
    const { branch } = await engine.record.run(id);
    const changed = await engine.forgeGit('diff', '--name-only', 'main', branch!);
    expect(changed).toBe('new.txt');
    const log = await engine.record.log(id, 'work', 'agent.log');
    expect(log).toContain('taken over');
    expect(log).toMatch(/not part of the change, as tools or the set-up made it: out\//);
  });

  it('lets nobody plant a result for others: caches are private copies, and only what has landed fills the kept ones', async () => {
    const engine = await engineWith(
      `setup: { command: "mkdir -p $GOCACHE; if [ -f plant ]; then touch $GOCACHE/passed; fi", lockFiles: [package-lock.json] }
test: { command: "mkdir -p $GOCACHE; if [ -f $GOCACHE/passed ]; then exit 0; fi; touch $GOCACHE/passed; exit 1" }`,
      {
        agents: [
          // Its set-up, agent and gate all leave a result that was never earned.
          {
            name: 'mallory',
            script: `write('package-lock.json', '{ "planted": true }'); write('plant', ''); write(process.env.GOCACHE + '/passed', ''); done();`,
          },
          { name: 'devon', script: `write('new.txt', String(existsSync(process.env.GOCACHE + '/passed'))); done();` },
        ],
      },
    );
    const once = PIPELINE.replace('[tests] }', '[tests], retry: 1 }');
    await engine.run(once.replace('devon', 'mallory'));
    for (const version of [1, 2]) {
      // A set-up of its own, which begins with the caches that were kept last.
      commitTo(engine.repository.remoteUrl, 'main', { 'package-lock.json': `{ "lockfileVersion": ${version} }` });
      const { id, result } = await engine.run(once);
      expect(result).toMatchObject({ status: 'failed', error: { code: 'gate-failed' } });
      expect(await engine.record.gates(id)).toMatchObject([{ verdict: 'fail' }]);
    }
  });

  it('is preceded by what the repository asks for and the sandbox does not have', async () => {
    const engine = await engineWith('test: { command: "true" }', {
      files: { '.nvmrc': '6\n', 'package.json': '{ "engines": { "node": ">=18" } }', '.python-version': '2.1\n' },
    });
    const { id } = await engine.run(PIPELINE);
    const log = await engine.record.log(id, 'work', 'agent.log');
    expect(log).toMatch(/tool chain: \.nvmrc asks for node 6, and sandboxes of this worker have v\d+/);
    expect(log).toMatch(/tool chain: \.python-version asks for python 2\.1, and /);
    expect(log).not.toContain('engines');
  });

  it('keeps nothing from, and copies nothing to, where a link of the change leads', async () => {
    const config = `setup: { command: "mkdir -p packages/app/node_modules; echo x > packages/app/node_modules/made", cache: [packages/app/node_modules], lockFiles: [] }\ntest: { command: "true" }`;
    const outside = join('/var/tmp', `baton-outside-${process.pid}`);
    mkdirSync(join(outside, 'app'), { recursive: true });
    const engine = await engineWith(config, {
      agents: [
        {
          name: 'devon',
          script: `rmSync('packages', { recursive: true, force: true }); symlinkSync('out', 'packages'); done();`,
        },
      ],
    });
    // A person's own link: an agent's would be refused.
    changeAt(engine.repository.remoteUrl, 'main', (_git, folder) => symlinkSync(outside, join(folder, 'out')));
    const { id, result } = await engine.run(PIPELINE.replace('[tests] }', '[tests], retry: 1 }'));
    expect(result).toMatchObject({ status: 'failed', error: { code: 'path-escapes' } });
    expect(existsSync(join(outside, 'app/node_modules'))).toBe(false);
    expect(await engine.record.gates(id)).toEqual([]);
  });
});

describe('a set-up that asks a private registry', () => {
  const TOKEN = 'npm_token-of-the-worker';
  const script = `write('new.txt', 'x'); done();`;
  let registry: TlsRegistry;
  let home: string;
  beforeAll(async () => {
    registry = await startTlsRegistry(TOKEN);
    home = mkdtempSync(join(tmpdir(), 'baton-worker-home-'));
    writeFileSync(join(home, 'ca.pem'), registry.authority);
    writeFileSync(join(home, '.npmrc'), `${registry.url.replace('https:', '')}/:_authToken=${TOKEN}\n`);
  });
  afterAll(async () => {
    await registry.close();
    rmSync(home, { recursive: true });
  });
  const engineOf = (command: string, environment: Record<string, string>) =>
    engineWith(
      `setup: { command: ${JSON.stringify(command)}, network: true, silence: 4s }\ntest: { command: "true" }`,
      {
        agents: [{ name: 'devon', script }],
        files: { '.npmrc': `registry=${registry.url}/\n` },
        environment,
      },
    );

  it('reaches it with the certificates and the token of the worker, and keeps neither', async () => {
    const command = 'mkdir node_modules; npm view secret-pad version > node_modules/made; env';
    const engine = await engineOf(command, { HOME: home, NODE_EXTRA_CA_CERTS: join(home, 'ca.pem') });
    const { id, result } = await engine.run(PIPELINE);
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    const printed = await engine.record.log(id, 'work', 'set-up.log');
    expect(printed).toContain('NODE_EXTRA_CA_CERTS=/opt/baton/network/');
    expect(printed).toContain('=[redacted]');
    expect(printed).not.toContain(TOKEN);
    expect(() => execFileSync('grep', ['-r', TOKEN, engine.deps.hostDirectory])).toThrow();
  });

  it.each([
    ['fails', 'npm view secret-pad version --fetch-retries 0', /It failed with exit code 1/],
    ['falls silent', 'sleep 600 && npm ci', /It hung: it printed nothing at all for \d s/],
  ])('says which host it cannot reach, and why, as soon as it %s', async (_how, command, ended) => {
    const engine = await engineOf(command, { HOME: home });
    const { id, result } = await engine.run(PIPELINE);
    const fault = `${registry.url.slice('https://'.length)}: certificate not trusted (self-signed certificate in certificate chain): set NODE_EXTRA_CA_CERTS for the worker`;
    expect(result).toMatchObject({ status: 'failed', error: { code: 'setup-failed' } });
    expect(result.error?.message).toContain(`cannot reach its registry: ${fault}.`);
    expect(result.error?.message).toMatch(ended);
    expect(await engine.record.log(id, 'work', 'set-up.log')).toContain(`set-up: ${fault}`);
  });
});
