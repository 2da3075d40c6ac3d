import fc from 'fast-check';
import { freeBranchName } from '../../src/domain/branch-name.js';

const choose = (wanted: string, existing: readonly string[], isOwn = false) =>
  freeBranchName(wanted, existing, { isOwn });

describe('the name of a new branch', () => {
  it('is the wanted one where no branch is in its way', () => {
    expect(choose('fix/12-x', ['main', 'fixes', 'fix/12'])).toEqual({ branch: 'fix/12-x', clash: null });
  });

  it('leaves the folder whose name a branch has', () => {
    expect(choose('fix/12-x', ['main', 'fix'])).toEqual({ branch: 'fix-12-x', clash: 'fix' });
    expect(choose('a/b/c/d', ['a/b'])).toEqual({ branch: 'a-b-c/d', clash: 'a/b' });
    expect(choose('a/b/c', ['a', 'a-b'])).toEqual({ branch: 'a-b-c', clash: 'a' });
  });

  it('counts on where a branch has the name, or lies below it', () => {
    expect(choose('fix/12', ['fix/12', 'fix/12-2'])).toEqual({ branch: 'fix/12-3', clash: 'fix/12' });
    expect(choose('fix', ['fix/12', 'fix/13', 'fix-2/x'])).toEqual({ branch: 'fix-3', clash: 'fix/12' });
    expect(choose('fix/12', ['fix', 'fix-12'])).toEqual({ branch: 'fix-12-2', clash: 'fix' });
  });

  it('takes names that differ only by case for the same', () => {
    expect(choose('fix/12', ['FIX/12'])).toEqual({ branch: 'fix/12-2', clash: 'FIX/12' });
    expect(choose('fix/12', ['Fix'])).toEqual({ branch: 'fix-12', clash: 'Fix' });
    expect(choose('Fix', ['fix/12'])).toEqual({ branch: 'Fix-2', clash: 'fix/12' });
  });

  it('may be one that exists where that is the wanted branch itself, but for its case', () => {
    expect(choose('fix/12', ['fix/12'], true)).toEqual({ branch: 'fix/12', clash: null });
    expect(choose('fix/12', ['Fix/12'], true)).toEqual({ branch: 'fix/12-2', clash: 'Fix/12' });
    expect(choose('fix/12', ['fix', 'fix-12'], true)).toEqual({ branch: 'fix-12', clash: 'fix' });
  });

  it('never clashes with another, and is the same each time', () => {
    const name = fc
      .array(fc.constantFrom('a', 'A', 'b', 'a-b', 'a-2'), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.join('/'));
    fc.assert(
      fc.property(name, fc.uniqueArray(name, { maxLength: 12 }), (wanted, existing) => {
        const { branch } = choose(wanted, existing);
        const below = (one: string, other: string) => `${one}/`.toLowerCase().startsWith(`${other}/`.toLowerCase());
        expect(existing.filter((other) => below(branch, other) || below(other, branch))).toEqual([]);
        expect(choose(wanted, [...existing].reverse()).branch).toBe(branch);
      }),
    );
  });
});
