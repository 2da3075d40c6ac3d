import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from '../../src/domain/json.js';

const PROGRAM = fileURLToPath(new URL('../../src/agents/coding/programs/mend-gemini-session.mts', import.meta.url));
const NAME = '64a86a94-ae2a-499f-a55b-69a47dfc6b16';

const home = mkdtempSync(join(tmpdir(), 'baton-mend-'));
afterAll(() => rmSync(home, { recursive: true }));

const HEAD = { sessionId: NAME, projectHash: 'c52d', startTime: '2026-11-22T09:15:39.061Z', kind: 'main' };
const user = (id: string, ...content: readonly JsonObject[]) => ({ id, type: 'user', content });
const model = (id: string, content: string | readonly JsonObject[], toolCalls?: readonly JsonObject[]) => ({
  ...{ id, type: 'gemini', content },
  ...(toolCalls && { toolCalls }),
});
const response = (id: string) => ({ functionResponse: { id, name: 'shell', response: { output: id } } });
const called = (id: string, ...results: readonly string[]) => ({
  ...{ id, name: 'shell', args: { command: id } },
  ...(results.length > 0 && { result: results.map(response) }),
});
const ASKED = user('u1', { text: 'Say hello' });

/** What becomes of a conversation's messages; the first line of the file is `HEAD`. */
function mended(lines: readonly object[], end = ''): readonly unknown[] {
  const file = join(home, '.gemini/tmp/workspace/chats', `session-2026-11-22T09-15-${NAME.slice(0, 8)}.jsonl`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, [HEAD, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('') + end);
  execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', PROGRAM, NAME], { env: { HOME: home } });
  const [head, ...messages] = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  expect(head).toMatchObject(HEAD);
  return messages;
}

it('leaves each result with its call, once, and what people and the model said', () => {
  const lines = [
    ASKED,
    model('m1', ''),
    { $set: { lastUpdated: '2026-11-22T09:15:39.193Z' } },
    model('m1', '', [called('a', 'a')]),
    user('u2', response('a')),
    model('m2', 'I said hello.'),
  ];
  expect(mended(lines)).toEqual([ASKED, model('m1', '', [called('a', 'a')]), model('m2', 'I said hello.')]);
});

it('leaves a call nothing of what came of those beside it', () => {
  const both = [called('a', 'a', 'b'), called('b', 'a', 'b')];
  expect(mended([ASKED, model('m1', '', both), user('u2', response('a'), response('b'))])).toEqual([
    ASKED,
    model('m1', '', [called('a', 'a'), called('b', 'b')]),
  ]);
});

it('leaves no call that it was ended in', () => {
  expect(mended([ASKED, model('m1', '', [called('a', 'a'), called('b')])], '{"id":"torn"')).toEqual([
    ASKED,
    model('m1', '', [called('a', 'a')]),
  ]);
  const inContent = [{ functionCall: { id: 'a', name: 'shell' } }, { functionCall: { id: 'b', name: 'shell' } }];
  const restored = {
    $set: { messages: [ASKED, model('m1', inContent, [called('a', 'a')]), user('u2', response('a'))] },
  };
  expect(mended([restored, model('m2', [{ functionCall: { id: 'c', name: 'shell' } }])])).toEqual([
    ASKED,
    model('m1', inContent.slice(0, 1), [called('a', 'a')]),
  ]);
});

it('keeps a result that no call has', () => {
  const content = [{ functionCall: { id: 'a', name: 'shell' } }];
  const lines = [ASKED, model('m1', content), user('u2', response('a'))];
  expect(mended(lines)).toEqual(lines);
});

it('does not bring back what was taken back', () => {
  expect(mended([ASKED, model('m1', 'No.'), { $rewindTo: 'm1' }, model('m2', 'Yes.')])).toEqual([
    ASKED,
    model('m2', 'Yes.'),
  ]);
});
