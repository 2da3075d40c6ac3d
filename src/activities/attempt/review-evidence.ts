import type { AgentEvent } from '../../agents/agent-event.js';
import type { AgentOutcome, AgentRequest } from '../../agents/harness.js';
import { judgesChange } from '../../domain/catalogue.js';
import { lookedAt, type Look } from '../../domain/context/change.js';

/** Of what an agent did, as much as tells whether it looked at the change. */
const MAX_LOOKS = 5_000;

const INCONCLUSIVE = 'review-inconclusive';

/** Watches whether a review looks at the change that it speaks about: what it never saw is not reviewed. */
export class ReviewEvidence {
  readonly #request: AgentRequest;
  readonly #looks: Look[] = [];
  #toldDiffs: readonly string[] = [];

  constructor(request: AgentRequest) {
    this.#request = request;
  }

  told(diffs: readonly string[]): void {
    this.#toldDiffs = diffs;
  }

  see(event: AgentEvent): void {
    const text = textOf(event);
    if (text !== null && this.#looks.length < MAX_LOOKS) this.#looks.push({ type: event.type, text });
  }

  /** The outcome as it counts: a review without a look at the change is inconclusive, and goes back to its agent. */
  judge(outcome: AgentOutcome): AgentOutcome {
    const { change, action, mode, told, failure } = this.#request;
    const isReview = change !== undefined && mode === 'analysis' && judgesChange(action);
    // A conversation that goes on at the same step has seen the change before, unless it came back for that.
    const hasSeen = told && failure?.code !== INCONCLUSIVE;
    if (outcome.kind !== 'answered' || !isReview || hasSeen) return outcome;
    if (lookedAt(change, this.#toldDiffs, this.#looks)) return outcome;
    const names = change.files.map(({ path }) => path).filter((_, index) => index < 3);
    return {
      kind: 'failed',
      code: INCONCLUSIVE,
      message: `The review is inconclusive: its program never looked at the change (${names.join(', ')}). Read the changed files or their diff before you answer.`,
      retryable: true,
      usage: outcome.usage,
      session: outcome.answer.session,
    };
  }
}

/** What an event looked at; null: at nothing, also where it failed. */
function textOf(event: AgentEvent): string | null {
  switch (event.type) {
    case 'read':
      return event.what;
    case 'command':
      return event.result?.ok === false ? null : event.command;
    case 'tool':
      return event.result?.ok === false ? null : event.input;
    default:
      return null;
  }
}
