import { evaluateRule } from '../../src/domain/rule-expression.js';

describe('evaluateRule', () => {
  it('sees the parameters and the values before it, and nothing else', () => {
    const scope = { params: { list: [1, 2] }, values: { factor: 3 } };
    expect(evaluateRule('params.list.size() * values.factor', scope)).toBe(6);
    expect(() => evaluateRule('issue.title', scope)).toThrow('{{ issue.title }} cannot be evaluated');
  });
});
