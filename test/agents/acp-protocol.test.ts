import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { acp } from '../../src/agents/adapters/acp.js';
import type { AgentRequest } from '../../src/agents/harness.js';
import type { JsonObject } from '../../src/domain/json.js';
import { WORKING_LIMITS } from '../../src/sandbox/limits/limits.js';
import { makeRoom } from '../sandbox/sandbox-fixture.js';
import { processesWith } from '../support/processes-with.js';
import { listeningContext, requestOf } from './agent-fixture.js';

const made = makeRoom();
const room = { ...made, policy: { ...made.policy, limits: WORKING_LIMITS } };
const asked = join(room.workspace, 'asked.ndjson');
afterEach(() => rmSync(asked, { force: true }));
afterAll(room.remove);

const EMPTY_ARCHIVE = execFileSync('tar', ['-cf', '-', '--files-from', '/dev/null']);

/** With a program that does what its name in acp-agent.mjs says, in the real sandbox. */
async function ask(
  does: string,
  { request = {}, entry = {} }: { request?: Partial<AgentRequest>; entry?: JsonObject } = {},
) {
  const { context, events, log } = listeningContext({
    policy: room.policy,
    secrets: { PATH: process.env['PATH'] },
    openTools: () =>
      Promise.resolve({
        url: 'http://127.0.0.1:1/mcp',
        token: 'never-inside',
        hasReported: () => Promise.resolve(false),
      }),
    session: { costUsd: 0.5, open: () => Promise.resolve(EMPTY_ARCHIVE), keep: () => Promise.resolve() },
  });
  const given = {
    command: 'acp-agent.mjs',
    program: join(import.meta.dirname, 'acp-agent.mjs'),
    args: [does],
    ...entry,
  };
  const outcome = await acp.run(given, requestOf(request), context);
  const told = readFileSync(asked, 'utf8').trim().split('\n');
  return { outcome, events, log, told: told.map((line) => JSON.parse(line) as JsonObject) };
}

describe('a program that speaks the Agent Client Protocol', () => {
  it('is spoken to as the protocol has it, and what no version knows is kept and harms nothing', async () => {
    const { outcome, events, log, told } = await ask('well', { entry: { authMethod: 'by-key' } });
    expect(told).toMatchObject([
      { method: 'initialize', params: { protocolVersion: 1, clientCapabilities: { terminal: false } } },
      { method: 'authenticate', params: { methodId: 'by-key' } },
      {
        method: 'session/new',
        params: { cwd: '/workspace', mcpServers: [{ type: 'http', name: 'baton', headers: [] }] },
      },
      { method: 'session/prompt', params: { sessionId: 'one', prompt: [{ type: 'text' }] } },
    ]);
    expect(JSON.stringify(told[3])).toContain('Say hello');
    expect(JSON.stringify(told[3])).toContain("# Baton's tools");
    expect(JSON.stringify(told)).not.toContain('never-inside');
    expect(outcome).toMatchObject({
      kind: 'answered',
      answer: { summary: 'All done.', session: 'one' },
      usage: { inputTokens: 7, outputTokens: 3, costUsd: 0.75 },
    });
    expect(events).toMatchObject([
      { type: 'edit', path: 'a.txt', result: { ok: true } },
      { type: 'usage', inputTokens: null, costUsd: 0.75 },
      { type: 'think', text: 'Hm.' },
      { type: 'message', text: 'All done.' },
      { type: 'usage', inputTokens: 7, outputTokens: 3, costUsd: 0.75 },
    ]);
    expect(log).toEqual(
      expect.arrayContaining([
        'this is no JSON',
        expect.stringMatching(/^of no known type: .*something_new/) as string,
      ]),
    );
    // It would have gone on without an input.
    expect(processesWith(room.root)).toEqual([]);
  });

  it('is told nothing of tools that it cannot be given', async () => {
    const { outcome, told } = await ask('without-tools');
    expect(told[1]).toMatchObject({ method: 'session/new', params: { mcpServers: [] } });
    expect(JSON.stringify(told[2])).toContain('Say hello');
    expect(JSON.stringify(told[2])).not.toContain("Baton's tools");
    expect(outcome).toMatchObject({ kind: 'answered' });
  });

  it('begins anew, told everything, where its conversation is gone', async () => {
    const { outcome, told } = await ask('well', {
      request: { session: 'lost', told: true },
      entry: { sessionPaths: ['.agent'] },
    });
    expect(told.map(({ method }) => method)).toEqual(['initialize', 'session/load', 'session/new', 'session/prompt']);
    expect(JSON.stringify(told[3])).toContain('Say hello');
    expect(outcome).toMatchObject({ answer: { session: 'one' } });
  });

  it.each([
    ['signed-out', { kind: 'failed', code: 'agent-failed', retryable: false }],
    ['limited', { kind: 'limited', provider: 'acp-agent.mjs', resetAtMs: expect.any(Number) as number }],
    ['refusing', { kind: 'failed', code: 'agent-failed', retryable: false }],
    ['gone', { kind: 'failed', code: 'agent-exited', retryable: true }],
  ])('is judged by what it says: %s', async (does, outcome) => {
    expect((await ask(does)).outcome).toMatchObject(outcome);
  });
});
