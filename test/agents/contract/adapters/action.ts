import type { Contract } from '../contract.js';

export const actionContract: Contract = {
  invalid: [
    [{}, '/acts'],
    [{ acts: { double: { does: 'rm -rf' } } }, '/acts/double/does'],
  ],
  doubles: () => ({ entry: { acts: { double: { does: 'report.generate' } } } }),
  usage: null,
  keepsSession: false,
  endless: null,
  fails: [['has nothing that does it', () => ({ entry: { acts: {} } }), { code: 'no-act', retryable: false }]],
  asks: null,
  limited: null,
  tellsUnknown: null,
  runs: null,
};
