import {
  HANDOFF_ACTIONS,
  MAX_SENT_BACK,
  phaseAfter,
  phaseAfterFailure,
  phaseWork,
  placesFor,
  TDD_PHASES,
  type TddPhase,
} from '../../src/domain/tdd.js';

const walk = (integration: boolean): string[] => {
  const way: string[] = [];
  for (let phase: TddPhase | 'complete' = 'red'; phase !== 'complete'; phase = phaseAfter(phase, { integration }))
    way.push(phase);
  return way;
};

describe('the phases of a hand-off', () => {
  it('come one after the other, with or without integration tests', () => {
    expect(walk(true)).toEqual(TDD_PHASES);
    expect(walk(false)).toEqual(['red', 'green', 'refactor', 'verify']);
  });

  it('are the tester’s where tests are written or the change is verified, and the developer’s where code is', () => {
    const by = Object.fromEntries(TDD_PHASES.map((phase) => [phase, phaseWork(phase).by]));
    expect(by).toEqual({
      red: 'tester',
      green: 'developer',
      refactor: 'developer',
      'integration-red': 'tester',
      'integration-green': 'developer',
      verify: 'tester',
    });
  });

  it('end only where the tests say so', () => {
    for (const phase of TDD_PHASES.map(phaseWork))
      expect(phase.gates).toEqual([{ kind: phase.action === 'code.writeTests' ? 'red' : 'tests' }]);
  });
});

describe('the places of a hand-off', () => {
  it.each([
    [['code.writeTests', 'test.verify'], ['tester']],
    [['code.implement', 'code.refactor'], ['developer']],
    [[...HANDOFF_ACTIONS], ['tester', 'developer']],
    [['code.writeTests', 'code.implement'], []],
  ])('who can do %j can take %j', (able, places) => {
    expect(placesFor((action) => able.includes(action))).toEqual(places);
  });
});

describe('a phase that failed for good', () => {
  const blocked = { code: 'review-blocked' };

  it('sends what a verification found back to the developer, not for ever', () => {
    expect(phaseAfterFailure('verify', blocked, { integration: true }, 0)).toBe('integration-green');
    expect(phaseAfterFailure('verify', { code: 'gate-failed' }, { integration: false }, 1)).toBe('green');
    expect(phaseAfterFailure('verify', { code: 'safety-net-triggered' }, { integration: false }, 1)).toBe('green');
    expect(phaseAfterFailure('verify', blocked, { integration: true }, MAX_SENT_BACK)).toBe('failed');
  });

  it('ends the hand-off otherwise', () => {
    expect(phaseAfterFailure('green', blocked, { integration: true }, 0)).toBe('failed');
    expect(phaseAfterFailure('verify', { code: 'no-agent' }, { integration: true }, 0)).toBe('failed');
  });
});
