import { execFile } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { agentPrograms } from '../../scripts/setup/agent-programs.mjs';
import type { RunningPlatform } from '../e2e/running-platform.js';
import { type Ended } from '../e2e/running-platform.js';
import { GO_ON_WITHOUT } from '../../src/domain/blocked.js';
import { checkOut, type PublicRepository } from './catalogue.js';
import { QUESTION } from './engineer.js';

/** Of a program: the variable of its key, and what follows the address of a model in its base URL. */
const PROGRAMS = {
  claude: { key: 'ANTHROPIC_API_KEY', path: '' },
  codex: { key: 'OPENAI_API_KEY', path: '/v1' },
  opencode: { key: 'OPENAI_API_KEY', path: '/v1' },
} as const;

/** What is of these tests, and not of the terminal that a person starts Baton in. */
const OF_THE_TESTS = /^(BATON|TEMPORAL|npm|JEST|NODE_OPTIONS|DATABASE_URL|LD_)/;

/** The environment of this terminal, with its certificates and proxies, the programs, and a key of each provider. */
export const ENVIRONMENT: Readonly<Record<string, string>> = {
  ...(Object.fromEntries(Object.entries(process.env).filter(([name]) => !OF_THE_TESTS.test(name))) as Record<
    string,
    string
  >),
  PATH: [process.env['PATH'], join(agentPrograms, 'node_modules/.bin')].join(delimiter),
  ANTHROPIC_API_KEY: 'sk-ant-loopback-0123456789',
  OPENAI_API_KEY: 'sk-loopback-0123456789',
};

export interface Hour {
  readonly status: string;
  /** What a person did, or waited for, and how many seconds after the start it was over. */
  readonly log: readonly { readonly seconds: number; readonly what: string }[];
  /** In their order: step, how it ended, and the code of what it failed for. */
  readonly attempts: readonly string[];
  /** What the reviews said. */
  readonly reviews: readonly string[];
  /** The commit that landed on the default branch, as a patch. */
  readonly landed: string;
}

interface Shown {
  readonly status: string;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly steps: readonly {
    readonly id: string;
    readonly attempts: readonly {
      readonly status: string;
      readonly summary: string;
      readonly error: { readonly code: string } | null;
    }[];
  }[];
}

const ROOT = join(import.meta.dirname, '../..');
const RUN_MS = 45 * 60_000;

/**
 * What a person does in the first hour with a repository of theirs, by the command line only: adds it, registers a team,
 * opens an issue, answers, approves. Nothing is written by hand.
 */
export class FirstHour {
  readonly #log: { seconds: number; what: string }[] = [];

  constructor(
    readonly platform: RunningPlatform,
    readonly repository: PublicRepository,
    readonly modelAddress: string,
    /** In milliseconds since the epoch. */
    readonly startedAt = Date.now(),
  ) {}

  note(what: string): void {
    this.#log.push({ seconds: Math.round((Date.now() - this.startedAt) / 1000), what });
  }

  /** Goes from the import to the end of the run. */
  async toMerge(): Promise<Hour> {
    const { name, program } = this.repository;
    await this.#baton('repo', 'add', checkOut(this.repository), '--name', name, '--yes');
    await this.#baton('agents', 'add', program, '--team', ...this.#model);
    const wanted = ['--title', 'Double a number', '--body', 'double(21) is 42.'];
    const { stdout } = await this.#baton('issue', 'create', '--repo', name, '--label', 'feature', ...wanted, '--json');
    const run = (JSON.parse(stdout) as { runs: readonly { number: number }[] }).runs[0]!.number;
    await this.#accompany(run);
    const { status, error, steps } = await this.#show(run);
    const attempts = steps.flatMap(({ id, attempts: made }) => made.map((attempt) => ({ step: id, ...attempt })));
    return {
      status: error === null ? status : `${status}: ${error.message}`,
      log: this.#log,
      attempts: attempts.map(({ step, status: ended, error: fault }) =>
        [step, ended, ...(fault === null ? [] : [fault.code])].join(' '),
      ),
      reviews: attempts.filter(({ step }) => step.endsWith('-review')).map(({ summary }) => summary),
      landed: await this.platform.git(name, 'show', '--first-parent', 'HEAD'),
    };
  }

  /** Runs a command of the tutorial as the person does who has the clone at `~/code/NAME`. */
  async follow(command: string, clone: string): Promise<void> {
    const { name } = this.repository;
    // The platform runs, and the repository is there.
    if (command.startsWith('npm start') || command.startsWith('git clone')) return;
    if (command.startsWith('bin/baton watch')) return this.#untilItWaits(Number(command.split(' ')[2]));
    const isTeam = command.startsWith('bin/baton agents add');
    const line = [command, ...(isTeam ? this.#model : [])].join(' ').replaceAll(`~/code/${name}`, clone);
    const options = { cwd: ROOT, env: { ...process.env, BATON_DATA_DIR: this.platform.dataDirectory } };
    await promisify(execFile)('sh', ['-c', line], options);
  }

  /** What `watch` shows is over, or waits for a person. */
  async #untilItWaits(run: number): Promise<void> {
    await this.platform.until(
      `run ${run} to wait or to end`,
      async () => {
        const { status, error } = await this.#show(run);
        if (status === 'failed') throw new Error(`run ${run} failed: ${error?.message ?? ''}`);
        return status === 'waiting' || status === 'succeeded';
      },
      RUN_MS,
    );
  }

  /** Options of `agents add`: where the model is. */
  get #model(): readonly string[] {
    const { key, path } = PROGRAMS[this.repository.program];
    return ['--base-url', `${this.modelAddress}${path}`, '--key', key, '--model', 'test-model'];
  }

  /** Answers and approves until the run has ended. */
  async #accompany(run: number): Promise<void> {
    let status = '';
    const settled = new Set<string>();
    await this.platform.until(
      `the end of run ${run}`,
      async () => {
        ({ status } = await this.#show(run));
        const questions = await this.#items<{ id: string; text: string }>('questions', '--run', String(run));
        for (const { id, text } of questions.filter((question) => !settled.has(question.id))) {
          settled.add(id);
          const option =
            text === QUESTION.text ? 'Public' : text.includes('gate coverage is inconclusive') ? GO_ON_WITHOUT : null;
          if (option === null) throw new Error(`run ${run} asks what nobody expects: ${text}`);
          await this.#baton('answer', id, option, '--reason', 'It is fine for now.');
        }
        const approvals = await this.#items<{ id: string; run: number }>('approvals');
        for (const { id } of approvals.filter((approval) => !settled.has(approval.id))) {
          settled.add(id);
          await this.#baton('approve', id);
        }
        return ['succeeded', 'failed', 'cancelled'].includes(status);
      },
      RUN_MS,
    );
    this.note(`run ${run} ${status}`);
  }

  async #show(run: number): Promise<Shown> {
    return JSON.parse((await this.platform.baton('show', String(run), '--json')).stdout) as Shown;
  }

  async #items<T>(...args: string[]): Promise<readonly T[]> {
    return (JSON.parse((await this.platform.baton(...args, '--json')).stdout) as { items: readonly T[] }).items;
  }

  async #baton(...args: string[]): Promise<Ended> {
    const ended = await this.platform.baton(...args);
    this.note(`baton ${args.join(' ')}`);
    if (ended.code === 0) return ended;
    throw new Error(`baton ${args.join(' ')} ended with ${String(ended.code)}:\n${ended.stderr}\n${ended.stdout}`);
  }
}
