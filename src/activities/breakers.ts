import type { AgentEvent } from '../agents/agent-event.js';
import { accountOf } from '../agents/find-harness.js';
import type { AgentOutcome } from '../agents/harness.js';
import { askBreaker, heldBack, tellBreaker, type BreakerOf } from '../db/breakers.js';
import type { Tx } from '../db/connection.js';
import type { BreakerFact } from '../domain/breaker.js';
import type { AttemptRequest } from '../domain/work.js';
import type { AgentRow } from './attempt/attempt-agent.js';
import type { ActivityDeps } from './deps.js';
import { persist } from './persist.js';

/** Why an attempt may not begin, and until when: the one that holds it longest. */
export interface Held {
  readonly by: BreakerOf;
  readonly untilMs: number;
  readonly reason: string;
}

const MAX_REASON = 300;

/** The breakers that an attempt stands behind: of its provider's key, where it uses one, and of its agent. */
export class Breakers {
  readonly #deps: ActivityDeps;
  readonly #organisationId: string;
  readonly #agent: BreakerOf;
  readonly #provider: BreakerOf | null;
  #told: Promise<void> | null = null;

  constructor(deps: ActivityDeps, { ref: { run }, agent: { id, name } }: AttemptRequest, row: AgentRow) {
    const { organisationId, projectId } = run;
    this.#deps = deps;
    this.#organisationId = organisationId;
    this.#agent = { kind: 'agent', organisationId, projectId, id, name };
    const account = accountOf(row.adapter, row.entry, deps.environment);
    this.#provider = account && { kind: 'provider', organisationId, ...account };
  }

  /** Asks whether the attempt may begin; null: it may. Who may not has taken nobody's turn at either of them. */
  async ask(): Promise<Held | null> {
    try {
      await persist(this.#deps, this.#organisationId, async (tx) => {
        for (const by of [this.#provider, this.#agent]) {
          const passage = by && (await askBreaker(tx, by, new Date()));
          if (passage?.kind === 'wait')
            throw new HeldBack({ by: by!, untilMs: passage.untilMs, reason: passage.reason });
        }
      });
      return null;
    } catch (error) {
      if (error instanceof HeldBack) return error.held;
      throw error;
    }
  }

  /**
   * What the agent does shows that its provider takes work again, long before the attempt ends. What it says does not: so
   * programs tell of errors, too.
   */
  readonly event = ({ type }: AgentEvent): void => {
    if (this.#told || !['think', 'command', 'tool', 'edit', 'read'].includes(type)) return;
    this.#told = this.#succeeded(this.#provider).catch((error: unknown) =>
      this.#deps.log.warn({ err: error }, 'that the provider takes work could not be written'),
    );
  };

  /** Takes in how the attempt ended. What no other attempt would mend fails each step at once, for people to see. */
  async ended(outcome: AgentOutcome): Promise<void> {
    await this.#told;
    if (outcome.kind === 'failed' && outcome.retryable) {
      await this.#tell(this.#agent, { kind: 'failed', reason: reasonOf(outcome.message) });
    }
    if (outcome.kind === 'answered' || outcome.kind === 'asked') {
      await this.#succeeded(this.#provider);
      await this.#succeeded(this.#agent);
    }
  }

  /** Takes in that the provider takes no more; gives when to try again. */
  async limited({ provider, message, resetAtMs }: Extract<AgentOutcome, { kind: 'limited' }>): Promise<number> {
    const unknown = {
      kind: 'provider',
      organisationId: this.#organisationId,
      name: provider,
      fingerprint: '',
    } as const;
    const fact = { kind: 'limited', resetAtMs, reason: reasonOf(message) } as const;
    return (await this.#tell(this.#provider ?? unknown, fact)).resetAtMs!;
  }

  async #succeeded(of: BreakerOf | null): Promise<void> {
    if (of) await this.#tell(of, { kind: 'succeeded' });
  }

  #tell(of: BreakerOf, fact: BreakerFact) {
    return persist(this.#deps, this.#organisationId, (tx) => tellBreaker(tx, of, fact, new Date()));
  }
}

/** Takes back what was written on asking. */
class HeldBack extends Error {
  readonly held: Held;

  constructor(held: Held) {
    super(held.reason);
    this.held = held;
  }
}

/** Agents of a project that get no new work now: their own breaker holds it back, or that of their provider's key. */
export async function heldAgents(
  { environment }: Pick<ActivityDeps, 'environment'>,
  tx: Tx,
  projectId: string,
): Promise<ReadonlySet<string>> {
  const held = new Set(await heldBack(tx, new Date()));
  if (held.size === 0) return held;
  const agents = await tx
    .selectFrom('agents')
    .select(['id', 'adapter', 'entry'])
    .where('project_id', '=', projectId)
    .execute();
  const isHeld = ({ id, adapter, entry }: (typeof agents)[number]): boolean => {
    const account = accountOf(adapter, entry, environment);
    return (
      held.has(`agent/${id}/`) || (account !== null && held.has(`provider/${account.name}/${account.fingerprint}`))
    );
  };
  return new Set(agents.filter(isHeld).map(({ id }) => id));
}

const reasonOf = (message: string): string => message.split('\n', 1)[0]!.slice(0, MAX_REASON);
