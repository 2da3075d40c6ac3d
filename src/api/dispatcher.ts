import { DISPATCH_CHANNEL } from '../db/announce-runs.js';
import { dispatchEscalations } from './dispatch-escalations.js';
import { dispatchNotices } from './dispatch-notices.js';
import { dispatchOverrides } from './dispatch-overrides.js';
import { dispatchTrials } from './dispatch-trials.js';
import { dispatchRuns, type DispatchDeps } from './dispatch.js';
import { Reconciler } from './reconciler.js';

/**
 * Starts runs, trials, notices and escalations, and ends runs, beside what asks for it: a request waits for its row, never for Temporal. Rows that workers
 * write, such as runs that a pull request of an agent starts, are announced by the database.
 */
export class Dispatcher extends Reconciler {
  constructor(deps: DispatchDeps, databaseUrl: string) {
    super({
      databaseUrl,
      channel: DISPATCH_CHANNEL,
      work: async () => {
        const outcomes = await Promise.allSettled([
          dispatchRuns(deps),
          dispatchNotices(deps),
          dispatchEscalations(deps),
          dispatchOverrides(deps),
          dispatchTrials(deps),
        ]);
        const failure = outcomes.find((outcome) => outcome.status === 'rejected');
        if (failure) throw failure.reason;
      },
      waits: 'what is to be started waits until Temporal and the database are there',
      log: deps.log,
    });
  }
}
