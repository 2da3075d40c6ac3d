import {
  actionMode,
  judgesChange,
  ACTIONS,
  BUILT_IN_AGENTS,
  findAction,
  isPerRepository,
  ROLES,
} from '../../src/domain/catalogue.js';

describe('the catalogue', () => {
  it('knows every action of R3.10', () => {
    const named = {
      git: 'createBranch',
      code: 'implement writeTests reproduce diagnose fix refactor',
      test: 'verify',
      review: 'security code expedited',
      github: 'createPR merge createIssues',
      audit: 'dependencies secrets sast',
      report: 'generate',
      notify: 'slack email webhook',
    };
    for (const [family, actions] of Object.entries(named)) {
      for (const action of actions.split(' '))
        expect(findAction(`${family}.${action}`)?.name).toBe(`${family}.${action}`);
    }
  });

  it('names nothing twice', () => {
    expect(new Set(ACTIONS.map(({ name }) => name)).size).toBe(ACTIONS.length);
    expect(new Set(ROLES).size).toBe(ROLES.length);
    const capabilities = BUILT_IN_AGENTS.flatMap((agent) => agent.capabilities);
    expect(new Set(capabilities).size).toBe(capabilities.length);
  });

  it('does not know other names, even those of every object', () => {
    expect(findAction('code.dance')).toBeUndefined();
    expect(findAction('constructor')).toBeUndefined();
  });
});

describe('actionMode', () => {
  it('is the catalogue’s for its own actions, whatever a capability says', () => {
    expect(actionMode('code.fix', null)).toBe('change');
    expect(actionMode('code.fix', 'analysis')).toBe('change');
    expect(actionMode('review.code', 'change')).toBe('analysis');
  });

  it('is what the capability declares for any other; one that declares nothing only looks', () => {
    expect(actionMode('suggestFix', 'change')).toBe('change');
    expect(actionMode('suggestFix', null)).toBe('analysis');
  });
});

describe('judgesChange', () => {
  it('is true of reviews and verifications, whose findings are held against the change', () => {
    expect(['review.code', 'test.verify'].every(judgesChange)).toBe(true);
    expect(['code.fix', 'scanRepository', 'orchestrate.advise'].some(judgesChange)).toBe(false);
  });
});

describe('isPerRepository', () => {
  it('is true of what looks at one repository at a time', () => {
    expect(['audit.sast', 'auditProject'].every(isPerRepository)).toBe(true);
    expect(['report.generate', 'checkPolicy', 'scanRepository'].some(isPerRepository)).toBe(false);
  });
});
