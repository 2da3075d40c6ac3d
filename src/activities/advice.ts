import { assignAgent } from '../domain/assignment.js';
import type { Activities } from '../domain/work.js';
import { candidates } from '../db/candidates.js';
import { endAttempt } from './attempt/attempt-record.js';
import type { ActivityDeps } from './deps.js';
import { wholeOutput } from './finish-step.js';
import { persist } from './persist.js';

/** The orchestrator of the project: the one place that the way up leads to (R1.10). */
export const findOrchestrator =
  (deps: ActivityDeps): Activities['findOrchestrator'] =>
  ({ run }) =>
    persist(deps, run.organisationId, async (tx) => {
      const known = await candidates(tx, run.projectId, run.repository?.name ?? null);
      const found = assignAgent({ kind: 'role', role: 'orchestrator' }, 'orchestrate.advise', known, null, false);
      return found.kind === 'nobody' ? null : { id: found.agent.id, name: found.agent.name };
    });

/** What the orchestrator said of a step that failed: `output.retry: false` gives it up, the summary is for the agent. */
export const takeAdvice =
  (deps: ActivityDeps): Activities['takeAdvice'] =>
  ({ ref, attempt, agent }) =>
    persist(deps, ref.run.organisationId, async (tx) => {
      const output = await wholeOutput(tx, { ref, attempt, commit: null });
      await endAttempt(tx, { ref, attempt, agent, status: 'succeeded', error: null });
      const advice = typeof output['summary'] === 'string' ? output['summary'].trim() : '';
      return output['retry'] === false || advice === '' ? null : `${agent.name} advises: ${advice}`;
    });
