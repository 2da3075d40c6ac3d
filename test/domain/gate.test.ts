import fc from 'fast-check';
import { blocks, type Severity } from '../../src/domain/gate.js';

const SEVERITIES: readonly Severity[] = ['info', 'low', 'medium', 'high', 'critical'];

describe('blocks', () => {
  it('stops what is as severe as the threshold or more', () => {
    const anyOf = fc.constantFrom(...SEVERITIES);
    fc.assert(
      fc.property(anyOf, anyOf, (severity, threshold) => {
        expect(blocks({ severity }, threshold)).toBe(SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(threshold));
      }),
    );
  });

  it('stops nothing where the threshold is `never`', () => {
    expect(SEVERITIES.some((severity) => blocks({ severity }, 'never'))).toBe(false);
  });
});
