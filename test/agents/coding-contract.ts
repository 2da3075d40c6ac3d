import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { AgentEvent } from '../../src/agents/agent-event.js';
import type { CodingProgram } from '../../src/agents/coding/coding-program.js';
import { codingHarness } from '../../src/agents/coding/run-coding-program.js';
import type { AgentContext, AgentOutcome, AgentRequest } from '../../src/agents/harness.js';
import type { JsonObject } from '../../src/domain/json.js';
import { createExecutor } from '../../src/sandbox/execute.js';
import { WORKING_LIMITS } from '../../src/sandbox/limits/limits.js';
import { agentPrograms } from '../../scripts/setup/agent-programs.mjs';
import { makeRoom } from '../sandbox/sandbox-fixture.js';
import { eventually } from '../support/eventually.js';
import { processesWith } from '../support/processes-with.js';
import { listeningContext, requestOf } from './agent-fixture.js';
import { ModelServer } from './model/model-server.js';

const PROGRAMS = join(agentPrograms, 'node_modules', '.bin');

/** What a real program is held to, told by what programs differ in. */
export interface Expectation {
  readonly program: CodingProgram;
  /** Where its API is below the model server. */
  readonly path: string;
  readonly key: string;
  /** Whether it knows no price of the model that is played here. */
  readonly pricesUnknown?: true;
  /** Files of a repository that would have the program run `TRAP`, were they heeded. */
  readonly traps?: Readonly<Record<string, string>>;
}

/** What no program may run of a repository that is not trusted. */
export const TRAP = ['touch', '/workspace/trapped'] as const;

/** Some take seconds to start, each of two cores may have several of them, and a case may need two. */
const LONG_MS = 180_000;
/** Beyond that waiting is Baton's. */
const MOST_TRIES = 3;
const KEY = 'sk-test-of-the-contract-0123456789';

interface Told {
  readonly outcome: AgentOutcome;
  readonly events: readonly AgentEvent[];
  readonly log: readonly string[];
  readonly refusals: readonly string[];
}

/** The contract of the programs that people write code with: the real one, in the sandbox, with a model on loopback. */
export function holdToContract({ program, path, key, pricesUnknown, traps = {} }: Expectation): void {
  const model = new ModelServer();
  beforeAll(() => model.listen());
  afterAll(() => model.close());
  const made = makeRoom();
  const room = { ...made, policy: { ...made.policy, limits: WORKING_LIMITS } };
  const kept = new Map<string, Buffer>();
  for (const [file, content] of Object.entries(traps)) {
    mkdirSync(dirname(join(room.workspace, file)), { recursive: true });
    writeFileSync(join(room.workspace, file), content);
  }
  afterAll(() => {
    expect(existsSync(join(room.workspace, 'trapped'))).toBe(false);
    room.remove();
    expect(model.faults).toEqual([]);
  });
  beforeEach(() => {
    model.key = KEY;
  });

  async function ask(
    request: Partial<AgentRequest> = {},
    { entry = {}, context: more = {} }: { entry?: JsonObject; context?: Partial<AgentContext> } = {},
  ): Promise<Told> {
    const refusals: string[] = [];
    const execute = createExecutor({ isolation: 'bubblewrap' });
    const { context, events, log } = listeningContext({
      execute: (command, policy) => execute({ onRefusal: ({ what }) => refusals.push(what), ...command }, policy),
      policy: room.policy,
      timeoutMs: LONG_MS,
      secrets: { [key]: KEY, PATH: process.env['PATH'] },
      session: {
        costUsd: 0,
        open: () => Promise.resolve(kept.get(request.session ?? '') ?? null),
        keep: ({ name: conversation, archive }) => {
          kept.set(conversation, archive);
          return Promise.resolve();
        },
      },
      ...more,
    });
    const outcome = await codingHarness(program).run(
      {
        program: join(PROGRAMS, program.command),
        baseUrl: `${model.address}${path}`,
        model: 'test-model',
        keys: [key],
        ...entry,
      },
      requestOf({ instructions: 'You are a developer.', ...request }),
      context,
    );
    return { outcome, events, log, refusals };
  }

  const name: unknown = program.abilities.resume ? expect.any(String) : null;
  let first: Told | null = null;

  const happened = (events: readonly AgentEvent[], type: AgentEvent['type']) =>
    events.filter((event) => event.type === type);

  it(
    'is told its task, edits a file, reaches nothing but its model, tells what it did and what it used',
    async () => {
      const reach = 'curl -s --max-time 3 https://example.com || echo unreachable > net.txt';
      model.play({ command: 'echo hello > hello.txt' }, { command: reach }, { say: 'I said hello.' });
      const failure = { code: 'gate-failed', message: 'The tests failed.', gates: [], findings: [] };
      first = await ask({
        failure,
        answers: [{ question: 'Which?', option: 'A', text: null, reason: null, by: 'maya' }],
      });
      const { outcome, events, refusals } = first;
      for (const told of ['Say hello', 'You are a developer.', 'The tests failed.', 'Which? — A (maya)'])
        expect(model.bodies[0]).toContain(told);
      expect(readFileSync(join(room.workspace, 'hello.txt'), 'utf8')).toBe('hello\n');
      expect(readFileSync(join(room.workspace, 'net.txt'), 'utf8')).toBe('unreachable\n');
      expect(refusals).toContain('CONNECT example.com:443 is not on the list of allowed hosts');
      expect(outcome).toMatchObject({
        kind: 'answered',
        answer: { summary: 'I said hello.', output: {}, findings: [], session: name },
        usage: {
          inputTokens: 300,
          outputTokens: 60,
          costUsd: program.abilities.cost && !pricesUnknown ? (expect.any(Number) as number) : null,
        },
      });
      const commands = ['echo hello > hello.txt', reach].map((command) => expect.stringContaining(command) as string);
      expect(happened(events, 'command')).toEqual(
        commands.flatMap((command) => [
          { type: 'command', command, result: null },
          { type: 'command', command, result: { ok: true, text: expect.any(String) as string } },
        ]),
      );
      expect(happened(events, 'message')).toEqual([{ type: 'message', text: 'I said hello.' }]);
      expect(happened(events, 'usage').at(-1)).toMatchObject({ inputTokens: 300, outputTokens: 60 });
      expect(model.asked).toEqual([0, 1, 2]);
    },
    LONG_MS,
  );

  it(
    'gives findings in one shape, and changes nothing, where it only looks',
    async () => {
      const finding = {
        rule: 'naming',
        severity: 'low',
        message: 'A name says nothing.',
        file: 'a.ts',
        line: 3,
        fix: null,
      };
      const block = JSON.stringify({ summary: 'One thing.', output: { score: 9 }, findings: [finding] });
      model.play({ command: 'echo no > looked.txt' }, { say: `I looked.\n\`\`\`json\n${block}\n\`\`\`` });
      const readOnly = { ...room.policy, workspace: { ...room.policy.workspace, writable: false } };
      const { outcome } = await ask({ mode: 'analysis' }, { context: { policy: readOnly } });
      expect(outcome).toMatchObject({
        kind: 'answered',
        answer: { summary: 'One thing.', output: { score: 9 }, findings: [finding] },
      });
      expect(existsSync(join(room.workspace, 'looked.txt'))).toBe(false);
    },
    LONG_MS,
  );

  if (program.abilities.resume)
    it(
      'goes on with its conversation in another home',
      async () => {
        if (first?.outcome.kind !== 'answered') throw new Error('it did not begin one');
        rmSync(room.home, { recursive: true });
        mkdirSync(room.home);
        const turn = { say: 'I said hello.' };
        model.play(turn, turn, turn, { command: 'echo two > two.txt' }, { say: 'Two as well.' });
        const failure = { code: 'gate-failed', message: 'Two is missing.', gates: [], findings: [] };
        const { session } = first.outcome.answer;
        expect((await ask({ attempt: 2, session, told: true, failure })).outcome).toMatchObject({
          kind: 'answered',
          answer: { summary: 'Two as well.', session },
        });
        expect(model.asked).toEqual([3, 4]);
        expect(model.bodies[0]).toContain('Two is missing.');
        expect(readFileSync(join(room.workspace, 'two.txt'), 'utf8')).toBe('two\n');
      },
      LONG_MS,
    );

  it(
    'begins anew where the files of its conversation are gone, and is refused where it answers in another shape',
    async () => {
      model.play({ say: '```json\n{"verdict": "good"}\n```' });
      const { outcome } = await ask({ mode: 'analysis', session: 'b7b4ec67-51ab-4a29-a3ea-0d6d4a1e3d5c' });
      expect(outcome).toMatchObject({ kind: 'failed', code: 'agent-output-invalid', retryable: true });
      expect(model.bodies[0]).toContain('You are a developer.');
    },
    LONG_MS,
  );

  it(
    'ends when it is cancelled, with all that it started',
    async () => {
      const mark = `baton-cancel-${randomUUID()}`;
      model.play({ command: `env MARK=${mark} sh -c 'echo $$ > started; exec sleep 600'` });
      const stopped = new AbortController();
      const working = ask({}, { context: { signal: stopped.signal } });
      await eventually(() => existsSync(join(room.workspace, 'started')), LONG_MS / 2);
      stopped.abort();
      expect((await working).outcome).toMatchObject({ kind: 'failed', code: 'cancelled' });
      expect(processesWith(room.root)).toEqual([]);
      expect(processesWith(mark)).toEqual([]);
    },
    LONG_MS,
  );

  it(
    'ends within its time where its model says nothing',
    async () => {
      model.play({ stall: true });
      expect((await ask({}, { entry: { sandbox: { timeoutMs: 3_000 } } })).outcome).toMatchObject({
        kind: 'failed',
        code: 'agent-timed-out',
      });
    },
    LONG_MS,
  );

  it(
    'is ended where it does the same again and again',
    async () => {
      model.play(...Array.from({ length: 9 }, () => ({ command: 'echo again' })), { say: 'Done.' });
      const { outcome, events } = await ask();
      expect(outcome).toMatchObject({
        kind: 'failed',
        code: 'agent-stuck',
        message: expect.stringMatching(
          /got nowhere and was ended: it did the same 4 times, and the same came of it\.(\n- command .*echo again.* → .*again){4}$/,
        ) as string,
        retryable: true,
        session: name,
      });
      expect(happened(events, 'message')).toEqual([]);
    },
    LONG_MS,
  );

  it(
    'is not stuck where another thing comes of the same, and goes on after an error that passes',
    async () => {
      const line = { command: 'echo x >> lines.txt; wc -l lines.txt' };
      model.play(line, line, line, line, line, { status: 500, message: 'something broke', times: 1 });
      expect((await ask()).outcome).toMatchObject({
        kind: 'answered',
        answer: { summary: 'There is nothing more to do.' },
      });
      expect(model.asked).toEqual([0, 1, 2, 3, 4, 5, 5]);
    },
    LONG_MS,
  );

  it(
    'is ended where nothing is heard of it',
    async () => {
      model.play({ stall: true });
      expect((await ask({}, { context: { silenceMs: 3_000 } })).outcome).toMatchObject({
        kind: 'failed',
        code: 'agent-stuck',
        message: expect.stringContaining('nothing was heard of it for') as string,
        retryable: true,
      });
      expect(processesWith(room.root)).toEqual([]);
    },
    LONG_MS,
  );

  it(
    'has failed for good where its key is refused',
    async () => {
      model.key = 'another key';
      model.play({ say: 'never' });
      expect((await ask()).outcome).toMatchObject({ kind: 'failed', code: 'agent-failed', retryable: false });
    },
    LONG_MS,
  );

  it(
    'may try again where its model is broken',
    async () => {
      model.play({ status: 500, message: 'something broke' });
      expect((await ask()).outcome).toMatchObject({ kind: 'failed', code: 'agent-failed', retryable: true });
      expect(model.asked.length).toBeLessThanOrEqual(MOST_TRIES);
    },
    LONG_MS,
  );

  it(
    'is held up, and has not failed, where its provider limits its rate',
    async () => {
      model.play({ status: 429, headers: { 'retry-after': '1' }, message: 'Too many requests, rate limit reached' });
      expect((await ask()).outcome).toMatchObject({ kind: 'limited', provider: program.provider });
      expect(model.asked.length).toBeLessThanOrEqual(MOST_TRIES);
    },
    LONG_MS,
  );

  it(
    'is held up where there is no quota left, and goes on when there is',
    async () => {
      const limit = { status: 429, message: 'You have exceeded your quota: usage limit reached' };
      // What other conversations left there says nothing of this one.
      rmSync(room.home, { recursive: true });
      mkdirSync(room.home);
      model.play({ command: 'echo begun > begun.txt' }, { command: 'true' }, limit);
      const held = await ask();
      expect(held.outcome).toMatchObject({ kind: 'limited', provider: program.provider, session: name });
      expect(model.asked.length).toBeLessThanOrEqual(2 + MOST_TRIES);
      const again = { command: 'echo again' };
      model.play(again, again, { say: 'Begun.' });
      const { outcome } = await ask({ attempt: 2, session: held.outcome.session ?? null, told: true });
      expect(outcome).toMatchObject({ kind: 'answered', answer: { summary: 'Begun.' } });
      // What it did before is not asked again: only of one that cannot go on.
      const all = [0, 1, 2];
      expect(model.asked).toEqual(program.abilities.resume ? all.slice(2) : all);
    },
    LONG_MS,
  );

  it(
    'has failed where its model talks nonsense',
    async () => {
      model.play({ nonsense: 'event: hello\ndata: {"type":"hello"}\n\n<html>' });
      expect((await ask()).outcome).toMatchObject({ kind: 'failed', retryable: true });
    },
    LONG_MS,
  );

  it(
    'says what is missing where there is no key, or no program',
    async () => {
      expect((await ask({}, { context: { secrets: {} } })).outcome).toMatchObject({
        code: 'key-missing',
        message: expect.stringContaining(`set ${key} in the environment of the worker`) as string,
        retryable: false,
      });
      expect((await ask({}, { entry: { program: '/nowhere/at-all' } })).outcome).toMatchObject({
        code: 'program-missing',
        message: expect.stringContaining(program.install) as string,
      });
    },
    LONG_MS,
  );
}
