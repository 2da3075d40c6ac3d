import {
  chmodSync,
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
import { aider } from '../../src/agents/adapters/aider.js';
import type { AgentRequest } from '../../src/agents/harness.js';
import type { JsonObject } from '../../src/domain/json.js';
import { makeRoom } from '../sandbox/sandbox-fixture.js';
import { listeningContext, requestOf } from './agent-fixture.js';

const KEY = 'sk-key-of-the-contract-0123456789';
const CACHE = '.aider.tags.cache.v4';

const room = makeRoom();
/** A Python environment, as pipx makes one: its programs name their interpreter by its place. */
const environment = mkdtempSync(join(tmpdir(), 'baton-aider-'));
const program = join(environment, 'bin', 'aider');
// The agent is another user.
chmodSync(environment, 0o755);
mkdirSync(join(environment, 'bin'), { mode: 0o755 });
writeFileSync(join(environment, 'pyvenv.cfg'), 'home = /usr/bin\n');
symlinkSync('/bin/sh', join(environment, 'bin', 'interpreter'));
afterAll(() => {
  room.remove();
  rmSync(environment, { recursive: true });
});

/** What Aider 0.86.2 prints, and logs, where its model answers so. */
const BANNER = `Aider v0.86.2
Model: openai/test-model with diff edit format
Git repo: .git with 2 files
Repo-map: using 1024 tokens, auto refresh
`;
const printed = (text: string): string => `\n${text}\n\nTokens: 100 sent, 20 received.\n`;
const logged = (event: string, properties: JsonObject = {}): string =>
  `${JSON.stringify({ event, properties, user_id: '09ccf109', time: 1_795_337_930 }).replaceAll('":', '": ')}\n`;
const asked = logged('message_send_starting');
const answered = (text: string, totalCost: number): string =>
  `TO LLM 2026-11-22T09:01:41\n-------\nUSER Say hello\nASSISTANT Ok.\nLLM RESPONSE 2026-11-22T09:01:42\n${text
    .split('\n')
    .map((line) => `ASSISTANT ${line}\n`)
    .join('')}${logged('message_send', { prompt_tokens: 100, completion_tokens: 20, cost: 0, total_cost: totalCost })}`;
const left = logged('exit', { reason: 'Completed --message-file' });

interface Play {
  readonly prints?: string;
  readonly logs?: string;
  /** After what it prints. */
  readonly then?: string;
}

/** The program: it takes only what it knows, asks for its key and its prompt, and says what is played. */
function play({ prints = '', logs = '', then = '' }: Play): void {
  writeFileSync(join(environment, 'prints'), BANNER + prints, { mode: 0o644 });
  writeFileSync(join(environment, 'logs'), logged('launched') + logs, { mode: 0o644 });
  const flags =
    '--yes-always --no-pretty --no-stream --no-fancy-input --no-notifications --no-auto-commits --no-dirty-commits ' +
    '--no-gitignore --no-auto-lint --no-auto-test --no-analytics --no-check-update --no-show-release-notes ' +
    '--no-show-model-warnings --no-gui --no-copy-paste --no-watch-files --no-detect-urls --disable-playwright ' +
    '--no-suggest-shell-commands --no-restore-chat-history';
  writeFileSync(
    program,
    `#!${environment}/bin/interpreter
for flag in ${flags}; do
  [ "$1" = $flag ] || { echo "aider: error: unrecognized arguments: $1" >&2; exit 2; }
  shift
done
[ "$OPENAI_API_KEY" = '${KEY}' ] || { echo 'litellm.AuthenticationError: AuthenticationError: no key'; exit 0; }
while [ $# -gt 0 ]; do
  case $1 in
    --message-file) cp "$2" "$HOME/prompt-seen" ;;
    --analytics-log) [ -f "$2" ] && cat ${environment}/logs >> "$2" ;;
    --llm-history-file|--chat-history-file|--input-history-file) case $2 in "$HOME"/*) ;; *) exit 2 ;; esac ;;
    --model) echo "model $2" >> "$HOME/seen" ;;
    --chat-mode|--edit-format) echo "$1 $2" >> "$HOME/seen" ;;
    *) echo "aider: error: unrecognized arguments: $1" >&2; exit 2 ;;
  esac
  shift 2
done
(echo cached > ${CACHE}/cache.db) 2> /dev/null || echo 'Unable to use tags cache at /workspace/${CACHE}, falling back to memory cache'
cat ${environment}/prints
${then}
`,
  );
  chmodSync(program, 0o755);
  rmSync(join(room.home, 'seen'), { force: true });
}

async function ask({
  entry = {},
  request = {},
  secrets = { OPENAI_API_KEY: KEY },
  timeoutMs = 30_000,
}: {
  readonly entry?: JsonObject;
  readonly request?: Partial<AgentRequest>;
  readonly secrets?: Record<string, string>;
  readonly timeoutMs?: number;
} = {}) {
  const workspace = { ...room.policy.workspace, writable: request.mode !== 'analysis' };
  const { context, events, log } = listeningContext({ policy: { ...room.policy, workspace }, timeoutMs, secrets });
  return { outcome: await aider.run({ program, model: 'gpt-5', ...entry }, requestOf(request), context), events, log };
}

const seen = (): string => readFileSync(join(room.home, 'seen'), 'utf8');

it('tells what it did and what it used, and keeps nothing of its own in the tree', async () => {
  play({
    prints: `${printed('I need a.py.')}\na.py\n${printed('a.py\n{"an":"edit"}\nI said hello.')}\nApplied edit to a.py\n`,
    logs: `${asked}${answered('I need a.py.', 0.01)}${asked}${answered('a.py\n\nI said hello.', 0.03)}${left}`,
  });
  const { outcome, events } = await ask();
  expect(outcome).toEqual({
    kind: 'answered',
    answer: { summary: 'a.py\n\nI said hello.', output: {}, findings: [], session: null },
    usage: { inputTokens: 200, outputTokens: 40, costUsd: 0.03 },
  });
  expect(events).toEqual([
    { type: 'message', text: 'I need a.py.' },
    { type: 'message', text: 'a.py\na.py\n{"an":"edit"}\nI said hello.' },
    { type: 'edit', path: 'a.py', result: { ok: true, text: 'applied' } },
    { type: 'usage', inputTokens: 200, outputTokens: 40, costUsd: 0.03 },
  ]);
  expect(readFileSync(join(room.home, 'prompt-seen'), 'utf8')).toContain('Say hello');
  expect(seen()).toBe('model gpt-5\n');
  expect(readdirSync(join(room.workspace, CACHE))).toEqual([]);
});

it('counts each attempt by itself; a price that it does not know is unknown', async () => {
  play({ prints: printed('Done.'), logs: `${asked}${answered('Done.', 0)}${left}` });
  const usage = { inputTokens: 100, outputTokens: 20, costUsd: null };
  expect((await ask()).outcome).toMatchObject({ kind: 'answered', usage });
  expect((await ask()).outcome).toMatchObject({ kind: 'answered', usage });
});

it('answers in one shape where it only looks, and asks people', async () => {
  const block = '```json\n{"summary": "One thing.", "output": {"score": 9}, "findings": []}\n```';
  play({ prints: printed(block), logs: `${asked}${answered(block, 0)}${left}` });
  expect((await ask({ request: { mode: 'analysis' } })).outcome).toMatchObject({
    kind: 'answered',
    answer: { summary: 'One thing.', output: { score: 9 } },
  });
  expect(seen()).toBe('--chat-mode ask\nmodel gpt-5\n');
  const question =
    '```json\n{"type": "question", "text": "Which?", "options": [{"name": "A", "says": "a"}, {"name": "B", "says": "b"}]}\n```';
  play({ prints: printed(question), logs: `${asked}${answered(question, 0)}${left}` });
  expect((await ask()).outcome).toMatchObject({ kind: 'asked', question: { text: 'Which?' } });
});

it('asks the model at the address of the agent, for edits and not for whole files', async () => {
  play({ prints: printed('Done.'), logs: `${asked}${answered('Done.', 0)}${left}` });
  const entry = { baseUrl: 'http://127.0.0.1:8080/v1', keys: ['TEAM_KEY'] };
  expect((await ask({ entry, secrets: { TEAM_KEY: KEY } })).outcome).toMatchObject({ kind: 'answered' });
  expect(seen()).toBe('--edit-format diff\nmodel openai/gpt-5\n');
});

const refusal = (name: string, says: string): string => `\nlitellm.${name}: ${name}: OpenAIException - ${says}\n`;
const RETRY = 'Retrying in 0.2 seconds...\n';

it.each([
  ['refuses its key', refusal('AuthenticationError', 'invalid key'), { code: 'agent-failed', retryable: false }],
  ['is broken', refusal('InternalServerError', 'oops') + RETRY, { code: 'agent-failed', retryable: true }],
  ['takes no more', refusal('RateLimitError', 'Try again in 20s') + RETRY, { kind: 'limited', provider: 'openai' }],
])('has not done it, though it exits with 0, where its model %s', async (_, prints, expected) => {
  // It would try for a minute.
  play({ prints, logs: asked, then: prints.includes(RETRY) ? 'sleep 600' : '' });
  const { outcome, events } = await ask();
  expect(outcome).toMatchObject({ ...expected, usage: null });
  expect(events).toEqual([{ type: 'error', text: prints.split('\n')[1] }]);
});

it('has failed where its edits fit nowhere, where it ends before its end, and where it says nothing', async () => {
  const misfit = 'The LLM did not conform to the edit format.\n\nOnly 3 reflections allowed, stopping.\n';
  play({ prints: printed('a.py') + misfit, logs: `${asked}${answered('a.py', 0)}${left}` });
  expect((await ask()).outcome).toMatchObject({
    ...{ code: 'agent-failed', retryable: true, usage: { inputTokens: 100 } },
    message: expect.stringContaining('did not conform to the edit format') as string,
  });
  play({ prints: printed('Done.'), logs: `${asked}${answered('Done.', 0)}`, then: 'kill -9 $$' });
  expect((await ask()).outcome).toMatchObject({ kind: 'failed', code: 'agent-exited', retryable: true });
  play({});
  expect((await ask()).outcome).toMatchObject({ kind: 'failed', retryable: true });
});

it('ends within its time, and says which key is missing', async () => {
  play({ then: 'sleep 600' });
  expect((await ask({ timeoutMs: 1_000 })).outcome).toMatchObject({ code: 'agent-timed-out' });
  expect((await ask({ secrets: {} })).outcome).toMatchObject({ code: 'key-missing' });
});

it.each(['.aider.conf.yml', '.env'])('runs with %s of the repository only where it is trusted', async (name) => {
  play({ prints: printed('Done.'), logs: `${asked}${answered('Done.', 0)}${left}` });
  const file = join(room.workspace, name);
  // What it leads to may be there when it is read.
  symlinkSync('nowhere', file);
  expect((await ask()).outcome).toMatchObject({
    ...{ code: 'trust-needed', retryable: false },
    message: expect.stringContaining(`the repository's own ${name}`) as string,
  });
  expect((await ask({ entry: { trustRepository: true } })).outcome).toMatchObject({ kind: 'answered' });
  rmSync(file);
  expect(existsSync(file)).toBe(false);
});
