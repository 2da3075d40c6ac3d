import { Confinements } from '../../src/activities/attempt/confinements.js';
import type { AttemptRequest } from '../../src/domain/work.js';
import type { Execute } from '../../src/sandbox/command.js';
import { WORKING_LIMITS } from '../../src/sandbox/limits/limits.js';
import type { SandboxedPolicy } from '../../src/sandbox/policy.js';
import { startEngine, type Engine } from '../support/engine.js';

let engine: Engine;
let request: AttemptRequest;
beforeAll(async () => {
  engine = await startEngine({
    agents: [
      {
        name: 'devon',
        script: `if (request.attempt === 1) { say({ type: 'result', session: 'a-conversation' }); process.exit(0); }
          write('a.txt', 'x'); done();`,
        sandbox: { memoryMib: 256, cpus: 0.5, processes: 64 },
      },
      { name: 'looker', script: 'done();' },
    ],
  });
  engine.hooks.runAttempt = (asked, real) => {
    request = asked;
    return real(asked);
  };
});
afterAll(() => engine.stop());

const attemptsOf = (runId: string) =>
  engine.record.inTx((tx) =>
    tx
      .selectFrom('attempts')
      .select(['attempt', 'base', 'executions', 'confinements'])
      .where('run_id', '=', runId)
      .orderBy('attempt')
      .execute(),
  );
const one = (agent: string, action: string): string => `
name: one
steps:
  - { name: Work, agent: ${agent}, action: ${action}, retry: 2 }
`;

it('keeps with an attempt what it began on, and with which conversation', async () => {
  const { id, result } = await engine.run(one('devon', 'code.implement'));
  expect(result).toMatchObject({ status: 'succeeded' });
  const [first, second] = await attemptsOf(id);
  expect(first!.executions).toEqual([
    { at: expect.stringMatching(/^\d{4}-.*Z$/) as string, commit: first!.base, from: 'branch', session: null },
  ]);
  expect(second!.executions).toMatchObject([
    { from: 'branch', session: { name: 'a-conversation', step: 'work', item: null, attempt: 1 } },
  ]);
});

it('keeps with an attempt what its programs were held to: as the agent’s entry and its step have it', async () => {
  const held = {
    program: 'node',
    isolation: 'bubblewrap',
    workspace: 'writable',
    network: 'none',
    tools: false,
    memoryBytes: 256 * 1024 * 1024,
    cpus: 0.5,
    processes: 64,
  };
  const made = await attemptsOf((await engine.run(one('devon', 'code.implement'))).id);
  expect(made.map(({ confinements }) => confinements)).toMatchObject([[held], [held]]);
  const [looked] = await attemptsOf((await engine.run(one('looker', 'review.code'))).id);
  expect(looked!.confinements).toMatchObject([{ workspace: 'read-only', memoryBytes: WORKING_LIMITS.memoryBytes }]);
});

describe('what programs are held to', () => {
  const policy: SandboxedPolicy = {
    kind: 'sandbox',
    workspace: { path: '/nowhere', writable: true },
    home: '/nowhere',
    network: { allow: ['a.example:443'], doors: { '/mcp': { url: 'http://a.example', headers: {} } } },
    limits: WORKING_LIMITS,
  };
  const nothing: Execute = () => Promise.resolve({} as Awaited<ReturnType<Execute>>);
  const run = async (programs: readonly string[], held: Parameters<Execute>[1] = policy): Promise<void> => {
    const confinements = new Confinements(engine.deps, request);
    const execute = confinements.watching(nothing);
    for (const program of programs) await execute({ argv: [program], timeoutMs: 1_000 }, held);
    await confinements.settled();
  };
  const kept = async () => (await attemptsOf(request.ref.run.runId)).at(-1)!.confinements;

  it('is kept once each, also when the attempt is begun again', async () => {
    await engine.run(one('looker', 'review.code'));
    await run(['/usr/bin/claude', 'claude', 'tar']);
    await run(['tar', 'claude']);
    expect((await kept()).slice(1)).toMatchObject([
      { program: 'claude', network: ['a.example:443'], tools: true, timeoutMs: 1_000 },
      { program: 'tar' },
    ]);
  });

  it('is kept of what runs in a sandbox, and of fifty at the most', async () => {
    await engine.run(one('looker', 'review.code'));
    await run(['git'], { kind: 'host', reason: 'a test' });
    expect(await kept()).toHaveLength(1);
    const names = (from: number) => Array.from({ length: 40 }, (_, n) => `program-${from + n}`);
    await run(names(0));
    await run(names(40));
    expect(await kept()).toHaveLength(50);
  });
});
