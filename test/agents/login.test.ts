import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agentPrograms } from '../../scripts/setup/agent-programs.mjs';
import { copilotProgram } from '../../src/agents/adapters/copilot.js';
import { accountOf } from '../../src/agents/find-harness.js';
import { loginSecrets } from '../../src/activities/login-secrets.js';
import { Bench, LONG_MS } from './contract/bench.js';
import { CONTRACTS } from './contract/contracts.js';
import { ModelServer } from './model/model-server.js';

const jwt = (exp: number): string =>
  ['{}', JSON.stringify({ exp }), 'signature'].map((part) => Buffer.from(part).toString('base64url')).join('.');
const IN_AN_HOUR = Math.floor(Date.now() / 1000) + 3_600;
const CLAUDE_TOKEN = 'oat-of-the-test-0123456789-abcdef';
const ACCESS = jwt(IN_AN_HOUR);
const REFRESH = 'rt-of-the-test-0123456789-abcdef';

const model = new ModelServer();
const codexHome = mkdtempSync(join(tmpdir(), 'baton-codex-home-'));
const signedInCodex = (access: string | null): void => {
  const tokens = { id_token: ACCESS, access_token: access, refresh_token: REFRESH, account_id: 'account-1' };
  const content = access === null ? { OPENAI_API_KEY: 'sk-x' } : { OPENAI_API_KEY: null, tokens };
  writeFileSync(join(codexHome, 'auth.json'), JSON.stringify(content), { mode: 0o600 });
};
const benches = { claude: new Bench('claude', CONTRACTS.claude), codex: new Bench('codex', CONTRACTS.codex) };
beforeAll(() => model.listen());
afterAll(() => {
  for (const bench of Object.values(benches)) bench.room.remove();
  rmSync(codexHome, { recursive: true });
  model.close();
  expect(model.faults).toEqual([]);
});

const secrets = { PATH: process.env['PATH'], CLAUDE_CODE_OAUTH_TOKEN: CLAUDE_TOKEN, CODEX_HOME: codexHome };
/** Another path of the host that the route leads to. */
const OTHER = 'http://127.0.0.1:3128/model/v1/files';
/** Prints all that a program inside could find of its login. */
const LOOK = 'env; cat /proc/*/environ /proc/*/cmdline 2>/dev/null | tr "\\0" "\\n"';
/** All that is in files of its home and workspace. */
const written = (root: string): string =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1'))
    .join('\n');
const ask = (name: keyof typeof benches, path: string, given: Record<string, string | undefined> = secrets) =>
  benches[name].ask({
    entry: {
      ...{ program: join(agentPrograms, 'node_modules', '.bin', name), model: 'test-model', signIn: 'login' },
      baseUrl: `${model.address}${path}`,
    },
    context: { secrets: given },
  });

describe('a login', () => {
  it.each([
    ['claude', '', CLAUDE_TOKEN],
    ['codex', '/v1', ACCESS],
  ] as const)(
    'of %s signs its program in by a route of the proxy, and its token is nowhere in the sandbox',
    async (name, path, token) => {
      signedInCodex(ACCESS);
      model.key = token;
      model.play(
        { command: LOOK },
        { command: `curl -s -m 5 -o /dev/null -w 'other %{http_code}' ${OTHER}` },
        { say: 'Done.' },
      );
      const { outcome, events, log } = await ask(name, path);
      expect(outcome).toMatchObject({ kind: 'answered' });
      expect(model.asked).toEqual([0, 1, 2]);
      const inside = JSON.stringify([events, log, model.bodies, written(benches[name].room.root)]);
      expect(inside).toContain('HTTPS_PROXY=');
      for (const secret of [token, REFRESH]) expect(inside).not.toContain(secret);
      // Of the host behind the route only what the program needs can be asked.
      expect(inside).toContain('other 403');
    },
    LONG_MS,
  );

  it.each([
    ['claude', '', { PATH: secrets.PATH }, /run `claude setup-token`, and set CLAUDE_CODE_OAUTH_TOKEN/, undefined],
    ['codex', '/v1', { ...secrets, CODEX_HOME: '/nowhere' }, /no login on this worker: run `codex login`/, undefined],
    ['codex', '/v1', secrets, /not signed in by ChatGPT on this worker/, null],
    ['codex', '/v1', secrets, /has expired: run any prompt with `codex`/, jwt(1_000)],
  ] as const)('of %s that is not there is said, with what to do', async (name, path, given, says, access) => {
    if (access !== undefined) signedInCodex(access);
    const { outcome } = await ask(name, path, given);
    expect(outcome).toMatchObject({ kind: 'failed', code: 'login-missing', retryable: false });
    expect((outcome as { readonly message: string }).message).toMatch(says);
  });

  it(
    'that is refused fails the attempt for good',
    async () => {
      model.key = 'another';
      model.play({ say: 'never' });
      expect((await ask('claude', '')).outcome).toMatchObject({
        kind: 'failed',
        code: 'agent-failed',
        retryable: false,
      });
    },
    LONG_MS,
  );

  it('counts as an account of its own for limits, the same after its token was renewed', () => {
    const of = (access: string) => {
      signedInCodex(access);
      return accountOf('codex', { signIn: 'login' }, secrets);
    };
    expect(of(jwt(IN_AN_HOUR + 1))).toEqual(of(ACCESS));
    expect(accountOf('claude', { signIn: 'login' }, secrets)).toMatchObject({ name: 'anthropic' });
    expect(accountOf('claude', { signIn: 'login' }, {})).toBeNull();
  });

  it('is known to what takes secrets out of the record', () => {
    signedInCodex(ACCESS);
    expect(loginSecrets(secrets)).toEqual(expect.arrayContaining([CLAUDE_TOKEN, ACCESS, REFRESH]));
  });

  it('of Copilot is a token of GitHub, which the program has itself', () => {
    expect(copilotProgram.login!.route).toBeUndefined();
    expect(copilotProgram.login!.find({ GH_TOKEN: 'gho_1' })).toMatchObject({ env: { COPILOT_GITHUB_TOKEN: 'gho_1' } });
  });

  it('of a program that Baton cannot sign in is refused', async () => {
    const bench = new Bench('opencode', CONTRACTS.opencode);
    const entry = { program: join(agentPrograms, 'node_modules', '.bin', 'opencode'), signIn: 'login' };
    const { outcome } = await bench.ask({ entry, context: { secrets } });
    bench.room.remove();
    expect(outcome).toMatchObject({
      kind: 'failed',
      code: 'login-missing',
      message: expect.stringMatching(/use a key/) as string,
    });
  });
});
