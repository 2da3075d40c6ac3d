import fc from 'fast-check';
import type { Decision, Person, Requirement } from '../../src/domain/approval.js';
import { evaluateApproval, refuseDecision } from '../../src/domain/approval.js';
import {
  isCleared,
  mayLand,
  policyNamed,
  requirementsOfStep,
  requirementsOfTier,
  type GivenApproval,
} from '../../src/domain/approval-policy.js';
import {
  layerPolicies,
  RISK_TIERS,
  type ChangeFacts,
  type NamedPolicy,
  type Policies,
  type RiskRule,
} from '../../src/domain/policies.js';
import { riskOfChange, type Risk } from '../../src/domain/risk.js';

const NO_FINDINGS = { critical: 0, high: 0, medium: 0, low: 0 };
const change: ChangeFacts = {
  repository: 'demo',
  pipeline: 'feature-development',
  labels: [],
  actions: [],
  agents: [],
  paths: ['src/a.ts'],
  additions: 1,
  deletions: 0,
  findings: NO_FINDINGS,
  requestedBy: 'maya',
};
const policy = (name: string, approvers: readonly string[], more: Partial<NamedPolicy> = {}): NamedPolicy => ({
  name,
  why: `why ${name}`,
  kind: 'any',
  approvers,
  atLeast: 1,
  ...more,
});
const policies: Policies = {
  risk: [
    { name: 'schema', why: 'the schema', kind: 'rates', tier: 'high', paths: ['db/**'] },
    { name: 'code', why: 'code', kind: 'rates', tier: 'medium', paths: ['**/*.ts'] },
    { name: 'docs', why: 'texts', kind: 'rates', tier: 'low', paths: ['**/*.md'] },
  ],
  policies: [
    policy('database-schema', ['dba'], { rules: ['schema'] }),
    policy('large', ['architect'], { when: 'change.additions > 100 && risk.tier != "low"' }),
    policy('feature', ['senior-developer']),
    policy('hotfix', ['on-call']),
  ],
  asks: { medium: 'feature', high: 'hotfix' },
  landsAlone: 'nothing',
};
const of = (paths: readonly string[], more: Partial<ChangeFacts> = {}): { change: ChangeFacts; risk: Risk } => {
  const known = { ...change, paths, ...more };
  return { change: known, risk: riskOfChange(policies, known) };
};
const rules = (requirements: readonly Requirement[]) => requirements.map(({ rule }) => rule);

describe('what a step asks for', () => {
  const step = (asked: Parameters<typeof requirementsOfStep>[0]['policy'], paths: readonly string[], more = {}) => {
    const known = of(paths, more);
    return requirementsOfStep({ name: 'Approval', policy: asked }, policies, known.change, known.risk);
  };
  const lead = { kind: 'any', approvers: ['team-lead'], atLeast: 1 } as const;

  it('is what the pipeline says, and what the policies ask for of such a change besides, with why', () => {
    expect(step(lead, ['src/a.ts'])).toEqual([{ ...lead, rule: 'Approval', why: 'the pipeline asks for it' }]);
    expect(step(lead, ['db/1.sql'])).toEqual([
      { ...lead, rule: 'Approval', why: 'the pipeline asks for it' },
      {
        kind: 'any',
        approvers: ['dba'],
        atLeast: 1,
        rule: 'database-schema',
        why: 'why database-schema (the schema: db/1.sql)',
      },
    ]);
    expect(rules(step(lead, ['src/a.ts'], { additions: 101 }))).toEqual(['Approval', 'large']);
    expect(rules(step(lead, ['a.md'], { additions: 101 }))).toEqual(['Approval']);
  });

  it('may name a policy, which is asked once', () => {
    expect(step({ kind: 'named', name: 'hotfix' }, ['src/a.ts'])).toMatchObject([
      { rule: 'hotfix', approvers: ['on-call'], why: 'the pipeline asks at Approval' },
    ]);
    expect(rules(step({ kind: 'named', name: 'database-schema' }, ['db/1.sql']))).toEqual(['database-schema']);
  });

  it('is what the policies ask for where the step names nobody, or who is asked for such a risk', () => {
    const nobody = { kind: 'policies', action: null } as const;
    expect(rules(step(nobody, ['db/1.sql']))).toEqual(['database-schema']);
    expect(step(nobody, ['src/a.ts'])).toMatchObject([{ rule: 'feature', why: 'the pipeline asks at Approval' }]);
    expect(rules(step(nobody, ['x.bin']))).toEqual(['hotfix']);
  });

  it('must name one that is there', () => {
    expect(() => policyNamed(policies, 'featur')).toThrow('There is no approval policy featur; did you mean feature?');
    expect(() => policyNamed(policies, 'zzz')).toThrow(/there are database-schema, large, feature, hotfix/);
  });
});

describe('what a tier asks for', () => {
  const tier = (moment: 'act' | 'land', paths: readonly string[], from = policies) => {
    const known = of(paths);
    return requirementsOfTier(moment, from, known.change, known.risk);
  };

  it.each([
    ['act', ['src/a.ts'], []],
    ['act', ['db/1.sql'], ['database-schema']],
    ['act', ['x.bin'], ['hotfix']],
    ['land', ['src/a.ts'], ['feature']],
    ['land', ['db/1.sql'], ['database-schema']],
    ['land', ['a.md'], ['feature']],
    ['land', [], ['feature']],
  ] as const)('before it may %s %j: %j', (moment, paths, wanted) => {
    expect(rules(tier(moment, paths))).toEqual(wanted);
  });

  it('is nobody where a repository lets changes of low risk land alone, and only those', () => {
    const alone = { ...policies, landsAlone: 'low-risk' } as const;
    expect(tier('land', ['a.md'], alone)).toEqual([]);
    expect(rules(tier('land', ['src/a.ts'], alone))).toEqual(['feature']);
  });

  it('is somebody for files that an agent changes only if people approve it, whatever lowers the risk', () => {
    const alone = { ...policies, landsAlone: 'low-risk' } as const;
    const held = [{ file: 'a.md', glob: '*.md', from: 'the permissions of devon' }];
    const override = { tier: 'low', by: 'lee', reason: 'a typo' } as const;
    const known = { ...change, paths: ['a.md'], held };
    const risk = riskOfChange(alone, known, override);
    expect(risk.tier).toBe('low');
    expect(rules(requirementsOfTier('land', alone, known, risk))).toEqual(['feature']);
  });

  it('says which risk asks', () => {
    expect(tier('act', ['x.bin'])[0]!.why).toBe('risk high: no rule knows x.bin');
    expect(tier('land', [])[0]!.why).toBe('risk low: nothing lands without a human');
  });
});

describe('a repository’s own policies', () => {
  it('come before those of the organisation and take the place of those of the same name', () => {
    const own = { risk: [policies.risk[2]!], policies: [policy('feature', ['ann'])], landsAlone: 'low-risk' } as const;
    const layered = layerPolicies(policies, own);
    expect(layered.risk.map(({ name }) => name)).toEqual(['docs', 'schema', 'code', 'docs']);
    expect(layered.policies.map(({ name }) => name)).toEqual(['feature', 'database-schema', 'large', 'hotfix']);
    expect([layered.asks, layered.landsAlone]).toEqual([policies.asks, 'low-risk']);
    expect(layerPolicies(policies, {})).toEqual(policies);
    expect(layerPolicies(policies, { asks: { medium: 'large', high: 'large' } }).asks.high).toBe('large');
    expect(layerPolicies(policies, null)).toBe(policies);
  });
});

describe('an action that people agreed to', () => {
  const risk = (...found: readonly string[]): Risk => ({
    tier: 'high',
    reasons: found.map((rule) => ({ rule, tier: rule === 'code' ? 'medium' : 'high', why: rule })),
  });

  it('need not be asked for again for the same reasons, but for new ones', () => {
    expect(isCleared(risk('schema', 'code'), [risk('schema'), risk('large')])).toBe(true);
    expect(isCleared(risk('schema', 'large'), [risk('schema')])).toBe(false);
    expect(isCleared(risk('schema'), [])).toBe(false);
    expect(isCleared(risk('registered'), [risk('registered')])).toBe(false);
  });
});

describe('a change lands', () => {
  const ann: Person = { id: 'ann', handle: 'ann', roles: ['senior-developer'] };
  const given = (patchId: string, decisions: readonly Decision[]): GivenApproval => ({
    requirements: [{ kind: 'any', approvers: ['senior-developer'], atLeast: 1, rule: 'feature', why: '' }],
    excluded: [],
    patchId,
    decisions,
  });
  const yes: Decision = { by: ann, verdict: 'approve', note: null };
  const { change: medium, risk } = of(['src/a.ts']);

  it('when people approved this very change, as was asked of them then', () => {
    expect(mayLand(policies, medium, risk, 'p1', [given('p1', [yes])])).toEqual({ kind: 'may' });
    expect(mayLand(policies, medium, risk, 'p1', [given('p1', [])])).toMatchObject({ kind: 'asks', isVoid: false });
    expect(mayLand(policies, medium, risk, 'p2', [given('p1', [yes])])).toMatchObject({ kind: 'asks', isVoid: true });
  });

  it('when its policies ask nobody', () => {
    const low = of(['a.md']);
    const alone = { ...policies, landsAlone: 'low-risk' } as const;
    expect(mayLand(alone, low.change, low.risk, 'p1', [])).toEqual({ kind: 'may' });
  });
});

describe('10,000 random sequences of policies, changes and decisions', () => {
  const ROLES = ['dba', 'lead', 'senior'];
  const people: Person[] = ['ann', 'bob', 'cem', 'dan', 'eva'].map((handle, at) => ({
    id: handle,
    handle,
    roles: ROLES.filter((_, role) => (at + 1) & (1 << role)),
  }));
  const tier = fc.constantFrom(...RISK_TIERS);
  const globs = fc.constantFrom('db/**', '**/*.ts', '**/*.md', 'src/**');
  const rule = fc.record({
    name: fc.constantFrom('r1', 'r2', 'r3'),
    why: fc.constant('why'),
    kind: fc.constantFrom('rates' as const, 'lowers' as const),
    tier,
    paths: globs.map((glob) => [glob]),
  }) satisfies fc.Arbitrary<RiskRule>;
  const namedPolicy = fc
    .record({
      kind: fc.constantFrom('any' as const, 'all' as const),
      approvers: fc.uniqueArray(fc.constantFrom(...ROLES, 'ann', 'bob'), { minLength: 1, maxLength: 3 }),
      atLeast: fc.integer({ min: 1, max: 2 }),
      paths: fc.option(
        globs.map((glob) => [glob]),
        { nil: undefined },
      ),
      rules: fc.option(fc.constantFrom(['r1'], ['r2']), { nil: undefined }),
    })
    .map((one) => ({ ...one, why: 'why' }));
  const somePolicies = fc
    .record({
      risk: fc.array(rule, { maxLength: 4 }),
      named: fc.array(namedPolicy, { minLength: 2, maxLength: 4 }),
      landsAlone: fc.constantFrom('nothing' as const, 'low-risk' as const),
    })
    .map(({ risk, named, landsAlone }): Policies => ({
      risk,
      policies: named.map((one, at) => ({ ...one, name: `p${at}` })),
      asks: { medium: 'p0', high: 'p1' },
      landsAlone,
    }));
  const someChange = fc
    .uniqueArray(fc.constantFrom('db/1.sql', 'src/a.ts', 'README.md', 'x.bin'), { minLength: 1 })
    .map((paths) => ({ paths, patch: [...paths].sort().join() }));
  const act = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('decide' as const),
        by: fc.constantFrom(...people),
        verdict: fc.constantFrom('approve' as const, 'approve' as const, 'approve' as const, 'reject' as const),
      }),
    },
    // The change moves on: what was approved is another one.
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('change' as const), to: someChange }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('policies' as const), to: somePolicies }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('ask' as const) }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('merge' as const) }) },
  );
  const owner = fc.option(fc.constantFrom('ann', 'bob'), { nil: null });

  /** Said again in other words: of each approver's name, whose yes there is. */
  const satisfied = ({ kind, approvers, atLeast }: NamedPolicy, yes: ReadonlySet<string>): boolean => {
    const isOf = (handle: string, name: string) =>
      handle === name || people.find((person) => person.handle === handle)!.roles.includes(name);
    if (kind === 'all') return approvers.every((name) => [...yes].some((handle) => isOf(handle, name)));
    return [...yes].filter((handle) => approvers.some((name) => isOf(handle, name))).length >= atLeast;
  };

  it('never merge without the approvals that the policy names', () => {
    let merged = 0;
    fc.assert(
      fc.property(
        somePolicies,
        someChange,
        owner,
        fc.array(act, { minLength: 8, maxLength: 20 }),
        (first, start, own, acts) => {
          let [now, known] = [first, start];
          const excluded = own === null ? [] : [own];
          const approvals: { given: GivenApproval; asked: readonly NamedPolicy[]; said: Decision[] }[] = [];
          for (const step of acts) {
            const facts = { ...change, paths: known.paths };
            const risk = riskOfChange(now, facts);
            const newest = approvals.at(-1);
            switch (step.kind) {
              case 'change':
                known = step.to;
                break;
              case 'policies':
                now = step.to;
                break;
              case 'ask': {
                const requirements = requirementsOfTier('land', now, facts, risk);
                if (requirements.length === 0) break;
                const said: Decision[] = [];
                const asked = requirements.map(({ rule: name }) => now.policies.find((one) => one.name === name)!);
                approvals.push({
                  given: { requirements, excluded, patchId: known.patch, decisions: said },
                  asked,
                  said,
                });
                break;
              }
              case 'decide': {
                if (!newest || evaluateApproval(newest.given, newest.said).kind !== 'open') break;
                const decision = { by: step.by, verdict: step.verdict, note: null };
                if (refuseDecision(newest.given, newest.said, decision) === null) newest.said.push(decision);
                break;
              }
              case 'merge': {
                const settled = approvals.filter(
                  ({ given, said }) => evaluateApproval(given, said).kind === 'approved',
                );
                const landing = mayLand(
                  now,
                  facts,
                  risk,
                  known.patch,
                  settled.map(({ given }) => given),
                );
                if (landing.kind !== 'may') break;
                merged += 1;
                const bound = settled.filter(({ given }) => given.patchId === known.patch);
                const isMet = bound.some(({ asked, said }) => {
                  const yes = new Set(said.filter(({ verdict }) => verdict === 'approve').map(({ by }) => by.handle));
                  return !excluded.some((id) => yes.has(id)) && asked.every((one) => satisfied(one, yes));
                });
                const everyPathIsLow =
                  now.landsAlone === 'low-risk' &&
                  risk.tier === 'low' &&
                  requirementsOfTier('land', now, facts, risk).length === 0;
                expect(isMet || everyPathIsLow).toBe(true);
                break;
              }
            }
          }
        },
      ),
      { numRuns: 10_000 },
    );
    expect(merged).toBeGreaterThan(500);
  });
});
