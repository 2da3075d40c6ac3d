import { joinOutputs } from '../../src/domain/join-outputs.js';

const NONE = { critical: 0, high: 0, medium: 0, low: 0, info: 0, total: 0 };
const scan = (verdict: string, more: Record<string, unknown> = {}) => ({
  verdict,
  commit: 'c',
  summary: NONE,
  findings: [],
  ...more,
});

describe('one output for several repositories', () => {
  it('sums scans, and names what nobody could look at', () => {
    const found = scan('fail', { summary: { ...NONE, critical: 2, total: 2 }, findings: [{}, {}] });
    const unclear = scan('inconclusive', { commit: null, inconclusive: { why: 'no data', mend: 'Fetch it.' } });
    const parts = [
      { repository: 'web', output: found },
      { repository: 'api', output: unclear },
    ];
    expect(joinOutputs('audit', parts as never)).toEqual({
      verdict: 'fail',
      summary: { ...NONE, critical: 2, total: 2 },
      findings: { of: ['audit'], count: 2 },
      repositories: [
        { repository: 'web', verdict: 'fail', commit: 'c' },
        { repository: 'api', verdict: 'inconclusive', commit: null },
      ],
      lookedAt: 1,
      inconclusive: [{ why: 'no data', mend: 'Fetch it.', repository: 'api' }],
      told: '1 of 2 repositories could not be looked at: api (no data)',
    });
  });

  it('passes only where all were looked at', () => {
    const pass = { repository: 'web', output: scan('pass') };
    const unclear = { repository: 'api', output: scan('inconclusive', { inconclusive: { why: 'no data' } }) };
    expect(joinOutputs('audit', [pass] as never)).toMatchObject({
      verdict: 'pass',
      told: '1 repository was looked at',
    });
    expect(joinOutputs('audit', [pass, pass] as never)).toMatchObject({ told: '2 repositories were looked at' });
    expect(joinOutputs('audit', [pass, unclear] as never)).toMatchObject({ verdict: 'inconclusive' });
  });

  it('takes what it knows of an output of another shape', () => {
    const odd = { repository: 'web', output: { verdict: 'pass', summary: 'fine', findings: null } };
    expect(joinOutputs('audit', [odd])).toMatchObject({
      summary: NONE,
      findings: { count: 0 },
      repositories: [{ repository: 'web', verdict: 'pass', commit: null }],
    });
    const worse = { repository: 'api', output: { verdict: 'pass', summary: { novel: 2, critical: 'many' } } };
    expect(joinOutputs('audit', [worse])).toMatchObject({ summary: { ...NONE, novel: 2 } });
  });

  it('weighs compliance', () => {
    const parts = [
      { repository: 'web', output: { compliant: true, score: 100, weight: { held: 3, all: 3 }, violations: [] } },
      {
        repository: 'api',
        output: { compliant: false, score: 0, weight: { held: 0, all: 1 }, violations: [{ rule: 'a' }, 'b'] },
      },
      { repository: 'cli', output: { score: 100, weight: { held: 0, all: 0 } } },
    ];
    expect(joinOutputs('check', parts)).toEqual({
      compliant: false,
      score: 75,
      weight: { held: 3, all: 4 },
      violations: [{ rule: 'a', repository: 'api' }, 'b'],
      repositories: [
        { repository: 'web', score: 100, compliant: true },
        { repository: 'api', score: 0, compliant: false },
        { repository: 'cli', score: 100, compliant: null },
      ],
    });
  });

  it('lists what it does not know, also where nothing was given', () => {
    expect(
      joinOutputs('x', [
        { repository: 'web', output: { score: 1, weight: 'much' } },
        { repository: 'api', output: null },
      ]),
    ).toEqual({
      repositories: [{ score: 1, weight: 'much', repository: 'web' }, { repository: 'api' }],
    });
    expect(joinOutputs('x', [{ repository: 'web', output: { score: 1 } }])).toEqual({
      repositories: [{ score: 1, repository: 'web' }],
    });
  });
});
