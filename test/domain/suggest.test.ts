import fc from 'fast-check';
import { suggest } from '../../src/domain/suggest.js';

describe('suggest', () => {
  const known = ['reviewer', 'developer', 'tester', 'id'];

  it.each([
    ['reviwer', 'reviewer'],
    ['REVIEWER', 'reviewer'],
    ['develloper', 'developer'],
    ['testr', 'tester'],
    ['reviewers', 'reviewer'],
  ])('%s → %s', (wrong, meant) => {
    expect(suggest(wrong, known)).toBe(meant);
  });

  it.each(['gardener', 'xy', 'foo', ''])('has no idea what %j was meant to be', (wrong) => {
    expect(suggest(wrong, known)).toBeNull();
  });

  it('has no idea where nothing is known', () => {
    expect(suggest('a', [])).toBeNull();
  });

  it('finds every name of some length again with one letter wrong', () => {
    const name = fc.constantFrom('createBranch', 'role:reviewer', 'dependsOn', 'coverage');
    fc.assert(
      fc.property(name, fc.nat(), fc.constantFrom('', 'q', 'qq'), (right, place, put) => {
        const at = place % right.length;
        expect(suggest(right.slice(0, at) + put + right.slice(at + 1), [right, 'something', 'else'])).toBe(right);
      }),
    );
  });
});
