import type { ChangeFacts, Policies, RiskRule } from '../../src/domain/policies.js';
import { riskOfAction, riskOfChange } from '../../src/domain/risk.js';

const facts = (known: Partial<ChangeFacts> = {}): ChangeFacts => ({
  repository: 'demo',
  pipeline: 'feature-development',
  labels: [],
  actions: [],
  agents: [],
  paths: [],
  additions: 0,
  deletions: 0,
  findings: { critical: 0, high: 0, medium: 0, low: 0 },
  requestedBy: 'maya',
  ...known,
});
const rates = (name: string, tier: RiskRule['tier'], selector: object): RiskRule => ({
  name,
  why: `it is ${name}`,
  kind: 'rates',
  tier,
  ...selector,
});
const RULES = [
  rates('schema', 'high', { paths: ['db/**'] }),
  rates('docs', 'low', { paths: ['**/*.md'] }),
  rates('code', 'medium', { paths: ['**/*.ts'] }),
  rates('agent-work', 'medium', { actions: ['code.*'] }),
  rates('deploys', 'high', { actions: ['deploy.*'] }),
  rates('labelled', 'high', { labels: ['security'] }),
  rates('large', 'high', { when: 'change.additions + change.deletions > 500' }),
  rates('new-agent', 'medium', { agents: ['rookie'] }),
];
const policies = (...more: readonly RiskRule[]): Policies => ({
  risk: [...RULES, ...more],
  policies: [],
  asks: { medium: 'feature', high: 'feature' },
  landsAlone: 'nothing',
});

describe('the risk of a change', () => {
  it.each([
    ['texts alone', { paths: ['README.md', 'docs/a.md'] }, 'low', 'docs'],
    ['code beside texts', { paths: ['README.md', 'src/a.ts'] }, 'medium', 'code'],
    ['a path of high risk', { paths: ['src/a.ts', 'db/1.sql', 'README.md'] }, 'high', 'schema'],
    ['the first rule that names a path', { paths: ['db/notes.md'] }, 'high', 'schema'],
    ['a path that no rule knows', { paths: ['README.md', 'x.bin'] }, 'high', 'unknown'],
    ['paths that nobody knows', { paths: null }, 'high', 'unknown'],
    ['a label', { paths: ['README.md'], labels: ['docs', 'security'] }, 'high', 'labelled'],
    ['its size', { paths: ['a.ts'], additions: 400, deletions: 101 }, 'high', 'large'],
    ['who made it', { paths: ['README.md'], agents: ['rookie'] }, 'medium', 'new-agent'],
    ['nothing changed', {}, 'low', undefined],
    ['not by the action that made it', { paths: ['README.md'], actions: ['deploy.now'] }, 'low', 'docs'],
  ] as const)('comes from %s', (_what, known, tier, rule) => {
    const risk = riskOfChange(policies(), facts(known));
    expect([risk.tier, risk.reasons[0]?.rule]).toEqual([tier, rule]);
  });

  it('is high where an agent changes a file only if people approve it, with the glob and whose rule it is', () => {
    const held = [{ file: 'a.md', glob: '*.md', from: 'the permissions of devon' }];
    expect(riskOfChange(policies(), facts({ paths: ['a.md'], held }))).toEqual({
      tier: 'high',
      reasons: [
        {
          rule: 'files.approval',
          tier: 'high',
          why: 'an agent changes it only if people approve it (*.md, the permissions of devon): a.md',
        },
        { rule: 'docs', tier: 'low', why: 'it is docs: a.md' },
      ],
    });
  });

  it('tells every reason once, the weightiest first', () => {
    expect(riskOfChange(policies(), facts({ paths: ['a.md', 'db/1.sql'], labels: ['security'] })).reasons).toEqual([
      { rule: 'schema', tier: 'high', why: 'it is schema: db/1.sql' },
      { rule: 'labelled', tier: 'high', why: 'it is labelled' },
      { rule: 'docs', tier: 'low', why: 'it is docs: a.md' },
    ]);
  });

  it('is lowered by a trusted context, to the lowest that one allows, and says so', () => {
    const lowers = (tier: RiskRule['tier']): RiskRule => ({
      name: `to-${tier}`,
      why: 'agreed on beforehand',
      kind: 'lowers',
      tier,
      pipelines: ['runbook'],
    });
    const trusting = policies(lowers('medium'), lowers('low'));
    const change = facts({ paths: ['db/1.sql'], pipeline: 'runbook' });
    expect(riskOfChange(trusting, change)).toMatchObject({
      tier: 'low',
      reasons: [{ rule: 'to-low' }, { rule: 'schema' }],
    });
    expect(riskOfChange(trusting, { ...change, pipeline: 'other' }).tier).toBe('high');
    expect(riskOfChange(policies(lowers('medium')), { ...change, paths: ['a.md'] })).toMatchObject({
      tier: 'low',
      reasons: [{ rule: 'docs' }],
    });
  });

  it('is raised by what was set for an earlier run, never lowered', () => {
    const earlier = (tier: RiskRule['tier']) => ({ tier, by: 'lee', reason: 'seen before', onlyRaises: true });
    expect(riskOfChange(policies(), facts({ paths: ['a.ts'] }), earlier('high')).tier).toBe('high');
    expect(riskOfChange(policies(), facts({ paths: ['a.ts'] }), earlier('low')).tier).toBe('medium');
  });

  it('is not lowered for paths that nobody knows', () => {
    const docs: RiskRule = { name: 'docs', why: 'texts only', kind: 'lowers', tier: 'low', paths: ['**/*.md'] };
    expect(riskOfChange(policies(docs), facts({ paths: null })).tier).toBe('high');
  });

  it('is what a person set, with their reason', () => {
    const override = { tier: 'low', by: 'lee', reason: 'a typo in a comment' } as const;
    expect(riskOfChange(policies(), facts({ paths: ['db/1.sql'] }), override)).toMatchObject({
      tier: 'low',
      reasons: [
        { rule: 'override', why: 'lee set it: a typo in a comment' },
        { rule: 'schema', tier: 'high' },
      ],
    });
  });
});

describe('the risk of an action', () => {
  const acts = { looksOnly: false, declared: null };

  it('is low where it only looks', () => {
    expect(
      riskOfAction(policies(), facts({ actions: ['x'], labels: ['security'] }), { ...acts, looksOnly: true }),
    ).toEqual({
      tier: 'low',
      reasons: [{ rule: 'read-only', tier: 'low', why: 'it changes nothing' }],
    });
  });

  it.each([
    ['a rule that names it', { actions: ['code.fix'] }, 'medium', 'agent-work'],
    ['a rule of high risk', { actions: ['deploy.now'] }, 'high', 'deploys'],
    ['no rule that names it', { actions: ['mystery'] }, 'high', 'unknown'],
    ['the change so far', { actions: ['code.fix'], paths: ['db/1.sql'] }, 'high', 'schema'],
    ['not what of the change no rule knows', { actions: ['code.fix'], paths: ['x.bin'] }, 'medium', 'agent-work'],
    ['a label', { actions: ['code.fix'], labels: ['security'] }, 'high', 'labelled'],
    ['nobody knows what was changed', { actions: ['code.fix'], paths: null }, 'medium', 'agent-work'],
  ] as const)('comes from %s', (_what, known, tier, rule) => {
    const risk = riskOfAction(policies(), facts(known), acts);
    expect([risk.tier, risk.reasons[0]?.rule]).toEqual([tier, rule]);
  });

  it('is as its agent is registered where no rule names it', () => {
    const known = facts({ actions: ['patch'] });
    expect(riskOfAction(policies(), known, { ...acts, declared: 'AUTO' })).toMatchObject({
      tier: 'medium',
      reasons: [{ rule: 'registered' }],
    });
    expect(riskOfAction(policies(), known, { ...acts, declared: 'APPROVAL_REQUIRED' }).tier).toBe('high');
  });
});
