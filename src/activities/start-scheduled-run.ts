import { startScheduledRun as start } from '../db/scheduled-runs.js';
import type { Activities } from '../domain/work.js';
import type { ActivityDeps } from './deps.js';
import { persist } from './persist.js';

/** The run of one time of a pipeline's schedule, its row and its event; asked again it is there already. */
export const startScheduledRun =
  (deps: ActivityDeps): Activities['startScheduledRun'] =>
  (time) =>
    persist(deps, time.organisationId, (tx) => start(tx, time));
