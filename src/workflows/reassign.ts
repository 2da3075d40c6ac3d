import {
  CancellationScope,
  defineSignal,
  setHandler,
  type ChildWorkflowHandle,
  type Workflow,
  type WorkflowResultType,
} from '@temporalio/workflow';
import type { Reassignment } from '../domain/override.js';
import type { AgentStepRequest, AgentStepResult } from '../domain/work.js';

/** To the workflow of an agent's step, or of a hand-off: from now on another does it. */
export const reassign = defineSignal<[to: Reassignment]>('reassign');

/** Where the work on a step was when another took it over: attempts are numbered on from there. */
export interface TakenOver {
  readonly after: number;
}

/**
 * Lets agents work at a step until it comes to its end. When it is reassigned, who is at it is stopped, and the other
 * begins anew, with attempts of its own. `work` is told how to see whether a cancellation means that.
 */
export async function byWhoeverHasIt(
  request: AgentStepRequest,
  work: (request: AgentStepRequest, isTakenOver: () => boolean) => Promise<AgentStepResult | TakenOver>,
): Promise<AgentStepResult> {
  let wanted = null as string | null;
  let scope = null as CancellationScope | null;
  setHandler(reassign, ({ agent }) => {
    wanted = agent;
    scope?.cancel();
  });
  for (let after = 0; ;) {
    const name = wanted;
    wanted = null;
    const now: AgentStepRequest =
      name === null ? request : { ...request, after, agent: { kind: 'named', name }, sameAs: null, resumes: null };
    const own = (scope = new CancellationScope());
    const isTakenOver = () => wanted !== null && own.consideredCancelled;
    const result = await own.run(() => work(now, isTakenOver));
    if ('agentId' in result) return result;
    after = result.after;
  }
}

/** To whom people gave work, by what it is: a step of a run, a place in a hand-off. */
export class Reassignments {
  readonly #given = new Map<string, Reassignment[]>();
  /** Tells those who are at it, each item of a step by itself. */
  readonly #atWork = new Map<string, Set<(to: Reassignment) => void>>();

  give(work: string, to: Reassignment): void {
    this.#given.set(work, [...this.of(work), to]);
    for (const tell of this.#atWork.get(work) ?? []) tell(to);
  }

  /** The first given first. */
  of(work: string): readonly Reassignment[] {
    return this.#given.get(work) ?? [];
  }

  /** The result of who is at it, who hears of what is given after the `known` that it began with. */
  async resultOf<T extends Workflow>(
    child: ChildWorkflowHandle<T>,
    work: string,
    known: number,
  ): Promise<WorkflowResultType<T>> {
    // One that has ended meanwhile has nothing left to hand over.
    const tell = (to: Reassignment): void => void child.signal(reassign, to).catch(() => undefined);
    const told = this.#atWork.get(work) ?? new Set();
    this.#atWork.set(work, told.add(tell));
    for (const to of this.of(work).slice(known)) tell(to);
    try {
      return await child.result();
    } finally {
      told.delete(tell);
    }
  }
}
