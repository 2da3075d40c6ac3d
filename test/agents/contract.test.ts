import { existsSync } from 'node:fs';
import type { AdapterName } from '../../src/agents/find-harness.js';
import { CONTRACTS } from './contract/contracts.js';
import { holdToContract } from './contract/hold-to-contract.js';

const names = Object.keys(CONTRACTS) as AdapterName[];
/** Real programs take minutes: each has a suite of its own, which runs beside the others. */
const hasOwnSuite = (name: AdapterName): boolean => existsSync(new URL(`${name}.test.ts`, import.meta.url));

for (const name of names.filter((adapter) => !CONTRACTS[adapter].isReal)) holdToContract(name);

it('is held to by every adapter, the real programs each in a suite of its own', () => {
  const real = names.filter((name) => CONTRACTS[name].isReal);
  expect(real.filter((name) => !hasOwnSuite(name))).toEqual([]);
});
