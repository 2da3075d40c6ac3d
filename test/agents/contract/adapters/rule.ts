import type { JsonObject } from '../../../../src/domain/json.js';
import type { Contract } from '../contract.js';

const rules = (doubled: string): JsonObject => ({
  rules: { double: { values: [{ name: 'twice', is: 'params.number * 2' }], output: { doubled } } },
});

export const ruleContract: Contract = {
  invalid: [
    [{}, '/rules'],
    ...[
      '1 +',
      'unknown',
      '"a".matches(params.pattern)',
      '"a".matches("(a+)+")',
      'matches("a", params.pattern)',
      '[1].map(n, "a".matches(params.pattern))',
      'x'.repeat(4_001),
    ].map((expression) => [rules(expression), '/rules/double/output/doubled'] as const),
  ],
  doubles: () => ({ entry: rules('values.twice') }),
  usage: null,
  keepsSession: false,
  endless: null,
  fails: [
    ['has no rule', () => ({ entry: { rules: {} } }), { code: 'no-rule', retryable: false }],
    ['reads what is not there', () => ({ entry: rules('params.missing') }), { code: 'expression-failed' }],
    [
      'gives what JSON cannot hold',
      () => ({ entry: rules("timestamp('2026-01-01T00:00:00Z')") }),
      { code: 'expression-failed' },
    ],
  ],
  asks: null,
  limited: null,
  tellsUnknown: null,
  runs: null,
};
