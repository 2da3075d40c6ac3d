import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { agentPrograms } from '../../../../scripts/setup/agent-programs.mjs';
import type { CodingProgram } from '../../../../src/agents/coding/coding-program.js';
import type { JsonObject } from '../../../../src/domain/json.js';
import type { ModelTokens } from '../../../../src/domain/usage.js';
import type { AgentAnswer, AgentUsage } from '../../../../src/schema/agent-output.js';
import { ModelServer, type Turn } from '../../model/model-server.js';
import type { Bench } from '../bench.js';
import { sayingQuestion, type Asked, type Case, type Contract } from '../contract.js';
import { conversationClauses, goesOnElsewhere } from './conversation.js';
import { endingClauses } from './ending.js';
import { asksFirst, callsTools } from './people-and-tools.js';
import { trapClauses } from './traps.js';
import { workClauses } from './work.js';

const MARK = `baton-cancel-${randomUUID()}`;
const KEY = 'sk-test-of-the-contract-0123456789';
type Finding = AgentAnswer['findings'][number];
const FINDING: Finding = {
  ...{ rule: 'naming', severity: 'low', message: 'A name says nothing.' },
  ...{ file: 'a.ts', line: 3, fix: null },
};
const BLOCK = JSON.stringify({ summary: 'One thing.', output: { doubled: 42 }, findings: [FINDING] });

/** A real program, told by what programs differ in. */
export interface RealProgram {
  readonly program: CodingProgram;
  /** Where its API is below the model server. */
  readonly path: string;
  readonly key: string;
  /** Where it knows no price of the model that is played: what its reader makes of what it tells otherwise. */
  readonly costTold?: () => AgentUsage | null;
  /** What it tells of its model's two turns, each of 100 tokens, 40 of them read from a cache, and 20 out; left out: its cost. */
  readonly modelTold?: ModelTokens;
  /** Where it may ask beside its model, and is refused. */
  readonly asksBeside?: readonly string[];
  /** At which it ends by itself, with nothing done, and calls that a success. */
  readonly givesUpAt?: readonly Turn[];
  /** Files of a repository that would have the program run `TRAP`, were they heeded. */
  readonly traps?: Readonly<Record<string, string>>;
}

/** A real program with the model that it is played by. */
export interface Played extends RealProgram {
  readonly model: ModelServer;
  readonly playing: (turns: readonly Turn[], more?: Partial<Asked>) => Case;
}

/** The contract of a program that people write code with: the real one, in the sandbox, with a model on loopback. */
export function contractOfProgram(real: RealProgram): Contract {
  const { program, path, key, costTold, modelTold } = real;
  const { resume, usage, cost } = program.abilities;
  const model = new ModelServer();
  const entry = (): JsonObject => ({
    ...{ program: join(agentPrograms, 'node_modules', '.bin', program.command), model: 'test-model' },
    ...{ baseUrl: `${model.address}${path}`, keys: [key] },
  });
  const playing = (turns: readonly Turn[], more: Partial<Asked> = {}, expected = KEY): Case => {
    return () => {
      model.key = expected;
      model.play(...turns);
      return { ...more, entry: { ...entry(), ...more.entry } };
    };
  };
  const played: Played = { ...real, model, playing };
  const looked: readonly Turn[] = [
    { command: 'echo no > looked.txt' },
    { say: `I looked.\n\`\`\`json\n${BLOCK}\n\`\`\`` },
  ];
  const number = (told: boolean): unknown => (told ? expect.any(Number) : null);
  return {
    secrets: { [key]: KEY },
    open: () => model.listen(),
    close: () => {
      model.close();
      expect(model.faults).toEqual([]);
    },
    invalid: [
      [{ model: 3 }, '/model'],
      [{ keys: ['PATH'] }, '/keys/0'],
      [{ hosts: ['example.com'] }, '/hosts/0'],
      [{ shell: true }, '/'],
    ],
    doubles: playing(looked),
    answer: { summary: 'One thing.', findings: [FINDING] },
    usage: {
      ...{ inputTokens: number(usage), outputTokens: number(usage) },
      costUsd: number(cost && costTold === undefined),
      ...(modelTold !== undefined && { models: [modelTold] }),
    } as AgentUsage,
    keepsSession: resume,
    isReal: true,
    endless: {
      case: playing([{ command: `env MARK=${MARK} sh -c 'echo $$ > "$HOME/begun"; exec sleep 600'` }]),
      // Not every program tells what it does before it is done.
      hasBegun: (_told, { room }) => existsSync(join(room.home, 'begun')),
      mark: MARK,
    },
    fails: [
      [
        'is told that its key is wrong',
        playing([{ say: 'never' }], {}, 'another key'),
        { code: 'agent-failed', retryable: false },
      ],
      [
        'has a broken model',
        playing([{ status: 500, message: 'something broke' }]),
        { code: 'agent-failed', retryable: true },
      ],
      [
        'has a model that talks nonsense',
        playing([{ nonsense: 'event: hello\ndata: {"type":"hello"}\n\n<html>' }]),
        { code: expect.any(String) as string, retryable: true },
      ],
      [
        'answers in another shape',
        playing([{ say: '```json\n{"verdict": "good"}\n```' }]),
        { code: 'agent-output-invalid', retryable: true, says: 'not of the shape' },
      ],
      [
        'has a model that says nothing, and a time of its own',
        playing([{ stall: true }], { entry: { sandbox: { timeoutMs: 3_000 } } }),
        { code: 'agent-timed-out' },
      ],
      [
        'has no key',
        playing([], { context: { secrets: {} } }),
        { code: 'key-missing', retryable: false, says: `set ${key} in the environment of the worker` },
      ],
      ...givingUp(real.givesUpAt, playing),
      [
        'is not there',
        playing([], { entry: { program: '/nowhere/at-all' } }),
        { code: 'program-missing', retryable: false, says: program.install },
      ],
    ],
    asks: playing([{ say: sayingQuestion() }]),
    limited: {
      case: playing([
        { status: 429, headers: { 'retry-after': '1' }, message: 'Too many requests, rate limit reached' },
      ]),
      provider: () => program.provider,
    },
    tellsUnknown: playing([], { entry: { program: join(import.meta.dirname, 'of-tomorrow') } }),
    runs: (script) => playing([{ command: script }, { say: 'Done.' }])(),
    program: {
      claims: program,
      proofs: {
        resume: (bench) => goesOnElsewhere(bench, played),
        usage: tellsUsage,
        cost: (bench) => tellsCost(bench, costTold),
        approvals: (bench) => asksFirst(bench, played),
        mcp: (bench) => callsTools(bench, played),
      },
    },
    alone: (bench) => {
      trapClauses(bench, played);
      workClauses(bench, played);
      conversationClauses(bench, played);
      endingClauses(bench, played);
    },
  };
}

const givingUp = (turns: RealProgram['givesUpAt'], playing: Played['playing']): Contract['fails'] =>
  turns === undefined
    ? []
    : [['gives up, and calls that a success', playing(turns), { code: 'agent-failed', retryable: true }]];

async function tellsUsage(bench: Bench): Promise<void> {
  // Two turns of the model.
  expect((await bench.answered()).outcome.usage).toMatchObject({ inputTokens: 200, outputTokens: 40 });
}

async function tellsCost(bench: Bench, costTold: RealProgram['costTold']): Promise<void> {
  const usage = costTold ? costTold() : (await bench.answered()).outcome.usage;
  expect(usage?.costUsd).toBeGreaterThan(0);
}
