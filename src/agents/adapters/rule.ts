import { BatonError } from '../../domain/errors.js';
import type { JsonObject } from '../../domain/json.js';
import { evaluateRule } from '../../domain/rule-expression.js';
import { ruleEntry } from '../../schema/agent-entry.js';
import type { AgentAnswer } from '../../schema/agent-output.js';
import type { AgentOutcome, Harness } from '../harness.js';
import { parseEntry } from '../parse-entry.js';

/** RULE agents: CEL expressions over the step's parameters, the same answer for the same parameters. */
export const rule: Harness = {
  run: (entry, request, context) =>
    // What is thrown becomes the promise's.
    Promise.resolve().then((): AgentOutcome => {
      const { rules } = parseEntry(ruleEntry, entry, 'rule');
      if (context.signal.aborted) return failed('cancelled', 'The attempt was cancelled.');
      const own = Object.hasOwn(rules, request.action) ? rules[request.action] : undefined;
      if (!own) return failed('no-rule', `The agent has no rule for ${request.action}.`);
      try {
        const values: JsonObject = own.values.reduce<JsonObject>(
          (known, { name, is }) => ({ ...known, [name]: evaluateRule(is, { params: request.params, values: known }) }),
          {},
        );
        const output = Object.fromEntries(
          Object.entries(own.output).map(([name, is]) => [name, evaluateRule(is, { params: request.params, values })]),
        );
        context.log(
          `evaluated ${own.values.length + Object.keys(own.output).length} expressions for ${request.action}`,
        );
        const answer: AgentAnswer = {
          summary: '',
          findings: [],
          output: output as AgentAnswer['output'],
          session: null,
        };
        return { kind: 'answered', answer, usage: null };
      } catch (error) {
        if (error instanceof BatonError) return failed(error.code, error.message);
        throw error;
      }
    }),
};

const failed = (code: string, message: string): AgentOutcome => ({
  kind: 'failed',
  code,
  message,
  // The same parameters give the same answer.
  retryable: false,
  usage: null,
});
