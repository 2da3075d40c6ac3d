import { NOTHING_SPENT } from '../../src/domain/usage.js';
import type { AgentEvent } from '../../src/agents/agent-event.js';
import type { AgentContext, AgentRequest } from '../../src/agents/harness.js';
import { createExecutor } from '../../src/sandbox/execute.js';

/** What an agent is asked in a first attempt, but for what a test says of it. */
export const requestOf = (request: Partial<AgentRequest> = {}): AgentRequest => ({
  action: 'code.implement',
  mode: 'change',
  params: {},
  instructions: null,
  issue: { number: 1, title: 'Say hello', body: 'In hello.txt.' },
  repository: 'demo',
  attempt: 1,
  base: 'a'.repeat(40),
  failure: null,
  session: null,
  told: false,
  answers: [],
  checklist: { items: [], next: null },
  ...request,
});

const refuse = () => Promise.reject(new Error('not for it'));

/** What an agent works in, with what it tells; what a test does not allow it is refused. */
export function listeningContext(context: Pick<AgentContext, 'policy' | 'secrets'> & Partial<AgentContext>) {
  const events: AgentEvent[] = [];
  const log: string[] = [];
  const whole: AgentContext = {
    execute: createExecutor({ isolation: 'bubblewrap' }),
    isolation: 'bubblewrap',
    timeoutMs: 60_000,
    signal: new AbortController().signal,
    startedBefore: false,
    idempotencyKey: 'run/step/1',
    facts: refuse,
    serve: refuse,
    checklist: { add: () => null, mark: () => null },
    log: (line) => log.push(line),
    event: (event) => events.push(event),
    raw: () => undefined,
    progress: { turned: () => undefined, conversing: () => undefined },
    session: { spent: NOTHING_SPENT, open: () => Promise.resolve(null), keep: refuse },
    ...context,
  };
  return { context: whole, events, log };
}
