import type { Abilities } from '../../../src/agents/coding/coding-program.js';
import { doubling, LONG_MS, type Bench } from './bench.js';
import type { ProgramContract } from './contract.js';

interface Clause {
  /** What is shown of it where it can, and where it cannot. */
  readonly can: string;
  readonly cannot: string;
  /** Shows that it cannot, and says so. */
  readonly contrary: (bench: Bench) => Promise<void>;
}

/** The clause of each ability that the compatibility matrix tells. */
const CLAUSES: Readonly<Record<keyof Abilities, Clause>> = {
  resume: {
    can: 'goes on with its conversation in another home',
    cannot: 'keeps no conversation that would not go on',
    contrary: async (bench) => {
      const { outcome } = await bench.answered();
      expect(outcome).toMatchObject({ answer: { session: null } });
    },
  },
  usage: {
    can: 'tells how many tokens it used',
    cannot: 'leaves unknown how many tokens it used',
    contrary: async (bench) => {
      const { outcome } = await bench.answered();
      expect(outcome.usage?.inputTokens ?? null).toBeNull();
      expect(outcome.usage?.outputTokens ?? null).toBeNull();
    },
  },
  cost: {
    can: 'tells what it cost',
    cannot: 'leaves unknown what it cost',
    contrary: async (bench) => {
      const { outcome } = await bench.answered();
      expect(outcome.usage?.costUsd ?? null).toBeNull();
    },
  },
  approvals: {
    can: 'ends where it has to ask people first, and goes on with what they say',
    cannot: 'is refused where it would have to ask people first',
    contrary: async (bench) => {
      const { entry, ...asked } = doubling(bench.contract.doubles());
      const { outcome } = await bench.ask({ ...asked, entry: { ...entry, askFor: ['command'] } });
      expect(outcome).toMatchObject({ kind: 'failed', code: 'approvals-unsupported', retryable: false });
    },
  },
  mcp: {
    can: 'calls Baton’s tools, with the token of its step outside',
    cannot: 'is given none of Baton’s tools',
    contrary: async (bench) => {
      await bench.answered();
      expect(bench.opened).toBe(0);
    },
  },
};

/** Holds a program to all that is claimed of it: what it claims it shows, of anything else the contrary is shown. */
export function clausesOfAbilities(bench: Bench, { claims, proofs }: ProgramContract): void {
  const names = Object.keys(CLAUSES) as (keyof Abilities)[];
  for (const name of names) {
    const { can, cannot, contrary } = CLAUSES[name];
    const proof = proofs[name];
    it(
      claims.abilities[name] ? can : cannot,
      async () => {
        if (!claims.abilities[name]) return contrary(bench);
        if (!proof) throw new Error(`${claims.title} claims ${name}, and nothing shows it`);
        await proof(bench);
      },
      LONG_MS,
    );
  }
}
