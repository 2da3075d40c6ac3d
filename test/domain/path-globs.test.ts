import fc from 'fast-check';
import { mayLieBelow, pathMatcher, wideMatcher } from '../../src/domain/path-globs.js';

describe('pathMatcher', () => {
  it.each([
    ['.env*', '.env', true],
    ['.env*', 'web/.env.local', true],
    ['.env*', '.environment/x', true],
    ['.env*', 'web/env', false],
    ['infrastructure/*', 'infrastructure/main.tf', true],
    ['infrastructure/*', 'infrastructure/prod/main.tf', true],
    ['infrastructure/*', 'infrastructure', false],
    ['infrastructure/*', 'web/infrastructure/main.tf', false],
    ['docs/', 'web/docs/a.md', true],
    ['/docs', 'web/docs/a.md', false],
    ['/docs', 'docs/a.md', true],
    ['**/schema.sql', 'schema.sql', true],
    ['**/schema.sql', 'db/a\nb/schema.sql', true],
    ['**/migration*', 'db/migrations/0001.sql', true],
    ['**/migration*', 'src/immigration.ts', false],
    ['web/**', 'web/a/b.js', true],
    ['web/**', 'Web/a.js', false],
    ['*.{md,txt}', 'a/b.txt', true],
  ])('%s names %s: %s', (glob, path, is) => {
    expect(pathMatcher(glob)(path)).toBe(is);
  });
});

describe('wideMatcher', () => {
  it.each([
    ['.env*', '.ENV'],
    ['.env*', 'a/.e\u00adnv'],
    ['.env*', '․env'],
    ['*secret*', 'Ｓecrets.txt'],
    ['*secret*', 'ſecret'],
    ['infrastructure/*', 'Infrastructure/main.tf'],
    ['infrastructure/*', 'infrastructure ./main.tf'],
    ['infrastructure/*', 'infrastructure\\main.tf'],
    ['INFRASTRUCTURE/*', 'infrastructure/a'],
    ['caf\u00e9/*', 'cafe\u0301/a'],
  ])('%s names %s', (glob, path) => {
    expect(wideMatcher(glob)(path)).toBe(true);
  });

  it('leaves apart what no file system takes for the same', () => {
    expect(wideMatcher('.env*')('env')).toBe(false);
    expect(wideMatcher('a/b')('a/.../b')).toBe(false);
  });

  it('names whatever the plain one names, in every case', () => {
    const part = fc.constantFrom('a', 'B', 'env', '.env', 'Infra', 'x.sql');
    const paths = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
    const globs = fc.constantFrom('.env*', 'Infra/*', '**/x.sql', 'a', '/a/B', '*.sql');
    fc.assert(
      fc.property(globs, paths, (glob, path) => {
        if (!pathMatcher(glob)(path)) return;
        for (const written of [path, path.toUpperCase(), path.toLowerCase()])
          expect(wideMatcher(glob)(written)).toBe(true);
      }),
    );
  });
});

describe('mayLieBelow', () => {
  it('says whether what a glob names is in the place of which somebody puts a link', () => {
    const isBelow = mayLieBelow('.github/workflows/*.yml');
    expect(isBelow('.github')).toBe(true);
    expect(isBelow('.GitHub/workflows')).toBe(true);
    expect(isBelow('.git')).toBe(false);
    expect(isBelow('.github/actions')).toBe(false);
    expect(mayLieBelow('.env')('.env')).toBe(false);
  });
});
