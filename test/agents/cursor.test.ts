import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cursor } from '../../src/agents/adapters/cursor.js';
import type { JsonObject } from '../../src/domain/json.js';
import { makeRoom } from '../sandbox/sandbox-fixture.js';
import { listeningContext, requestOf } from './agent-fixture.js';

const KEY = 'key-of-the-contract-0123456789';
const SESSION = 'c6b62c6f-7ead-4fd6-9922-e952131177ff';

const room = makeRoom();
const directory = mkdtempSync(join(tmpdir(), 'baton-cursor-'));
const program = join(directory, 'cursor-agent');
// The agent is another user.
chmodSync(directory, 0o755);
afterAll(() => {
  room.remove();
  rmSync(directory, { recursive: true });
});

/** Lines as cursor.com/docs/cli/reference/output-format has them. */
const init = {
  type: 'system',
  subtype: 'init',
  apiKeySource: 'env',
  cwd: '/workspace',
  model: 'Test',
  permissionMode: 'default',
};
const said = (text: string) => ({
  type: 'assistant',
  message: { role: 'assistant', content: [{ type: 'text', text }] },
});
const call = (name: string, args: JsonObject, result: JsonObject) =>
  ['started', 'completed'].map((subtype) => ({
    ...{ type: 'tool_call', subtype, call_id: `toolu_${name}` },
    tool_call: { [name]: subtype === 'started' ? { args } : { args, result } },
  }));
const end = (text: string, more: JsonObject = {}) => ({
  ...{ type: 'result', subtype: 'success', is_error: false, duration_ms: 5234, duration_api_ms: 5234 },
  ...{ result: text, request_id: '10e11780-df2f-45dc-a1ff-4540af32e9c0', ...more },
});

interface Play {
  readonly lines?: readonly object[];
  readonly errors?: string;
  readonly exitCode?: number;
  /** Whether it is to go on with its conversation. */
  readonly resumes?: true;
  /** In place of what is printed. */
  readonly script?: string;
}

/** The program: it takes only what is documented, asks for its key, and says what is played. */
function play({ lines = [], errors = '', exitCode = 0, script, resumes }: Play): void {
  const output = lines.map((line) => JSON.stringify({ session_id: SESSION, ...line })).join('\n');
  writeFileSync(join(directory, 'output'), `${output}\n`, { mode: 0o644 });
  writeFileSync(join(directory, 'errors'), errors, { mode: 0o644 });
  const resume = resumes ? ` --resume ${SESSION}` : '';
  const played = script ?? `cat "$here/output"; cat "$here/errors" >&2; exit ${exitCode}`;
  writeFileSync(
    program,
    `#!/bin/sh
here=$(dirname "$0")
[ "$*" = "-p --output-format stream-json --force --trust --sandbox disabled${resume} --model test-model" ] || { echo "unknown: $*" >&2; exit 2; }
[ "$CURSOR_API_KEY" = '${KEY}' ] || { echo 'Not logged in' >&2; exit 1; }
cat > prompt.txt
chat=$HOME/.cursor/chats/b0a3/${SESSION}
mkdir -p $chat; echo turn >> $chat/store.db; wc -l < $chat/store.db > turns.txt
${played}
`,
  );
  chmodSync(program, 0o755);
}

const kept = new Map<string, Buffer>();

async function ask(
  entry: JsonObject = {},
  timeoutMs = 30_000,
  secrets: Record<string, string> = { CURSOR_API_KEY: KEY },
  session: string | null = null,
) {
  const { context, events, log } = listeningContext({
    ...{ policy: room.policy, timeoutMs, secrets },
    session: {
      costUsd: 0,
      open: () => Promise.resolve(kept.get(session ?? '') ?? null),
      keep: ({ name, archive }) => Promise.resolve(void kept.set(name, archive)),
    },
  });
  const given = { program, model: 'test-model', trustRepository: true, ...entry };
  return { outcome: await cursor.run(given, requestOf({ session, told: session !== null }), context), events, log };
}

it('tells what it did, in the vocabulary of all', async () => {
  play({
    lines: [
      init,
      { type: 'user', message: { role: 'user', content: [{ type: 'text', text: 'Say hello' }] } },
      said('I look first.'),
      ...call('readToolCall', { path: '/workspace/README.md' }, { success: { content: '# Demo', totalLines: 1 } }),
      ...call('writeToolCall', { path: '/workspace/hello.txt', fileText: 'hello' }, { success: { linesCreated: 1 } }),
      ...call('shellToolCall', { command: 'npm test' }, { success: { exitCode: 0, stdout: 'ok', stderr: '' } }),
      ...call('shellToolCall', { command: 'false' }, { success: { exitCode: 1, stdout: '', stderr: 'no' } }),
      ...call('shellToolCall', { command: 'rm x' }, { rejected: { reason: 'not allowed' } }),
      ...call('webToolCall', { query: 'hello' }, { error: { error: 'no network' } }),
      { type: 'of-tomorrow' },
      said('I said hello.'),
      end('I said hello.'),
    ],
  });
  const { outcome, events, log } = await ask();
  expect(outcome).toEqual({
    kind: 'answered',
    answer: { summary: 'I said hello.', output: {}, findings: [], session: SESSION },
    usage: null,
  });
  const digest: unknown = expect.any(String);
  expect(events).toEqual([
    { type: 'message', text: 'I look first.' },
    { type: 'read', what: 'README.md', digest },
    { type: 'edit', path: 'hello.txt', digest, result: { ok: true, text: '{"linesCreated":1}' } },
    { type: 'command', command: 'npm test', result: null },
    { type: 'command', command: 'npm test', result: { ok: true, text: 'ok' } },
    { type: 'command', command: 'false', result: null },
    { type: 'command', command: 'false', result: { ok: false, text: 'no' } },
    { type: 'command', command: 'rm x', result: null },
    { type: 'command', command: 'rm x', result: { ok: false, text: '{"reason":"not allowed"}' } },
    { type: 'tool', tool: 'web', input: '{"query":"hello"}', result: { ok: false, text: 'no network' } },
    { type: 'message', text: 'I said hello.' },
  ]);
  expect(log).toContainEqual(expect.stringContaining('of no known type: {"session_id"'));
  expect(readFileSync(join(room.workspace, 'prompt.txt'), 'utf8')).toContain('Say hello');
});

it.each([
  ['Not logged in. Run cursor-agent login.', { kind: 'failed', code: 'agent-failed', retryable: false }],
  ['Connection lost.', { kind: 'failed', code: 'agent-failed', retryable: true }],
  [
    "You've hit your usage limit. Try again in 2 hours",
    { kind: 'limited', provider: 'cursor', resetAtMs: expect.any(Number) as number },
  ],
])('says what comes of it where it only says: %s', async (errors, expected) => {
  play({ lines: [init], errors, exitCode: 1 });
  expect((await ask()).outcome).toMatchObject(expected);
});

it('has failed where its result says so, and where it says nothing', async () => {
  play({ lines: [init, end('The model is broken.', { is_error: true })] });
  expect((await ask()).outcome).toMatchObject({ kind: 'failed', code: 'agent-failed', retryable: true });
  play({ lines: [init] });
  expect((await ask()).outcome).toMatchObject({ kind: 'failed', code: 'agent-output-invalid', retryable: true });
});

it('goes on with its conversation in another home, and begins anew where its files are gone', async () => {
  const turns = (): number => Number(readFileSync(join(room.workspace, 'turns.txt'), 'utf8'));
  const ends = { lines: [init, end('Done.')] };
  rmSync(join(room.home, '.cursor'), { recursive: true });
  play(ends);
  expect((await ask()).outcome).toMatchObject({ answer: { session: SESSION } });
  rmSync(join(room.home, '.cursor'), { recursive: true });
  play({ ...ends, resumes: true });
  expect((await ask({}, 30_000, undefined, SESSION)).outcome).toMatchObject({ answer: { session: SESSION } });
  expect(turns()).toBe(2);
  expect(readFileSync(join(room.workspace, 'prompt.txt'), 'utf8')).not.toContain('Say hello');
  rmSync(join(room.home, '.cursor'), { recursive: true });
  kept.clear();
  play(ends);
  expect((await ask({}, 30_000, undefined, SESSION)).outcome).toMatchObject({ kind: 'answered' });
  expect(turns()).toBe(1);
  expect(readFileSync(join(room.workspace, 'prompt.txt'), 'utf8')).toContain('Say hello');
});

it('ends within its time', async () => {
  play({ script: 'sleep 600' });
  expect((await ask({}, 1_000)).outcome).toMatchObject({ kind: 'failed', code: 'agent-timed-out' });
});

it('runs only where the repository is trusted, and with its key', async () => {
  play({ lines: [init, end('Done.')] });
  expect((await ask({ trustRepository: false })).outcome).toMatchObject({ code: 'trust-needed', retryable: false });
  expect((await ask({}, 30_000, {})).outcome).toMatchObject({ code: 'key-missing' });
});
