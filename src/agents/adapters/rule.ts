import type { z } from 'zod';
import { judgeCompliance, summariseCompliance, type CheckedRule } from '../../domain/compliance.js';
import { BatonError } from '../../domain/errors.js';
import { findingOfViolation } from '../../domain/compliance-report.js';
import type { JsonObject } from '../../domain/json.js';
import { evaluateRule, type RuleScope } from '../../domain/rule-expression.js';
import { ruleEntry } from '../../schema/agent-entry.js';
import type { AgentAnswer } from '../../schema/agent-output.js';
import type { AgentOutcome, Harness } from '../harness.js';
import { parseEntry } from '../parse-entry.js';

type Entry = z.infer<typeof ruleEntry>;
type Standard = Entry['standards'][number];

/** RULE agents: CEL expressions over the step's parameters or the facts of its repository; the same give the same answer. */
export const rule: Harness = {
  async run(entry, request, context) {
    const { rules, standards } = parseEntry(ruleEntry, entry, 'rule');
    if (context.signal.aborted) return failed('cancelled', 'The attempt was cancelled.');
    const own = Object.hasOwn(rules, request.action) ? rules[request.action] : undefined;
    if (!own) return failed('no-rule', `The agent has no rule for ${request.action}.`);
    try {
      if (!('judges' in own)) return answered(compute(own, request.params, context.log));
      const wanted = evaluateRule(own.judges, { params: request.params, values: {} });
      const judged = pick(standards, wanted);
      if (typeof judged === 'string') return failed('standard-unknown', judged);
      return judge(judged, request.params, await context.facts(), context.log);
    } catch (error) {
      if (error instanceof BatonError) return failed(error.code, error.message);
      throw error;
    }
  },
};

function compute(
  { values, output }: Extract<Entry['rules'][string], { output: unknown }>,
  params: JsonObject,
  log: (line: string) => void,
): JsonObject {
  const known = values.reduce<JsonObject>(
    (before, { name, is }) => ({ ...before, [name]: evaluateRule(is, { params, values: before }) }),
    {},
  );
  const given = Object.entries(output).map(([name, is]) => [name, evaluateRule(is, { params, values: known })]);
  log(`evaluated ${values.length + given.length} expressions`);
  return Object.fromEntries(given) as JsonObject;
}

/** The standards that are asked for, all where none is named; why not, as a sentence. */
function pick(standards: readonly Standard[], wanted: unknown): readonly Standard[] | string {
  const known = standards.map(({ standard }) => standard).join(', ');
  if (!Array.isArray(wanted)) return `What is to be judged is a list of ${known}; it is ${JSON.stringify(wanted)}.`;
  const strange = wanted.find((name) => !standards.some(({ standard }) => standard === name)) as unknown;
  if (strange !== undefined) return `The agent has no rules of ${JSON.stringify(strange)}; it has those of ${known}.`;
  return wanted.length === 0 ? standards : standards.filter(({ standard }) => wanted.includes(standard));
}

function judge(
  standards: readonly Standard[],
  params: JsonObject,
  facts: JsonObject,
  log: (line: string) => void,
): AgentOutcome {
  const scope: RuleScope = { params, values: {}, facts };
  const checked = standards.flatMap(({ standard, rules }) => rules.flatMap((each) => check(standard, each, scope)));
  const compliance = judgeCompliance(checked);
  for (const { id, holds } of checked) log(`${id}: ${holds ? 'holds' : 'is broken'}`);
  const summary = summariseCompliance(compliance);
  const output = { ...compliance, repository: (facts['repository'] as { name?: string } | undefined)?.name ?? '' };
  return answered(output as unknown as JsonObject, summary, compliance.violations.map(findingOfViolation));
}

/** The rule with what came of it; nothing where it does not apply. */
function check(standard: string, own: Standard['rules'][number], scope: RuleScope): CheckedRule[] {
  const { when, holds, places, ...told } = own;
  if (when !== null && !truth(own.id, when, scope)) return [];
  const kept = truth(own.id, holds, scope);
  const found = kept || places === null ? [] : evaluateRule(places, scope);
  if (!Array.isArray(found))
    throw new BatonError('rule-broken', `The places of the rule ${own.id} are ${JSON.stringify(found)}, and no list.`);
  return [{ ...told, standard, holds: kept, places: found.map((place) => String(place)) }];
}

function truth(id: string, source: string, scope: RuleScope): boolean {
  const value = evaluateRule(source, scope);
  if (typeof value === 'boolean') return value;
  throw new BatonError('rule-broken', `The rule ${id} gives ${JSON.stringify(value)}, and neither true nor false.`);
}

function answered(output: JsonObject, summary = '', findings: AgentAnswer['findings'] = []): AgentOutcome {
  const answer: AgentAnswer = { summary, findings, output: output as AgentAnswer['output'], session: null };
  return { kind: 'answered', answer, usage: null };
}

const failed = (code: string, message: string): AgentOutcome => ({
  kind: 'failed',
  code,
  message,
  // The same parameters give the same answer.
  retryable: false,
  usage: null,
});
