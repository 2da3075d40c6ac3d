import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { sql } from 'kysely';
import { agentPrograms } from '../../scripts/setup/agent-programs.mjs';
import { openBreakers } from '../../src/db/breakers.js';
import type { JsonObject } from '../../src/domain/json.js';
import { ModelServer, type Turn } from '../agents/model/model-server.js';
import { startEngine, type Engine } from '../support/engine.js';
import { eventually } from '../support/eventually.js';

const KEYS = {
  OPENAI_API_KEY: 'sk-test-of-breakers-0123456789',
  ANTHROPIC_API_KEY: 'sk-ant-test-of-breakers-0123456789',
};
const FINGERPRINT = createHash('sha256').update(KEYS.OPENAI_API_KEY).digest('hex').slice(0, 12);
const LONG_MS = 180_000;

const write = (path: string): Turn => ({ command: `echo there > ${path}` });
const FINE: Turn = { say: `\`\`\`json\n${JSON.stringify({ summary: 'Fine.', findings: [] })}\n\`\`\`` };
const FLAKY = `if (request.attempt <= 5) process.exit(3);
write('done.txt', 'done');
done();`;

const model = new ModelServer();
let engine: Engine;
beforeAll(async () => {
  await model.listen();
  const program = (adapter: 'claude' | 'codex', more: JsonObject) => ({
    adapter,
    entry: { program: join(agentPrograms, 'node_modules', '.bin', adapter), model: 'test-model', ...more },
  });
  const codex = program('codex', { baseUrl: `${model.address}/v1`, keys: ['OPENAI_API_KEY'] });
  engine = await startEngine({
    environment: KEYS,
    agents: [
      { name: 'devon', roles: ['developer', 'reviewer'], program: codex },
      { name: 'dora', roles: ['tester'], program: codex },
      {
        name: 'tara',
        roles: ['reviewer'],
        program: program('claude', { baseUrl: model.address, keys: ['ANTHROPIC_API_KEY'] }),
      },
      { name: 'flaky', roles: ['developer'], script: FLAKY },
    ],
  });
});
afterAll(async () => {
  await engine.stop();
  model.close();
  expect(model.faults).toEqual([]);
});

/** Attempts that are held up end when the test says that the time has come, in the place of hours. */
function holdUp(): { readonly isOver: () => Promise<void> } {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  engine.hooks.runAttempt = async (request, real) => {
    const result = await real(request);
    if (result.kind !== 'limited') return result;
    await held;
    return { ...result, resumeAtMs: Date.now() };
  };
  return {
    isOver: async () => {
      await engine.record.inTx((tx) => sql`update breakers set reset_at = now() where state <> 'closed'`.execute(tx));
      release();
    },
  };
}
afterEach(() => engine.unhook());

const start = (name: string, step: string) =>
  engine.startRun(`workflow: ${name}
steps:
  - { name: Branch, action: git.createBranch, params: { branch: '${name}/{{ run.number }}' } }
  - { name: Work, ${step} }
`);
const attempts = (runId: string) =>
  engine.record.inTx((tx) =>
    tx
      .selectFrom('attempts as t')
      .innerJoin('agents as a', 'a.id', 't.agent_id')
      .select(['a.name', 't.status', 't.error'])
      .where('t.run_id', '=', runId)
      .orderBy('t.attempt')
      .execute(),
  );
const isLimited = (runId: string) =>
  eventually(async () => (await attempts(runId)).some(({ status }) => status === 'limited'), LONG_MS);
const told = (about: string) =>
  engine.record.inTx(async (tx) => [
    ...(await tx
      .selectFrom('events')
      .select('type as what')
      .where('key', 'like', `breaker/${about}/%`)
      .orderBy('id')
      .execute()),
    ...(await tx
      .selectFrom('audit')
      .select('action as what')
      .where('action', 'like', 'breaker.%')
      .orderBy('id')
      .execute()),
  ]);

it(
  'a key at its limit is asked once: all else on it waits, other providers’ agents go on, and in time all end well',
  async () => {
    const { isOver } = holdUp();
    model.conversations = [
      ['(code.implement)', [{ status: 429, message: 'Rate limit reached. Please try again in 2 hours' }]],
      ['(code.writeTests)', [write('second.txt'), { say: 'Tested.' }]],
      ['(review.code)', [FINE]],
    ];
    const first = await start('first', 'agent: devon, action: code.implement');
    await isLimited(first.id);
    expect(await engine.record.inTx(openBreakers)).toMatchObject([
      { kind: 'provider', name: 'openai', fingerprint: FINGERPRINT, state: 'open' },
    ]);

    const second = await start('second', 'agent: dora, action: code.writeTests');
    await isLimited(second.id);
    // Devon comes first by name, and could have it.
    const third = await start('third', 'agent: role:reviewer, action: review.code');
    expect(await engine.finished(third)).toMatchObject({ status: 'succeeded' });
    expect(await attempts(third.id)).toMatchObject([{ name: 'tara', status: 'succeeded' }]);
    expect(model.bodies.some((body) => body.includes('(code.writeTests)'))).toBe(false);

    model.conversations = [
      ['(code.implement)', [write('first.txt'), { say: 'Done.' }]],
      ...model.conversations.slice(1),
    ];
    await isOver();
    expect(await engine.finished(first)).toMatchObject({ status: 'succeeded' });
    expect(await engine.finished(second)).toMatchObject({ status: 'succeeded' });
    expect((await attempts(second.id))[0]).toMatchObject({ status: 'limited', error: { code: 'provider-limited' } });
    expect((await told('provider/openai')).map(({ what }) => what)).toEqual([
      'breaker.opened',
      'system.rate.limited',
      'breaker.closed',
      'breaker.open',
      'breaker.close',
    ]);
    expect(await engine.record.inTx(openBreakers)).toEqual([]);
  },
  LONG_MS,
);

it(
  'an agent that fails again and again gets no more work for a while, and goes on where it left off',
  async () => {
    const { isOver } = holdUp();
    const run = await start('flaky', 'agent: flaky, action: code.implement, retry: { attempts: 6, delay: 10ms }');
    await isLimited(run.id);
    const made = await attempts(run.id);
    expect(made.map(({ status }) => status)).toEqual([...Array.from({ length: 5 }, () => 'failed'), 'limited']);
    expect(made[5]!.error).toMatchObject({
      code: 'agent-held-back',
      message: expect.stringContaining('exit code 3') as string,
    });
    expect(await engine.record.inTx(openBreakers)).toMatchObject([{ kind: 'agent', name: 'flaky', failures: 5 }]);
    await isOver();
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded' });
    expect(await engine.record.inTx(openBreakers)).toEqual([]);
  },
  LONG_MS,
);
