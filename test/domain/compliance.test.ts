import fc from 'fast-check';
import {
  complianceScore,
  judgeCompliance,
  summariseCompliance,
  sumWeights,
  type CheckedRule,
} from '../../src/domain/compliance.js';

const rule = (more: Partial<CheckedRule> = {}): CheckedRule => ({
  id: 'soc2-licence',
  standard: 'SOC2',
  reference: 'CC2.3',
  title: 'No licence',
  severity: 'WARNING',
  remediation: 'Add one.',
  holds: true,
  places: [],
  ...more,
});
const broken = (more: Partial<CheckedRule> = {}): CheckedRule => rule({ holds: false, ...more });

describe('compliance', () => {
  it('is whole where every rule holds, or none applies', () => {
    expect(judgeCompliance([])).toEqual({
      compliant: true,
      score: 100,
      weight: { held: 0, all: 0 },
      standards: [],
      violations: [],
    });
    expect(judgeCompliance([rule(), rule({ severity: 'ERROR' })])).toMatchObject({
      compliant: true,
      score: 100,
      weight: { held: 4, all: 4 },
    });
  });

  it('weighs an ERROR three times a WARNING, and rounds down', () => {
    expect(judgeCompliance([rule({ severity: 'ERROR' }), broken(), rule(), rule()])).toMatchObject({
      compliant: true,
      score: 83,
      weight: { held: 5, all: 6 },
    });
    expect(judgeCompliance([broken({ severity: 'ERROR' }), rule(), rule(), rule()])).toMatchObject({
      compliant: false,
      score: 50,
    });
  });

  it('says each violation with its clause, errors first, and of many places the first three', () => {
    const { violations, standards } = judgeCompliance([
      broken(),
      broken({ id: 'gdpr-x', standard: 'GDPR', severity: 'ERROR', places: ['a.js:1', 'b.js:2', 'c.js', 'd.js'] }),
      broken({ id: 'gdpr-y', standard: 'GDPR', severity: 'ERROR', places: ['a.js:1', 'b.js:2'] }),
    ]);
    expect(violations.map(({ rule: id, location }) => [id, location])).toEqual([
      ['gdpr-x', 'a.js:1, b.js:2, c.js and 1 more'],
      ['gdpr-y', 'a.js:1, b.js:2'],
      ['soc2-licence', null],
    ]);
    expect(violations[2]).toEqual({
      rule: 'soc2-licence',
      standard: 'SOC2',
      reference: 'CC2.3',
      severity: 'WARNING',
      message: 'No licence',
      location: null,
      remediation: 'Add one.',
    });
    expect(standards).toEqual([
      { standard: 'SOC2', score: 0, violations: 1 },
      { standard: 'GDPR', score: 0, violations: 2 },
    ]);
  });

  it('never says 100 where something is broken, and is between 0 and 100', () => {
    const any = fc.record({ holds: fc.boolean(), severity: fc.constantFrom('ERROR' as const, 'WARNING' as const) });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 300 }), (rules) => {
        const { score, violations } = judgeCompliance(rules.map((each) => rule(each)));
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score === 100).toBe(violations.length === 0);
      }),
    );
  });

  it('of several repositories is by all their rules', () => {
    expect(
      complianceScore(
        sumWeights([
          { held: 1, all: 2 },
          { held: 8, all: 8 },
        ]),
      ),
    ).toBe(90);
  });

  it('is told in a line', () => {
    expect(summariseCompliance(judgeCompliance([]))).toBe('score 100/100: nothing found');
    expect(summariseCompliance(judgeCompliance([broken(), broken(), broken({ severity: 'ERROR' })]))).toBe(
      'score 0/100: 1 ERROR, 2 WARNING',
    );
  });
});
