import { territoryFor } from '../../src/domain/territory.js';

const known = [
  { role: 'developer', globs: ['src/**'] },
  { role: 'frontend-developer', globs: ['web/**'] },
];
const rolesOf = (roles: readonly string[], asked: string | null, action = 'code.implement'): readonly string[] | null =>
  territoryFor(roles, asked, action, known)?.map(({ role }) => role) ?? null;

describe('territoryFor', () => {
  it('is that of all roles which may do the action', () => {
    expect(rolesOf(['developer', 'frontend-developer'], null)).toEqual(['developer', 'frontend-developer']);
    expect(rolesOf(['developer', 'reviewer'], null)).toEqual(['developer']);
  });

  it('is only that of the role which the step asks for', () => {
    expect(rolesOf(['developer', 'frontend-developer'], 'frontend-developer')).toEqual(['frontend-developer']);
  });

  it('is that of the family where the role has none of its own', () => {
    expect(rolesOf(['backend-developer'], null)).toEqual(['developer']);
  });

  it('is everywhere for who holds a role without one, or none that may do the action', () => {
    expect(rolesOf(['frontend-developer', 'scribe'], null)).toBeNull();
    expect(rolesOf([], null)).toBeNull();
    expect(rolesOf(['developer'], 'devops')).toBeNull();
  });
});
