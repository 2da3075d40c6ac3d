import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { createContext, use, useEffect, useState, type ReactNode } from 'react';
import type { Event, RunDetail } from './schemas';

export type LiveState = 'connecting' | 'live' | 'reconnecting';

const LiveContext = createContext<LiveState>('connecting');

export const useLiveState = (): LiveState => use(LiveContext);

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 10_000;
/** Events come in bunches: one look at the API for each bunch. */
const BUNCH_MS = 60;

/**
 * The one stream of events of a page. Whenever it opens, everything is read anew: what was read before it stood may be
 * older than its first event.
 */
export function Live({ children }: { readonly children: ReactNode }) {
  const queries = useQueryClient();
  const [state, setState] = useState<LiveState>('connecting');
  useEffect(() => follow(new Refresher(queries), setState), [queries]);
  return <LiveContext value={state}>{children}</LiveContext>;
}

function follow(refresher: Refresher, tell: (state: LiveState) => void): () => void {
  let source: EventSource | null = null;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let delayMs = FIRST_RETRY_MS;

  const open = () => {
    source = new EventSource('/api/events');
    source.onopen = () => {
      tell('live');
      delayMs = FIRST_RETRY_MS;
      refresher.everything();
    };
    source.onmessage = ({ data }: MessageEvent<string>) => refresher.take(JSON.parse(data) as Event);
    source.onerror = () => {
      tell('reconnecting');
      if (source?.readyState !== EventSource.CLOSED) return;
      // Refused: perhaps nobody is signed in any more.
      refresher.everything();
      retry = setTimeout(open, delayMs);
      delayMs = Math.min(delayMs * 2, LAST_RETRY_MS);
    };
  };
  open();
  return () => {
    clearTimeout(retry);
    source?.close();
  };
}

/** Brings the queries up to date with what happened: bunch by bunch, so that no answer is thrown away half-read. */
class Refresher {
  readonly #queries: QueryClient;
  #runs = new Set<string>();
  #any = false;
  #approvals = false;
  #questions = false;
  #policies = false;
  #absences = false;
  #agents = false;
  #all = false;
  #busy = false;

  constructor(queries: QueryClient) {
    this.#queries = queries;
  }

  take({ run, type }: Event): void {
    this.#any = true;
    if (run !== null) this.#runs.add(run);
    this.#approvals ||= /^(?:approval|override|workflow)\b/.test(type);
    this.#questions ||= /^(?:question|escalation|workflow)\./.test(type);
    this.#policies ||= type.startsWith('policies.');
    this.#absences ||= type.startsWith('person.');
    this.#agents ||= /^(?:agent|breaker|question|step)\./.test(type);
    this.#wake();
  }

  everything(): void {
    this.#all = true;
    this.#wake();
  }

  #wake(): void {
    if (this.#busy) return;
    this.#busy = true;
    setTimeout(() => void this.#work(), BUNCH_MS);
  }

  async #work(): Promise<void> {
    while (this.#all || this.#any) {
      const { all, approvals, questions, policies, absences, agents, runs } = {
        all: this.#all,
        approvals: this.#approvals,
        questions: this.#questions,
        policies: this.#policies,
        absences: this.#absences,
        agents: this.#agents,
        runs: this.#runs,
      };
      this.#all =
        this.#any =
        this.#approvals =
        this.#questions =
        this.#policies =
        this.#absences =
        this.#agents =
          false;
      this.#runs = new Set();
      await this.#queries.invalidateQueries({
        predicate: ({ queryKey: [kind], state }) => {
          if (all) return kind !== 'diff';
          switch (kind) {
            case 'runs':
              // What asks for a run, such as a label, happens before there is one.
              return true;
            case 'run':
              return runs.has((state.data as RunDetail | undefined)?.id ?? '');
            case 'approvals':
              // Who is away decides who can decide.
              return approvals || absences;
            case 'questions':
            case 'escalations':
              return questions || absences;
            case 'policies':
              return policies;
            case 'absences':
              return absences;
            case 'agents':
              return agents;
            default:
              return false;
          }
        },
      });
    }
    this.#busy = false;
  }
}
