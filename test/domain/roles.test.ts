import { ACTIONS, ROLES } from '../../src/domain/catalogue.js';
import {
  actionsOf,
  familyOf,
  findOutsideRole,
  mayDo,
  mayDoInAny,
  type PathChange,
  ROLE_ACTIONS,
} from '../../src/domain/roles.js';

describe('mayDo', () => {
  it('keeps roles apart', () => {
    expect(mayDo('developer', 'code.implement')).toBe(true);
    expect(mayDo('tester', 'code.implement')).toBe(false);
    expect(mayDo('developer', 'code.writeTests')).toBe(false);
    expect(mayDo('security-reviewer', 'code.fix')).toBe(false);
    expect(mayDo('orchestrator', 'code.fix')).toBe(false);
  });

  it('goes by the family', () => {
    expect(familyOf('security-reviewer')).toBe('reviewer');
    expect(familyOf('qa-breaker')).toBe('qa-breaker');
    expect(familyOf('prompt-engineer')).toBe('prompt-engineer');
    expect(familyOf('scribe')).toBeNull();
    expect(mayDo('security-reviewer', 'review.security')).toBe(true);
  });

  it('leaves to anybody what no role is named for, and sets no bounds to a role of a project’s own', () => {
    expect(mayDo('reviewer', 'evaluateRisk')).toBe(true);
    expect(mayDo('scribe', 'code.implement')).toBe(true);
  });

  it('lists what a role may do of the catalogue; one of a project’s own has no list', () => {
    expect(actionsOf('security-reviewer')).toEqual(ROLE_ACTIONS['reviewer']);
    expect(actionsOf('scribe')).toBeNull();
  });

  it('is enough in one of several roles', () => {
    expect(mayDoInAny(['developer', 'tester'], 'code.writeTests')).toBe(true);
    expect(mayDoInAny(['developer'], 'code.writeTests')).toBe(false);
    expect(mayDoInAny([], 'code.writeTests')).toBe(true);
  });

  it('knows every role of the catalogue, and only actions of it', () => {
    expect(ROLES.filter((role) => familyOf(role) === null)).toEqual([]);
    const actions = ACTIONS.map(({ name }) => name);
    expect(
      Object.values(ROLE_ACTIONS)
        .flat()
        .filter((action) => !actions.includes(action)),
    ).toEqual([]);
  });
});

describe('findOutsideRole', () => {
  const isTest = (path: string): boolean => path.startsWith('test/');
  const change = (path: string, status: PathChange['status'] = 'modified'): PathChange => ({ path, status });
  const filesOf = (action: string, ...changes: readonly PathChange[]) =>
    findOutsideRole(action, changes, isTest)?.files ?? [];

  it.each(['code.fix', 'code.refactor'])('is any test for %s', (action) => {
    expect(filesOf(action, change('src/a.js'), change('test/a.js'), change('test/b.js', 'added'))).toEqual([
      'test/a.js',
      'test/b.js',
    ]);
    expect(findOutsideRole(action, [change('src/a.js')], isTest)).toBeNull();
  });

  it('is a test that stood before for code.implement; new ones are its own', () => {
    const [standing, gone, fresh] = [change('test/a.js'), change('test/b.js', 'deleted'), change('test/c.js', 'added')];
    expect(filesOf('code.implement', change('src/a.js'), standing, gone, fresh)).toEqual(['test/a.js', 'test/b.js']);
  });

  it.each(['code.writeTests', 'code.reproduce'])('is source for %s, not configuration or other files', (action) => {
    expect(
      filesOf(action, change('test/a.js'), change('src/a.ts'), change('jest.config.ts'), change('README.md')),
    ).toEqual(['src/a.ts']);
  });

  it('is nothing for other actions', () => {
    expect(filesOf('polish', change('test/a.js'), change('src/a.js'))).toEqual([]);
  });
});
