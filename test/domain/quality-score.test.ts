import { qualityScore } from '../../src/domain/quality-score.js';

describe('qualityScore', () => {
  it('is 100 for a change in which nothing was found, and less with what weighs', () => {
    expect(qualityScore([])).toBe(100);
    expect(qualityScore([{ severity: 'info' }])).toBe(100);
    expect(
      qualityScore([{ severity: 'critical' }, { severity: 'high' }, { severity: 'medium' }, { severity: 'low' }]),
    ).toBe(30);
  });

  it('is never below 0', () => {
    expect(qualityScore(Array.from({ length: 4 }, () => ({ severity: 'critical' as const })))).toBe(0);
  });
});
