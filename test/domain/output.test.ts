import fc from 'fast-check';
import { type Json, jsonBytes } from '../../src/domain/json.js';
import { pickOutput, stepOutput } from '../../src/domain/output.js';
import { PLAN_LIMITS } from '../../src/domain/plan.js';

const output: Json = {
  summary: { critical: 1, high: 2 },
  findings: [{ rule: 'a' }],
  log: 'x'.repeat(PLAN_LIMITS.stepOutputBytes),
};

describe('stepOutput', () => {
  const answer = { output: { score: 3 }, summary: 'looked', findings: [] };

  it('is what the agent said, with the commit where there is one', () => {
    expect(stepOutput(answer, null)).toEqual({ score: 3, summary: 'looked', findings: [] });
    expect(stepOutput(answer, 'abc')).toEqual({ score: 3, summary: 'looked', findings: [], commit: 'abc' });
    const findings = [
      { rule: 'todo', severity: 'low', message: 'left over', file: 'a.ts', line: 3, fix: null },
    ] as const;
    expect(stepOutput({ ...answer, findings }, null)).toEqual({ score: 3, summary: 'looked', findings });
  });

  it('has the agent’s own summary and findings in their place, never its own commit', () => {
    const own = { summary: { critical: 1 }, findings: 3, commit: 'mine' };
    expect(stepOutput({ ...answer, output: own }, 'abc')).toEqual({ ...own, commit: 'abc' });
  });
});

describe('pickOutput', () => {
  it('keeps what is read, in its place, and nothing else', () => {
    expect(pickOutput(output, [['summary', 'critical'], ['findings']])).toEqual({
      summary: { critical: 1 },
      findings: [{ rule: 'a' }],
    });
    expect(
      pickOutput(output, [
        ['summary', 'critical'],
        ['summary', 'high'],
      ]),
    ).toEqual({ summary: { critical: 1, high: 2 } });
    expect(pickOutput(output, [])).toEqual({});
  });

  it('keeps all where the whole is read', () => {
    expect(pickOutput({ a: 1 }, [['a'], []])).toEqual({ a: 1 });
    expect(pickOutput('text', [[]])).toBe('text');
  });

  it('leaves out what the output does not have', () => {
    expect(pickOutput(output, [['sumary'], ['findings', 'rule'], ['summary', 'low']])).toEqual({
      findings: {},
      summary: {},
    });
    expect(pickOutput('text', [['a']])).toEqual({});
  });

  it('takes no path through what every object has', () => {
    expect(
      pickOutput({ a: 1 }, [
        ['constructor', 'name'],
        ['a', 'toString'],
      ]),
    ).toEqual({ a: {} });
    expect(pickOutput({ constructor: { name: 'x' } }, [['constructor', 'name']])).toEqual({
      constructor: { name: 'x' },
    });
  });

  it('refuses more than a step may hand on, and says what is read', () => {
    expect(() => pickOutput(output, [['log'], ['summary', 'high']])).toThrow(
      /read output.log, output.summary.high of this step, which is 82\d\d bytes/,
    );
    expect(() => pickOutput(output, [[]])).toThrow(/read output of this step/);
  });

  it('lets exactly as much pass as is allowed', () => {
    const text = 'x'.repeat(PLAN_LIMITS.stepOutputBytes - 2);
    expect(pickOutput(text, [[]])).toBe(text);
    expect(() => pickOutput(`${text}x`, [[]])).toThrow();
  });

  it('never makes an output larger', () => {
    const key = fc.constantFrom('a', 'b', 'c');
    const json = fc.letrec<{ any: Json }>((tie) => ({
      any: fc.oneof({ maxDepth: 3 }, fc.integer(), fc.dictionary(key, tie('any'))),
    })).any;
    fc.assert(
      fc.property(fc.dictionary(key, json), fc.array(fc.array(key, { maxLength: 3 })), (value, reads) => {
        const bytes = jsonBytes(pickOutput(value, reads));
        expect(bytes).toBeLessThanOrEqual(jsonBytes(value));
      }),
    );
  });
});
