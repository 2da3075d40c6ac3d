import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cursorProgram } from '../../../../src/agents/adapters/cursor.js';
import type { JsonObject } from '../../../../src/domain/json.js';
import type { Bench } from '../bench.js';
import { sayingQuestion, type Asked, type Case, type Contract } from '../contract.js';
import { PlayedProgram, type Play } from './played-program.js';

const KEY = 'key-of-the-contract-0123456789';
const SESSION = 'c6b62c6f-7ead-4fd6-9922-e952131177ff';

/** Lines as cursor.com/docs/cli/reference/output-format has them. */
const init = {
  ...{ type: 'system', subtype: 'init', apiKeySource: 'env' },
  ...{ cwd: '/workspace', model: 'Test', permissionMode: 'default' },
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
const linesOf = (events: readonly object[]): string[] =>
  events.map((event) => JSON.stringify({ session_id: SESSION, ...event }));

const program = new PlayedProgram(
  `case " $*" in *" --resume "*) resume=' --resume ${SESSION}';; *) resume= ;; esac
[ "$*" = "-p --output-format stream-json --force --trust --sandbox disabled$resume --model test-model" ] || { echo "unknown: $*" >&2; exit 2; }
[ "$CURSOR_API_KEY" = '${KEY}' ] || { echo 'Not logged in' >&2; exit 1; }
cat > "$HOME/prompt.txt"
chat=$HOME/.cursor/chats/b0a3/${SESSION}
mkdir -p $chat; echo "turn$resume" >> $chat/store.db; cp $chat/store.db $HOME/turns.txt`,
);
const playing =
  (play: Play, { entry = {}, ...more }: Partial<Asked> = {}): Case =>
  () => ({ ...more, entry: { program: program.play(play), model: 'test-model', trustRepository: true, ...entry } });
const telling = (events: readonly object[], more: Omit<Play, 'output'> = {}): Case =>
  playing({ output: linesOf(events), ...more });
const BLOCK = JSON.stringify({ summary: 'Doubled.', output: { doubled: 42 }, findings: [] });

export const cursorContract: Contract = {
  secrets: { CURSOR_API_KEY: KEY },
  close: () => program.remove(),
  invalid: [
    [{ model: 3 }, '/model'],
    [{ shell: true }, '/'],
  ],
  doubles: telling([init, end(`\`\`\`json\n${BLOCK}\n\`\`\``)]),
  answer: { summary: 'Doubled.' },
  usage: null,
  keepsSession: true,
  endless: {
    case: playing({ script: 'echo begun; sleep 600 & wait' }),
    hasBegun: ({ log }) => log.includes('begun'),
  },
  fails: [
    [
      'only says that it is not signed in',
      telling([init], { errors: 'Not logged in. Run cursor-agent login.', exitCode: 1 }),
      { code: 'agent-failed', retryable: false, says: 'Not logged in' },
    ],
    [
      'only says that it has lost its model',
      telling([init], { errors: 'Connection lost.', exitCode: 1 }),
      { code: 'agent-failed', retryable: true, says: 'Connection lost' },
    ],
    [
      'has a result that says so',
      telling([init, end('The model is broken.', { is_error: true })]),
      { code: 'agent-failed', retryable: true, says: 'The model is broken.' },
    ],
    ['does not say how it ended', telling([init]), { code: 'agent-output-invalid', retryable: true }],
    ['talks nonsense', playing({ output: ['<html>'] }), { code: 'agent-failed', retryable: true, says: '<html>' }],
    [
      'has no key',
      playing({}, { context: { secrets: {} } }),
      { code: 'key-missing', retryable: false, says: 'set CURSOR_API_KEY in the environment of the worker' },
    ],
    ['is not there', playing({}, { entry: { program: '/nowhere/at-all' } }), { code: 'program-missing' }],
    [
      'would heed a repository that is not trusted',
      playing({}, { entry: { trustRepository: false } }),
      { code: 'trust-needed', retryable: false, says: 'set trustRepository' },
    ],
  ],
  asks: telling([init, end(sayingQuestion())]),
  limited: {
    case: telling([init], { errors: "You've hit your usage limit. Try again in 2 hours", exitCode: 1 }),
    provider: () => 'cursor',
    resetAtMs: expect.any(Number),
  },
  tellsUnknown: telling([init, { type: 'of-tomorrow' }, end(`\`\`\`json\n${BLOCK}\n\`\`\``)]),
  runs: (script) => playing({ script: `( ${script} )\ncat "$here/output"`, output: linesOf([init, end('Done.')]) })(),
  program: { claims: cursorProgram, proofs: { resume: goesOnElsewhere } },
  alone: tellsItsWork,
};

async function goesOnElsewhere(bench: Bench): Promise<void> {
  const emptyHome = (): void => {
    rmSync(bench.room.home, { recursive: true });
    mkdirSync(bench.room.home);
  };
  const told = (file: string): string => readFileSync(join(bench.room.home, file), 'utf8');
  const ends = telling([init, end('Done.')]);
  emptyHome();
  expect((await bench.ask(ends())).outcome).toMatchObject({ answer: { session: SESSION } });
  emptyHome();
  const again = { attempt: 2, session: SESSION, told: true };
  const { outcome } = await bench.ask({ ...ends(), request: again });
  expect(outcome).toMatchObject({ answer: { session: SESSION } });
  expect(told('turns.txt')).toBe(`turn\nturn --resume ${SESSION}\n`);
  expect(told('prompt.txt')).not.toContain('Say hello');
}

function tellsItsWork(bench: Bench): void {
  it('is told its task, and tells what it did in the vocabulary of all', async () => {
    const events = [
      init,
      { type: 'user', message: { role: 'user', content: [{ type: 'text', text: 'Say hello' }] } },
      said('I look first.'),
      ...call('readToolCall', { path: '/workspace/README.md' }, { success: { content: '# Demo', totalLines: 1 } }),
      ...call('writeToolCall', { path: '/workspace/hello.txt', fileText: 'hello' }, { success: { linesCreated: 1 } }),
      ...call('shellToolCall', { command: 'npm test' }, { success: { exitCode: 0, stdout: 'ok', stderr: '' } }),
      ...call('shellToolCall', { command: 'false' }, { success: { exitCode: 1, stdout: '', stderr: 'no' } }),
      ...call('shellToolCall', { command: 'rm x' }, { rejected: { reason: 'not allowed' } }),
      ...call('webToolCall', { query: 'hello' }, { error: { error: 'no network' } }),
      said('I said hello.'),
      end('I said hello.'),
    ];
    const { outcome, events: told } = await bench.ask(telling(events)());
    expect(outcome).toEqual({
      kind: 'answered',
      answer: { summary: 'I said hello.', output: {}, findings: [], session: SESSION },
      usage: null,
    });
    const digest: unknown = expect.any(String);
    expect(told).toEqual([
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
    expect(readFileSync(join(bench.room.home, 'prompt.txt'), 'utf8')).toContain('Say hello');
  });

  it('begins anew, told everything, where the files of its conversation are gone', async () => {
    const request = { session: 'b7b4ec67-51ab-4a29-a3ea-0d6d4a1e3d5c', told: true };
    expect((await bench.ask({ ...telling([init, end('Done.')])(), request })).outcome).toMatchObject({
      kind: 'answered',
    });
    expect(readFileSync(join(bench.room.home, 'prompt.txt'), 'utf8')).toContain('Say hello');
    expect(readFileSync(join(bench.room.home, 'turns.txt'), 'utf8')).not.toContain('--resume b7b4');
  });
}
