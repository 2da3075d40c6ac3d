import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { acpProgram } from '../../../../src/agents/adapters/acp.js';
import { isJsonObject, type JsonObject } from '../../../../src/domain/json.js';
import { acpEntry } from '../../../../src/schema/acp-entry.js';
import { processesWith } from '../../../support/processes-with.js';
import { doubling, type Bench } from '../bench.js';
import type { Asked, Case, Contract } from '../contract.js';
import { ToolServer } from '../program/tool-server.js';

const SHIPPED = join(import.meta.dirname, '../shipped');
const KEY = 'key-of-the-contract-0123456789';

/** A program that does what its name in acp-agent.mjs says. */
const entryOf = (does: string, more: JsonObject = {}): JsonObject => ({
  command: 'acp-agent.mjs',
  program: join(SHIPPED, 'acp-agent.mjs'),
  args: [does],
  keys: ['ACP_KEY'],
  sessionPaths: ['.agent'],
  ...more,
});
const doing =
  (does: string, { entry = {}, ...more }: Partial<Asked> = {}): Case =>
  () => ({ ...more, entry: entryOf(does, entry) });

export const acpContract: Contract = {
  secrets: { ACP_KEY: KEY },
  invalid: [
    [{}, '/command'],
    [{ command: 'an agent' }, '/command'],
    [entryOf('well', { sessionPaths: ['../other'] }), '/sessionPaths/0'],
    [entryOf('well', { env: { 'A-B': '1' } }), '/env/A-B'],
    [entryOf('well', { keys: ['PATH'] }), '/keys/0'],
    [entryOf('well', { model: 'one' }), '/'],
  ],
  doubles: doing('doubles'),
  answer: { summary: 'Doubled.' },
  usage: { inputTokens: 7, outputTokens: 3, costUsd: 0.75 },
  keepsSession: true,
  endless: { case: doing('endless'), hasBegun: ({ events }) => events.some(({ type }) => type === 'command') },
  fails: [
    ['is not signed in', doing('signed-out'), { code: 'agent-failed', retryable: false, says: 'Authentication' }],
    ['has a broken model', doing('broken'), { code: 'agent-failed', retryable: true, says: 'something broke' }],
    ['is told that its model refuses', doing('refusing'), { code: 'agent-failed', retryable: false }],
    ['answers in another shape', doing('shapeless'), { code: 'agent-output-invalid', retryable: true }],
    ['ends before it has answered', doing('gone'), { code: 'agent-exited', retryable: true, says: 'exit code 3' }],
    [
      'has no key',
      doing('well', { context: { secrets: {} } }),
      { code: 'key-missing', retryable: false, says: 'set ACP_KEY in the environment of the worker' },
    ],
    ['is not there', doing('well', { entry: { program: '/nowhere/at-all' } }), { code: 'program-missing' }],
  ],
  asks: doing('asks'),
  limited: { case: doing('limited'), provider: () => 'acp-agent.mjs', resetAtMs: expect.any(Number) },
  tellsUnknown: doing('well'),
  runs: (script) => doing('runs', { entry: { env: { SCRIPT: script } } })(),
  program: {
    claims: acpProgram(acpEntry.parse(entryOf('well'))),
    proofs: {
      resume: goesOnElsewhere,
      usage: async (bench) =>
        expect((await bench.answered()).outcome.usage).toMatchObject({ inputTokens: 7, outputTokens: 3 }),
      cost: async (bench) => expect((await bench.answered()).outcome.usage).toMatchObject({ costUsd: 0.75 }),
      approvals: asksFirst,
      mcp: callsTools,
    },
  },
  alone: spokenWith,
};

/** What it was asked since it was asked last. */
function toldTo({ room }: Bench): readonly JsonObject[] {
  const file = join(room.home, 'asked.ndjson');
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  rmSync(file);
  return lines.map((line) => JSON.parse(line) as unknown).filter(isJsonObject);
}

function emptyHome({ room }: Bench): void {
  rmSync(room.home, { recursive: true });
  mkdirSync(room.home);
}

async function goesOnElsewhere(bench: Bench): Promise<void> {
  const { outcome } = await bench.ask(doing('well')());
  expect(outcome).toMatchObject({ answer: { session: 'one' } });
  emptyHome(bench);
  const again = await bench.ask(doing('well', { request: { attempt: 2, session: 'one', told: true } })());
  expect(again.outcome).toMatchObject({ answer: { session: 'one' } });
  expect(toldTo(bench).map(({ method }) => method)).toEqual(['initialize', 'session/load', 'session/prompt']);
}

async function asksFirst(bench: Bench): Promise<void> {
  const careful = { entry: { askFor: ['command'] } };
  const { outcome } = await bench.ask(doing('careful', careful)());
  expect(outcome).toMatchObject({
    kind: 'asked',
    question: { text: 'acp-agent.mjs asks whether it may run a command:\n\necho allowed', session: 'one' },
  });
  if (outcome.kind !== 'asked') throw new Error('it did not ask');
  const { session, permission, text: question } = outcome.question;
  const decide = async (option: string) => {
    const answers = [{ question, option, text: null, reason: null, by: 'maya', permission: permission! }];
    const request = { attempt: 2, session, told: true, answers };
    return (await bench.ask(doing('careful', { ...careful, request })())).outcome;
  };
  expect(await decide('Allow')).toMatchObject({ kind: 'answered', answer: { summary: 'Done.' } });
  expect(await decide('Deny')).toMatchObject({
    ...{ kind: 'failed', code: 'agent-failed', retryable: true },
    message: 'acp-agent.mjs failed: it stopped where it was denied: echo allowed',
  });
}

async function callsTools(bench: Bench): Promise<void> {
  emptyHome(bench);
  const server = new ToolServer();
  await server.listen();
  try {
    const openTools = () => Promise.resolve(server.tools);
    const { outcome } = await bench.ask(doing('tools', { context: { openTools } })());
    expect(outcome).toMatchObject({ answer: { summary: 'It answered 200.' } });
    expect(server.called).toEqual(['get_briefing']);
    const told = JSON.stringify(toldTo(bench));
    expect(told).toContain("# Baton's tools");
    expect(told).not.toContain(server.token);
    await bench.ask(doing('without-tools', { context: { openTools } })());
    const [, begun, prompt] = toldTo(bench);
    expect(begun).toMatchObject({ method: 'session/new', params: { mcpServers: [] } });
    expect(JSON.stringify(prompt)).not.toContain("Baton's tools");
  } finally {
    server.close();
  }
}

function spokenWith(bench: Bench): void {
  beforeEach(() => emptyHome(bench));

  it('is spoken to as the protocol has it, and tells what it does in the vocabulary of all', async () => {
    const { outcome, events, log } = await bench.ask(doing('well', { entry: { authMethod: 'by-key' } })());
    const told = toldTo(bench);
    expect(told).toMatchObject([
      { method: 'initialize', params: { protocolVersion: 1, clientCapabilities: { terminal: false } } },
      { method: 'authenticate', params: { methodId: 'by-key' } },
      { method: 'session/new', params: { cwd: '/workspace', mcpServers: [] } },
      { method: 'session/prompt', params: { sessionId: 'one', prompt: [{ type: 'text' }] } },
    ]);
    expect(JSON.stringify(told[3])).toContain('Say hello');
    expect(outcome).toMatchObject({ kind: 'answered', answer: { summary: 'All done.', session: 'one' } });
    expect(events).toMatchObject([
      { type: 'edit', path: 'a.txt', result: { ok: true } },
      { type: 'usage', inputTokens: null, costUsd: 0.75 },
      { type: 'think', text: 'Hm.' },
      { type: 'message', text: 'All done.' },
      { type: 'usage', inputTokens: 7, outputTokens: 3, costUsd: 0.75 },
    ]);
    expect(log).toContain('this is no JSON');
    // It would have gone on without an input.
    expect(processesWith(bench.room.root)).toEqual([]);
  });

  it('begins anew, told everything, where its conversation is gone', async () => {
    const { outcome } = await bench.ask(doubling(doing('doubles', { request: { session: 'lost', told: true } })()));
    expect(outcome).toMatchObject({ answer: { session: 'one' } });
    const told = toldTo(bench);
    // Of a conversation whose files were never kept nothing is asked.
    expect(told.map(({ method }) => method)).toEqual(['initialize', 'session/new', 'session/prompt']);
    expect(JSON.stringify(told[2])).toContain('You are a developer.');
  });
}
