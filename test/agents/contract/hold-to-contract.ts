import type { AdapterName } from '../../../src/agents/find-harness.js';
import { clausesOfAbilities } from './abilities.js';
import { Bench } from './bench.js';
import { clausesOfAll } from './clauses.js';
import { CONTRACTS } from './contracts.js';
import { gitClauses } from './git.js';

/** Registers the clauses of an adapter's contract as tests. */
export function holdToContract(adapter: AdapterName): void {
  describe(`the adapter ${adapter}`, () => {
    const contract = CONTRACTS[adapter];
    const bench = new Bench(adapter, contract);
    beforeAll(() => contract.open?.());
    afterAll(() => {
      bench.room.remove();
      contract.close?.();
    });
    clausesOfAll(bench, contract);
    gitClauses(bench, contract);
    if (contract.program) clausesOfAbilities(bench, contract.program);
    contract.alone?.(bench);
  });
}
