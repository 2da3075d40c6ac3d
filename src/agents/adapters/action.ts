import { actionEntry } from '../../schema/agent-entry.js';
import type { AgentAnswer } from '../../schema/agent-output.js';
import type { AgentOutcome, Harness } from '../harness.js';
import { parseEntry } from '../parse-entry.js';

/** Agents by whose name Baton does something itself: scans, notices, reports. */
export const action: Harness = {
  async run(entry, request, context) {
    const { acts } = parseEntry(actionEntry, entry, 'action');
    const act = Object.hasOwn(acts, request.action) ? acts[request.action] : undefined;
    if (context.signal.aborted) return failed('cancelled', 'The attempt was cancelled.');
    if (!act) return failed('no-act', `The agent has nothing that does ${request.action}.`);
    context.log(`${request.action} is ${act.does}, done by Baton itself`);
    const output = await context.serve(act.does, { ...request.params, ...act.params });
    const { summary } = output;
    const answer: AgentAnswer = {
      summary: typeof summary === 'string' ? summary : '',
      findings: [],
      output: output as AgentAnswer['output'],
      session: null,
    };
    return { kind: 'answered', answer, usage: null };
  },
};

const failed = (code: string, message: string): AgentOutcome => ({
  kind: 'failed',
  code,
  message,
  retryable: false,
  usage: null,
});
