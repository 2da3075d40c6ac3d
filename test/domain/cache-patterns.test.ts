import { asPattern, cachePatterns } from '../../src/domain/cache-patterns.js';

describe('what tools leave in a worktree', () => {
  it.each([
    ['pom.xml', 'target/'],
    ['crates/one/Cargo.toml', 'target/'],
    ['build.gradle.kts', 'build/'],
    ['pyproject.toml', '*.egg-info/'],
    ['yarn.lock', '.yarn/cache/'],
  ])('with %s is excluded: %s', (manifest, pattern) => {
    expect(cachePatterns([manifest])).toContain(pattern);
    expect(cachePatterns(['README.md'])).not.toContain(pattern);
  });

  it('is excluded everywhere for what has no other use', () => {
    expect(cachePatterns([])).toEqual(expect.arrayContaining(['node_modules/', '__pycache__/', '*.pyc', '.venv/']));
  });

  it.each([
    ['vendor/node_modules/left-pad/index.js', 'node_modules/'],
    ['fixtures/old.pyc', '*.pyc'],
    ['demo.egg-info/PKG-INFO', '*.egg-info/'],
  ])('is not excluded where the repository keeps it: %s', (path, pattern) => {
    expect(cachePatterns(['setup.py', path])).not.toContain(pattern);
  });
});

it.each([
  ['src/made', '/src/made'],
  ['a*b?[c]\\d', '/a\\*b\\?\\[c\\]\\\\d'],
  ['#made', '/\\#made'],
  ['!made ', '/\\!made\\ '],
])('the pattern of the path %s stands for it only', (path, pattern) => {
  expect(asPattern(path)).toBe(pattern);
});
