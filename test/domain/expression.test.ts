import fc from 'fast-check';
import { BatonError } from '../../src/domain/errors.js';
import { evaluateExpression, isTruthy, type Scope } from '../../src/domain/expression.js';
import type { Json } from '../../src/domain/json.js';

const scope: Scope = {
  issue: { number: 7, title: 'Add dates', labels: ['feature', 'P1'], ratio: 0.5, parent: null },
  context: { big: Number.MAX_SAFE_INTEGER + 1 },
  nodes: { 'scan-compliance': { output: { score: 80, rules: [{ id: 'a', open: 2 }] } } },
  run: {},
  repository: null,
  repositories: [{ name: 'demo', defaultBranch: 'main' }],
};
const valueOf = (expression: string, more: Partial<Scope> = {}): Json =>
  evaluateExpression(expression, { ...scope, ...more });
const messageOf = (expression: string): string => {
  try {
    valueOf(expression);
  } catch (error) {
    if (error instanceof BatonError && error.code === 'expression-failed') return error.message;
    throw error;
  }
  throw new Error('it has a value');
};

describe('evaluateExpression', () => {
  it.each<[string, Json]>([
    ['issue.number', 7],
    ['issue.number + 1', 8],
    ['issue.ratio', 0.5],
    ['issue.parent', null],
    ['issue.labels', ['feature', 'P1']],
    ['nodes["scan-compliance"].output', { score: 80, rules: [{ id: 'a', open: 2 }] }],
    ['nodes["scan-compliance"].output.score >= 80', true],
    ['nodes["scan-compliance"].output.rules.map(rule, rule.open + 1)', [3]],
    ['{"n": issue.number, "list": [1]}', { n: 7, list: [1] }],
    ['[issue.title, issue.number, 1, "a"]', ['Add dates', 7, 1, 'a']],
    ['{1: 2}', { 1: 2 }],
    ['repository == null', true],
    ['context.big', Number.MAX_SAFE_INTEGER + 1],
    ['item + index', 5],
  ])('%s', (expression, value) => {
    expect(valueOf(expression, { item: 3, index: 2 })).toEqual(value);
  });

  it('gives back what went in, for any value', () => {
    const json = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)) as Json);
    fc.assert(fc.property(json, (value) => expect(valueOf('context.it', { context: { it: value } })).toEqual(value)));
  });

  it('fails with the name of a key that is missing', () => {
    expect(messageOf('issue.titel')).toBe('{{ issue.titel }} cannot be evaluated: No such key: titel');
  });

  it('sees no more of a value than its own keys', () => {
    expect(messageOf('issue.constructor')).toContain('No such key: constructor');
  });

  it('fails where an item is read outside a map, types do not fit, or the text is no expression', () => {
    expect(messageOf('item')).toContain('Unknown variable: item');
    expect(messageOf('issue.number + issue.title')).toContain('no such overload');
    expect(messageOf('issue.')).toContain('cannot be evaluated');
  });

  it.each(['1u', 'b"x"', 'timestamp("2020-01-01T00:00:00Z")', 'duration("1h")', 'type(1)', '1.0 / 0.0', '[1u]'])(
    'fails for %s, which JSON does not hold',
    (expression) => {
      expect(messageOf(expression)).toContain('none that JSON holds');
    },
  );
});

describe('isTruthy', () => {
  it.each<[Json, boolean]>([
    [false, false],
    [null, false],
    [0, false],
    ['', false],
    [true, true],
    [1, true],
    ['false', true],
    [[], true],
    [{}, true],
  ])('%j → %s', (value, holds) => {
    expect(isTruthy(value)).toBe(holds);
  });
});
