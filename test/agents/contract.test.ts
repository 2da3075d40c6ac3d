import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findHarness, type AdapterName } from '../../src/agents/find-harness.js';
import type { AgentContext, AgentOutcome, AgentRequest } from '../../src/agents/harness.js';
import type { JsonObject } from '../../src/domain/json.js';
import { createExecutor } from '../../src/sandbox/execute.js';
import { makeRoom } from '../sandbox/sandbox-fixture.js';

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
}

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
const scriptSays = (source: string): JsonObject => program(`process.stdout.write(${source})`);
const moves = (move: JsonObject): JsonObject => ({ moves: [{ action: 'double', ...move }] });
const endless = program('setInterval(() => input, 1000)');

const CONTRACTS: Readonly<Partial<Record<AdapterName, Contract>>> = {
  command: {
    doubles: commandSays(`{ type: 'result', output: { doubled: 2 * input.params.number } }`),
    slow: endless,
    broken: [
      ['says nothing', program(''), 'agent-output-invalid'],
      ['says what is not of the protocol', commandSays('{ output: {} }'), 'agent-output-invalid'],
      ['fails', program('process.exit(3)'), 'agent-exited'],
    ],
    invalid: [{}, { argv: [] }, { argv: ['true'], shell: true }],
  },
  playbook: {
    keepsSession: true,
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
    invalid: [{}, { argv: [] }, { argv: ['true'], timeoutMs: 40 * 60_000 }, { argv: ['true'], memoryMib: 100_000 }],
  },
};

describe.each(Object.entries(CONTRACTS) as [AdapterName, Contract][])('the adapter %s', (adapter, contract) => {
  const lines: string[] = [];
  const ask = (entry: JsonObject, more: Partial<AgentContext> = {}): Promise<AgentOutcome> => {
    const request: AgentRequest = {
      action: 'double',
      mode: 'analysis',
      params: { number: 21 },
      instructions: null,
      issue: null,
      repository: 'demo',
      attempt: 1,
      base: 'a'.repeat(40),
      failure: null,
      session: null,
    };
    return findHarness(adapter).run(frozen(entry), frozen(request), {
      execute: createExecutor({ isolation: 'bubblewrap' }),
      isolation: 'bubblewrap',
      policy: { ...room.policy, workspace: { ...room.policy.workspace, writable: false } },
      timeoutMs: 60_000,
      signal: new AbortController().signal,
      log: (line) => lines.push(line),
      ...more,
    });
  };

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

  it.each(contract.invalid)('refuses an entry that is not its own: %j', async (entry) => {
    await expect(ask(entry)).rejects.toMatchObject({ code: 'agent-entry-invalid' });
  });

  it('is over when it is cancelled', async () => {
    expect(await ask(contract.doubles, { signal: AbortSignal.abort() })).toMatchObject({
      kind: 'failed',
      code: 'cancelled',
      retryable: false,
    });
  });

  if (contract.slow !== null) {
    const { slow } = contract;
    it('is over when its time is', async () => {
      expect(await ask(slow, { timeoutMs: 400 })).toMatchObject({ code: 'agent-timed-out', retryable: true });
    });
  }
});

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const item of Object.values(value)) frozen(item);
    return Object.freeze(value);
  }
  return value;
}
