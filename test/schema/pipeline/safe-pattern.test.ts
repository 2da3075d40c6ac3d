import { refusePattern } from '../../../src/schema/pipeline/safe-pattern.js';

describe('refusePattern', () => {
  it.each([
    '^feature/',
    '^(feat|fix)(\\(.+\\))?: .+$',
    '[(+*)]+',
    '\\(a+\\)+',
    '(abc){2,3}',
    '(?:ab)+',
    '(?<year>\\d{4})-(\\d\\d)',
    'a{2}',
    '[^\\]]+',
    'x??',
  ])('lets %s pass', (pattern) => {
    expect(refusePattern(pattern)).toBeNull();
  });

  it.each([
    '(a+)+',
    '(a*)*$',
    '(?:a+){2,}',
    '((a+)b)*',
    '(a|aa)+$',
    '((a|b)c)*',
    '(a?){30}',
    '(x(y{2,})z)+',
    '(?=a+)*',
  ])('refuses %s, which may take forever', (pattern) => {
    expect(refusePattern(pattern)).toContain('repeats a group');
  });

  it('refuses what is too long, is no pattern, refers back, or repeats too often', () => {
    expect(refusePattern('a'.repeat(201))).toContain('201');
    expect(refusePattern('(')).toContain('no regular expression');
    expect(refusePattern('(a)\\1')).toContain('refers back');
    expect(refusePattern('(?<x>a)\\k<x>')).toContain('refers back');
    expect(refusePattern('.*'.repeat(11))).toContain('at most 10');
  });
});
