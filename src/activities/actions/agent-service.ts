import { parseEntry } from '../../agents/parse-entry.js';
import { BatonError } from '../../domain/errors.js';
import type { AgentRef } from '../../domain/plan.js';
import { actionEntry } from '../../schema/agent-entry.js';
import { findAgent } from '../assign-agent.js';
import { loadAgent } from '../attempt/attempt-agent.js';
import { checkSchema } from '../attempt/check-schema.js';
import { persist } from '../persist.js';
import type { Action } from '../run-action.js';
import { PLAIN_SERVICES } from '../services/index.js';

/** An agent's step in a run without a repository: what its agent does through Baton, where that needs no repository. */
export const agentService =
  (agent: AgentRef): Action =>
  async (deps, { ref, action, params, repository }) => {
    const { assigned } = await persist(deps, ref.run.organisationId, (tx) =>
      findAgent(tx, { ref, agent, action, sameAs: null, repository }),
    );
    const row = await loadAgent(deps, ref, assigned);
    const { acts } = row.adapter === 'action' ? parseEntry(actionEntry, row.entry, 'action') : { acts: {} };
    const act = Object.hasOwn(acts, action) ? acts[action] : undefined;
    const service = act && Object.hasOwn(PLAIN_SERVICES, act.does) ? PLAIN_SERVICES[act.does] : undefined;
    if (!act || !service)
      throw new BatonError(
        'no-repository',
        `The step ${ref.name} needs a repository: name one in the step, or start the run on one.`,
      );
    checkSchema(row.inputSchema(action), params, `The input of ${action}`, 'input-invalid');
    const output = await service(deps, { request: { ref, repository }, params: { ...params, ...act.params } });
    checkSchema(row.outputSchema(action), output, `The output of ${action}`, 'output-invalid');
    return { output };
  };
