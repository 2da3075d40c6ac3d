import type { AgentContext } from '../../src/agents/harness.js';
import { command } from '../../src/agents/adapters/command.js';
import { makeRoom } from '../sandbox/sandbox-fixture.js';
import { processesWith } from '../support/processes-with.js';
import { listeningContext, requestOf } from './agent-fixture.js';

const room = makeRoom();
afterAll(() => room.remove());

/** What comes of a command agent that says these lines, and then this. */
async function ask(lines: readonly object[], then = '', more: Partial<AgentContext> = {}) {
  const source = `const lines = ${JSON.stringify(lines)};
for (const line of lines) console.log(JSON.stringify(line));
${then}`;
  const { context, events, log } = listeningContext({ policy: room.policy, secrets: {}, ...more });
  const outcome = await command.run({ argv: ['node', '-e', source] }, requestOf(), context);
  return { outcome, events, log };
}

const RESULT = { type: 'result', summary: 'Done.' };
const GOES_ON = 'setInterval(() => undefined, 1_000);';
const did = (ok: boolean, text = '') => ({ type: 'command', command: 'npm test', result: { ok, text } });
const times = <T>(count: number, line: T): T[] => Array.from({ length: count }, () => line);

it('tells what it does, in the vocabulary of all', async () => {
  const turned: string[] = [];
  const lines = [
    { type: 'think', text: 'Hm.' },
    { type: 'read', what: 'a.ts' },
    { type: 'edit', path: 'a.ts', result: { ok: true } },
    { type: 'command', command: 'npm test' },
    { type: 'tool', tool: 'search', input: 'name', result: { ok: false, text: 'nothing' } },
    { type: 'message', text: 'I am done.' },
  ];
  const progress = { turned: () => void turned.push('turned'), conversing: () => undefined };
  const { outcome, events } = await ask([...lines, RESULT], '', { progress });
  expect(outcome).toMatchObject({ kind: 'answered', answer: { summary: 'Done.' } });
  expect(events).toEqual([
    ...lines.slice(0, 2),
    { type: 'edit', path: 'a.ts', result: { ok: true, text: '' } },
    { type: 'command', command: 'npm test', result: null },
    ...lines.slice(4),
  ]);
  // Each time that something was done: a good moment to keep the tree.
  expect(turned).toHaveLength(2);
});

it.each([
  ['does the same, and the same comes of it', times(4, did(true, 'ok')), 'it did the same 4 times'],
  ['fails at the same', [did(false, 'a'), did(false, 'b'), did(false, 'c')], 'it failed each time'],
  ['says the same', times(3, { type: 'message', text: 'Now I begin.' }), 'it said the same 3 times'],
])('is ended where it %s', async (_, lines, says) => {
  const { outcome } = await ask([{ type: 'usage', inputTokens: 7 }, ...lines], GOES_ON);
  expect(outcome).toMatchObject({
    ...{ kind: 'failed', code: 'agent-stuck', retryable: true, usage: { inputTokens: 7 } },
    message: expect.stringContaining(says) as string,
  });
  expect(processesWith(room.root)).toEqual([]);
});

it('is not stuck where another thing comes of the same, nor by its log and its marks', async () => {
  const lines = [
    ...[1, 2, 3, 4, 5].map((count) => did(true, `${count}`)),
    ...times(9, { type: 'log', message: '…' }),
    ...times(9, { type: 'item', item: 'Mend it', status: 'failed' }),
  ];
  expect((await ask([...lines, RESULT])).outcome).toMatchObject({ kind: 'answered' });
});

it('is ended where nothing is heard of it, and not while anything is', async () => {
  expect((await ask([{ type: 'read', what: 'a.ts' }], GOES_ON, { silenceMs: 400 })).outcome).toMatchObject({
    ...{ kind: 'failed', code: 'agent-stuck', retryable: true },
    message: expect.stringContaining('The agent got nowhere and was ended: nothing was heard of it for') as string,
  });
  const whispers = `let left = 14;
const whisper = setInterval(() => {
  process.stderr.write('.');
  if (--left > 0) return;
  clearInterval(whisper);
  console.log(${JSON.stringify(JSON.stringify(RESULT))});
}, 250);`;
  expect((await ask([], whispers, { silenceMs: 3_000 })).outcome).toMatchObject({ kind: 'answered' });
});
