import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findHarness, type AdapterName } from '../../src/agents/find-harness.js';
import type { AgentContext, AgentOutcome, AgentRequest } from '../../src/agents/harness.js';
import type { JsonObject } from '../../src/domain/json.js';
import { makeRoom } from '../sandbox/sandbox-fixture.js';
import { listeningContext, requestOf } from './agent-fixture.js';

/** What every adapter is held to, told by entries of its own. */
interface Contract {
  /** Answers with the output `{ doubled: 2 * params.number }`, and says something in its log where it has one. */
  readonly doubles: JsonObject;
  /** Needs longer than its time; null where it cannot. */
  readonly slow: JsonObject | null;
  /** Entries that fail, with the code that the attempt ends with. */
  readonly broken: readonly (readonly [what: string, entry: JsonObject, code: string])[];
  readonly invalid: readonly JsonObject[];
  /** Whether its conversation is found again. */
  readonly keepsSession?: true;
  /** Asks `QUESTION` in place of an answer. */
  readonly asks?: JsonObject;
}

const QUESTION = {
  text: 'Which?',
  options: [
    { name: 'A', says: 'This.' },
    { name: 'B', says: 'That.' },
  ],
  recommended: 'B',
};

const room = makeRoom();
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'baton-contract-'));
  // The agent is another user.
  await chmod(directory, 0o755);
  await writeFile(join(directory, 'read.mjs'), READ);
});
afterAll(async () => {
  room.remove();
  await rm(directory, { recursive: true, force: true });
});

const READ = `import { text } from 'node:stream/consumers';\nexport const input = JSON.parse(await text(process.stdin));\n`;
const program = (source: string): JsonObject => ({
  argv: ['node', '--input-type=module', '-e', `import { input } from '/opt/agent/read.mjs';\n${source}`],
  get directory() {
    return directory;
  },
});
const commandSays = (line: string): JsonObject => program(`console.log(JSON.stringify(${line}))`);
const asking = (more: object): JsonObject => commandSays(JSON.stringify({ type: 'question', ...QUESTION, ...more }));
const scriptSays = (source: string): JsonObject => program(`process.stdout.write(${source})`);
const moves = (move: JsonObject): JsonObject => ({ moves: [{ action: 'double', ...move }] });
const endless = program('setInterval(() => input, 1000)');

/** A host as the api agent declares it: it answers only what is asked as documented. */
const calls: string[] = [];
const server = createServer((request, response) => {
  void text(request).then((body) => {
    calls.push(`${request.method!} ${request.url!} ${String(request.headers['x-key'])}`);
    const answer = (status: number, content: string, headers = {}): void =>
      void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(content);
    const authorized = request.headers.authorization === 'Bearer a-secret';
    if (request.method !== 'POST' || !authorized || request.headers['content-type'] !== 'application/json') {
      answer(400, 'not as documented');
      return;
    }
    switch (request.url) {
      case '/double/21': {
        answer(200, JSON.stringify({ doubled: 2 * (JSON.parse(body) as { number: number }).number }));
        return;
      }
      case '/away': {
        answer(302, '', { location: '/double/21' });
        return;
      }
      case '/garbage': {
        answer(200, '<html>');
        return;
      }
      case '/list': {
        answer(200, '[]');
        return;
      }
      case '/large': {
        answer(200, JSON.stringify('x'.repeat(2 ** 21)));
        return;
      }
      case '/broken': {
        answer(500, 'oops');
        return;
      }
      case '/gone':
        return void request.socket.destroy();
      case '/slow':
        return;
      default: {
        answer(404, 'no such thing');
        return;
      }
    }
  });
});
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
const calling = (path: string, more: JsonObject = {}): JsonObject => ({
  get host() {
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  },
  requests: {
    double: {
      method: 'POST',
      path,
      body: { number: '{number}' },
      secretHeaders: { authorization: { variable: 'DEMO_TOKEN', prefix: 'Bearer ' } },
      ...more,
    },
  },
});
const rules = (doubled: string): JsonObject => ({
  rules: { double: { values: [{ name: 'twice', is: 'params.number * 2' }], output: { doubled } } },
});

/** Programs that people write code with, and models that only answer, have contracts of their own: coding-contract.ts, chat.test.ts. */
const CONTRACTS: Readonly<
  Record<
    Exclude<AdapterName, 'acp' | 'aider' | 'chat' | 'claude' | 'codex' | 'copilot' | 'cursor' | 'gemini' | 'opencode'>,
    Contract
  >
> = {
  command: {
    doubles: commandSays(`{ type: 'result', output: { doubled: 2 * input.params.number } }`),
    slow: endless,
    broken: [
      ['says nothing', program(''), 'agent-output-invalid'],
      ['says what is not of the protocol', commandSays('{ output: {} }'), 'agent-output-invalid'],
      ['fails', program('process.exit(3)'), 'agent-exited'],
      ['asks with one option', asking({ options: [{ name: 'A', says: 'This.' }] }), 'agent-output-invalid'],
      [
        'asks with one option twice',
        asking({ options: [QUESTION.options[0], QUESTION.options[0]] }),
        'agent-output-invalid',
      ],
      ['recommends no option', asking({ recommended: 'C' }), 'agent-output-invalid'],
      [
        'asks and answers',
        program(
          `console.log(${JSON.stringify(JSON.stringify({ type: 'question', ...QUESTION }))}); console.log('{"type":"result"}');`,
        ),
        'agent-output-invalid',
      ],
    ],
    asks: asking({}),
    invalid: [{}, { argv: [] }, { argv: ['true'], shell: true }],
  },
  playbook: {
    keepsSession: true,
    asks: moves({ ask: QUESTION }),
    doubles: moves({ output: { doubled: 42 } }),
    slow: moves({ log: ['one', 'two'], paceMs: 600_000 }),
    broken: [
      ['has no move', { moves: [] }, 'no-move'],
      ['replaces what is not there', moves({ replace: [{ file: 'read-me', find: 'a', with: 'b' }] }), 'agent-exited'],
    ],
    invalid: [{}, { moves: [{}] }, { moves: [], more: 1 }],
  },
  script: {
    doubles: scriptSays('JSON.stringify({ doubled: 2 * input.number })'),
    slow: endless,
    broken: [
      ['says nothing', program(''), 'agent-output-invalid'],
      ['says what is no JSON', scriptSays("'42 it is'"), 'agent-output-invalid'],
      ['says two objects', scriptSays("'{}\\n{}'"), 'agent-output-invalid'],
      ['says a list', scriptSays("'[]'"), 'agent-output-invalid'],
      ['says a NUL', scriptSays(`'{"a":"\\\\u0000"}'`), 'agent-output-invalid'],
      ['says half of a character', scriptSays(`'{"a":"\\\\ud800"}'`), 'agent-output-invalid'],
      ['nests without end', scriptSays(`'{"a":'.repeat(70) + '1' + '}'.repeat(70)`), 'agent-output-invalid'],
      ['says more than is kept', scriptSays(`JSON.stringify({ a: 'x'.repeat(2 ** 20) })`), 'agent-output-invalid'],
      ['fails behind its answer', program(`console.log('{}'); process.exitCode = 4;`), 'agent-exited'],
      [
        'takes too much memory',
        program('const all = []; for (;;) all.push(Buffer.alloc(2 ** 24, 1));'),
        'agent-out-of-memory',
      ],
    ],
    invalid: [
      {},
      { argv: [] },
      { argv: ['true'], timeoutMs: 40 * 60_000 },
      { argv: ['true'], memoryMib: 100_000 },
      { argv: ['true'], sandbox: { memoryMib: 1 } },
    ],
  },
  rule: {
    doubles: rules('values.twice'),
    slow: null,
    broken: [
      ['has no rule', { rules: {} }, 'no-rule'],
      ['reads what is not there', rules('params.missing'), 'expression-failed'],
      ['gives what JSON cannot hold', rules("timestamp('2026-01-01T00:00:00Z')"), 'expression-failed'],
    ],
    invalid: [
      {},
      rules('1 +'),
      rules('unknown'),
      rules('"a".matches(params.pattern)'),
      rules('"a".matches("(a+)+")'),
      rules('matches("a", params.pattern)'),
      rules('[1].map(n, "a".matches(params.pattern))'),
      rules('x'.repeat(4_001)),
    ],
  },
  action: {
    doubles: { acts: { double: { does: 'report.generate' } } },
    slow: null,
    broken: [['has nothing that does it', { acts: {} }, 'no-act']],
    invalid: [{}, { acts: { double: { does: 'rm -rf' } } }],
  },
  api: {
    doubles: calling('/double/{number}'),
    slow: calling('/slow', { idempotencyHeader: 'X-Key' }),
    broken: [
      ['has no request', { host: 'http://127.0.0.1:1', requests: {} }, 'no-request'],
      ['is sent elsewhere', calling('/away'), 'redirected'],
      ['is told what is no JSON', calling('/garbage'), 'agent-output-invalid'],
      ['is told a list', calling('/list'), 'agent-output-invalid'],
      ['is told too much', calling('/large'), 'agent-output-invalid'],
      ['meets a broken host', calling('/broken'), 'call-refused'],
      ['asks for what is not there', calling('/other'), 'call-refused'],
      ['meets a host that hangs up', calling('/gone'), 'call-failed'],
      [
        'needs a secret that is not there',
        calling('/double/21', { secretHeaders: { authorization: { variable: 'OTHER_TOKEN', prefix: '' } } }),
        'secret-missing',
      ],
    ],
    invalid: [
      {},
      { host: 'ftp://example.com', requests: {} },
      { host: 'https://user:password@example.com', requests: {} },
      calling('//example.com/'),
      calling('/x', { secretHeaders: { authorization: { variable: 'PATH' } } }),
    ],
  },
};

const askAdapter = (
  adapter: AdapterName,
  entry: JsonObject,
  more: Partial<AgentContext> = {},
  answers: AgentRequest['answers'] = [],
): Promise<AgentOutcome> => {
  const request = requestOf({ action: 'double', mode: 'analysis', params: { number: 21 }, issue: null, answers });
  const { context } = listeningContext({
    policy: { ...room.policy, workspace: { ...room.policy.workspace, writable: false } },
    secrets: { DEMO_TOKEN: 'a-secret' },
    facts: () => Promise.resolve({}),
    serve: (_service, params) => Promise.resolve({ doubled: 2 * Number(params['number']) }),
    session: { costUsd: 0, open: () => Promise.resolve(null), keep: () => Promise.resolve() },
    ...more,
  });
  return findHarness(adapter).run(frozen(entry), frozen(request), context);
};

describe.each(Object.entries(CONTRACTS) as [AdapterName, Contract][])('the adapter %s', (adapter, contract) => {
  const ask = (entry: JsonObject, more: Partial<AgentContext> = {}) => askAdapter(adapter, entry, more);

  it('gives the answer, the same again for the same request, and changes neither entry nor request', async () => {
    const answers = [await ask(contract.doubles), await ask(contract.doubles)];
    const answer = {
      summary: '',
      findings: [],
      output: { doubled: 42 },
      session: contract.keepsSession ? (expect.any(String) as string) : null,
    };
    expect(answers).toEqual([
      { kind: 'answered', answer, usage: null },
      { kind: 'answered', answer, usage: null },
    ]);
  });

  it.each(contract.broken)('says what failed, in a sentence, where the agent %s', async (_what, entry, code) => {
    expect(await ask(entry)).toEqual({
      kind: 'failed',
      code,
      message: expect.stringMatching(/^.{10,700}\.?$/s) as string,
      retryable: expect.any(Boolean) as boolean,
      usage: null,
    });
  });

  it.each(contract.invalid.map((entry, index) => [index, entry] as const))(
    'refuses an entry that is not its own: %i',
    async (_, entry) => {
      await expect(ask(entry)).rejects.toMatchObject({ code: 'agent-entry-invalid' });
    },
  );

  it('is over when it is cancelled', async () => {
    expect(await ask(contract.doubles, { signal: AbortSignal.abort() })).toMatchObject({
      kind: 'failed',
      code: 'cancelled',
      retryable: false,
    });
  });

  if (contract.asks) {
    const { asks } = contract;
    it('asks people in place of an answer', async () => {
      expect(await ask(asks)).toEqual({
        kind: 'asked',
        question: {
          ...QUESTION,
          freeText: false,
          session: contract.keepsSession ? (expect.any(String) as string) : null,
        },
        usage: null,
      });
    });
  }

  if (contract.slow !== null) {
    const { slow } = contract;
    it('is over when its time is', async () => {
      expect(await ask(slow, { timeoutMs: 400 })).toMatchObject({ code: 'agent-timed-out', retryable: true });
    });
  }
});

it('a playbook goes on by the answer', async () => {
  const entry = {
    moves: [
      { action: 'double', answered: 'A', output: { doubled: 1 } },
      { action: 'double', answered: 'B', output: { doubled: 2 } },
      { action: 'double', ask: QUESTION },
    ],
  };
  const given = { question: 'Which?', option: 'B', text: null, reason: 'x', by: 'maya' };
  expect(await askAdapter('playbook', entry)).toMatchObject({ kind: 'asked' });
  expect(await askAdapter('playbook', entry, {}, [given])).toMatchObject({ answer: { output: { doubled: 2 } } });
});

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const item of Object.values(value)) frozen(item);
    return Object.freeze(value);
  }
  return value;
}

describe('a call of an api agent', () => {
  beforeEach(() => calls.splice(0));

  it('does not follow the host elsewhere', async () => {
    await askAdapter('api', calling('/away'));
    expect(calls).toEqual(['POST /away undefined']);
  });

  it('that may have been made is not made again', async () => {
    expect(await askAdapter('api', calling('/double/21'), { startedBefore: true })).toMatchObject({
      code: 'outcome-unknown',
      retryable: false,
    });
    expect(await askAdapter('api', calling('/broken'))).toMatchObject({ retryable: false });
    expect(await askAdapter('api', calling('/slow'), { timeoutMs: 200 })).toMatchObject({ retryable: false });
    expect(calls).toEqual(['POST /broken undefined', 'POST /slow undefined']);
  });

  it('that its host knows by a key is made again, with the same', async () => {
    const entry = calling('/double/21', { idempotencyHeader: 'X-Key' });
    expect(await askAdapter('api', entry, { startedBefore: true })).toMatchObject({ kind: 'answered' });
    expect(calls).toEqual(['POST /double/21 run/step/1']);
    expect(await askAdapter('api', calling('/broken', { idempotencyHeader: 'X-Key' }))).toMatchObject({
      retryable: true,
    });
  });
});
