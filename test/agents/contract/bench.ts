import type { AgentEvent } from '../../../src/agents/agent-event.js';
import { findHarness, type AdapterName } from '../../../src/agents/find-harness.js';
import type { AgentOutcome } from '../../../src/agents/harness.js';
import { cacheTokensOf, NOTHING_SPENT, type Spent } from '../../../src/domain/usage.js';
import { createExecutor } from '../../../src/sandbox/execute.js';
import { WORKING_LIMITS } from '../../../src/sandbox/limits/limits.js';
import { makeRoom } from '../../sandbox/sandbox-fixture.js';
import { listeningContext, requestOf } from '../agent-fixture.js';
import type { Asked, Contract } from './contract.js';

/** Some programs take seconds to start, each of two cores may have several of them, and a case may need two. */
export const LONG_MS = 180_000;

export interface Told {
  readonly events: readonly AgentEvent[];
  readonly log: readonly string[];
  /** What the sandbox refused it. */
  readonly refusals: readonly string[];
}

export interface Ended extends Told {
  readonly outcome: AgentOutcome;
}

/** Where an adapter is tried: the real sandbox, with a workspace, a home, and its conversations kept. */
export class Bench {
  readonly adapter: AdapterName;
  readonly contract: Contract;
  readonly room = makeRoom();
  /** How often Baton's tools were asked for. */
  opened = 0;
  readonly #sessions = new Map<string, Buffer>();
  readonly #spent = new Map<string, Spent>();
  #answered: Promise<Ended> | null = null;

  constructor(adapter: AdapterName, contract: Contract) {
    this.adapter = adapter;
    this.contract = contract;
  }

  /** How it answered the one request that any clause may look at: a program takes seconds for it. */
  answered(): Promise<Ended> {
    return (this.#answered ??= this.ask(doubling(this.contract.doubles())));
  }

  ask(asked: Asked): Promise<Ended> {
    return this.begin(asked).ended;
  }

  /** What it has told so far, and its end. */
  begin({ entry, request = {}, context: more = {} }: Asked): { readonly told: Told; readonly ended: Promise<Ended> } {
    const refusals: string[] = [];
    const execute = createExecutor({ isolation: 'bubblewrap' });
    const writable = request.mode !== 'analysis';
    const { context, events, log } = listeningContext({
      execute: (command, policy) => execute({ onRefusal: ({ what }) => refusals.push(what), ...command }, policy),
      policy: {
        ...this.room.policy,
        workspace: { ...this.room.policy.workspace, writable },
        limits: WORKING_LIMITS,
      },
      ...(this.contract.isReal && { timeoutMs: LONG_MS }),
      secrets: { PATH: process.env['PATH'], ...this.contract.secrets },
      facts: () => Promise.resolve({}),
      openTools: () => {
        this.opened += 1;
        return Promise.resolve(null);
      },
      serve: (_service, params) => Promise.resolve({ doubled: 2 * Number(params['number']) }),
      session: {
        spent: this.#spent.get(request.session ?? '') ?? NOTHING_SPENT,
        open: () => Promise.resolve(this.#sessions.get(request.session ?? '') ?? null),
        keep: ({ name, archive }) => {
          this.#sessions.set(name, archive);
          return Promise.resolve();
        },
      },
      ...more,
    });
    const told = { events, log, refusals };
    const asked = requestOf({ instructions: 'You are a developer.', ...request });
    const ended = findHarness(this.adapter)
      .run(frozen(entry), frozen(asked), context)
      .then((outcome) => {
        this.#keepSpent(outcome);
        return { ...told, outcome };
      });
    return { told, ended };
  }

  /** As the record has it: the tokens of all attempts of a conversation. */
  #keepSpent(outcome: AgentOutcome): void {
    const session = outcome.kind === 'answered' ? outcome.answer.session : outcome.session;
    if (!session || !outcome.usage) return;
    const before = this.#spent.get(session) ?? NOTHING_SPENT;
    const { inputTokens, outputTokens, models = [] } = outcome.usage;
    const { cacheReadTokens, cacheWriteTokens } = cacheTokensOf(models);
    this.#spent.set(session, {
      // What a program reports of the cost of a whole conversation is not added up here.
      costUsd: 0,
      inputTokens: before.inputTokens + (inputTokens ?? 0),
      outputTokens: before.outputTokens + (outputTokens ?? 0),
      cacheReadTokens: before.cacheReadTokens + (cacheReadTokens ?? 0),
      cacheWriteTokens: before.cacheWriteTokens + (cacheWriteTokens ?? 0),
    });
  }
}

/** Doubles 21, and only looks. */
export const doubling = (asked: Asked): Asked => ({
  ...asked,
  request: { action: 'double', mode: 'analysis', params: { number: 21 }, issue: null, ...asked.request },
});

/** Throws where anybody changes it. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const item of Object.values(value)) frozen(item);
    return Object.freeze(value);
  }
  return value;
}
