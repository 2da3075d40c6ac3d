import { Environment } from '@marcbachmann/cel-js';
import { createEvaluator } from './expression.js';
import type { Json, JsonObject } from './json.js';

/** What an expression of a rule agent sees: the step's parameters, and what the expressions before it gave. */
export interface RuleScope {
  readonly params: JsonObject;
  readonly values: JsonObject;
  /** What Baton reads of the step's repository, for rules that judge it. */
  readonly facts?: JsonObject;
}

/** Where rules are checked and evaluated: no clock, no random, nothing but what the step hands in. */
export const ruleEnvironment = new Environment({ homogeneousAggregateLiterals: false })
  .registerVariable('params', 'dyn')
  .registerVariable('values', 'dyn')
  .registerVariable('facts', 'dyn');

/** The value of a rule's CEL expression. Throws `expression-failed`, which names it. */
export const evaluateRule: (expression: string, scope: RuleScope) => Json = createEvaluator(ruleEnvironment);
