import {
  changesBetween,
  describeUpdate,
  groupUpdates,
  limitGroups,
  skippedBy,
  summariseUpdates,
  type DependencyUpdate,
} from '../../src/domain/dependency-update.js';
import { jsonBytes } from '../../src/domain/json.js';

const update = (name: string, from: string, to: string | null, vulnerable = false): DependencyUpdate => ({
  name,
  from,
  to,
  vulnerable,
});
const groups = (...updates: DependencyUpdate[]) =>
  groupUpdates('demo', updates).map(({ group, title, packages }) => [group, title, packages.map(({ name }) => name)]);

describe('updates', () => {
  it('are grouped: what is vulnerable, what stays within its major version, and each that does not', () => {
    expect(
      groups(
        update('zod', '4.0.0', '4.1.0'),
        update('ajv', '8.0.0', '8.0.1'),
        update('@types/node', '24.0.0', '26.0.0'),
        update('lodash', '4.17.15', '5.0.0', true),
        update('deep', '1.0.0', null, true),
      ),
    ).toEqual([
      ['security', '2 vulnerable packages', ['deep', 'lodash']],
      ['minor', '2 minor updates', ['ajv', 'zod']],
      ['major-types-node', '@types/node 24.0.0 → 26.0.0', ['@types/node']],
    ]);
    expect(groups()).toEqual([]);
  });

  it.each([
    ['0.2.0', '0.2.9', 'minor'],
    ['0.2.0', '0.3.0', 'major-a'],
    ['0.0.1', '0.0.2', 'major-a'],
    ['1.0.0', '1.9.0', 'minor'],
    ['1', '2.0.0', 'major-a'],
  ])('from %s to %s are %s', (from, to, group) => {
    expect(groups(update('a', from, to)).map(([name]) => name)).toEqual([group]);
  });

  it('are told in a line', () => {
    expect(describeUpdate(update('a', '1.0.0', '1.0.1'))).toBe('a 1.0.0 → 1.0.1');
    expect(describeUpdate(update('a', '1.0.0', null))).toBe('a 1.0.0, as new as it may be');
  });

  it('are as many groups as a step hands on, what is vulnerable first', () => {
    const many = ['b', 'c'].flatMap((repository) =>
      groupUpdates(
        repository,
        Array.from({ length: 30 }, (_, index) =>
          update(`p${index}`, '1.0.0', index === 0 ? '1.0.1' : '2.0.0', index === 0),
        ),
      ),
    );
    const kept = limitGroups(many);
    expect(kept.slice(0, 2).map(({ repository, group }) => `${repository} ${group}`)).toEqual([
      'b security',
      'c security',
    ]);
    expect(kept).toHaveLength(20);
    const large = groupUpdates('d', [update('x'.repeat(8_000), '1.0.0', '2.0.0')]);
    expect(limitGroups([...many, ...large].slice(-2)).map(({ repository }) => repository)).toEqual(['c']);
    expect(jsonBytes(kept as never)).toBeLessThan(7 * 1024);
  });
});

describe('a changelog', () => {
  const log = [
    '# Changelog',
    '',
    '## Unreleased',
    '',
    '## [2.1.0] - 2026-01-01',
    '- b',
    '',
    '## v2.0.0',
    '- a',
    '',
    '## 1.9.0',
    '- old',
  ];

  it.each([
    ['1.9.0', '2.1.0', '## [2.1.0] - 2026-01-01\n- b\n\n## v2.0.0\n- a'],
    ['1.9.0', '2.1', '## [2.1.0] - 2026-01-01\n- b\n\n## v2.0.0\n- a'],
    ['2.0.0', '2.1.0', '## [2.1.0] - 2026-01-01\n- b'],
    ['1.9.0', '2.0.0', '## v2.0.0\n- a'],
    ['1.0.0', '1.9.0', '## 1.9.0\n- old'],
    ['0.9.0', '1.0.0', ''],
  ])('after %s up to %s is a part of it', (from, to, part) => {
    expect(changesBetween(log.join('\n'), from, to)).toBe(part);
  });

  it('that names no versions says nothing', () => {
    expect(changesBetween('Many things\n', '1.0.0', '2.0.0')).toBe('');
  });
});

describe('the look at a repository', () => {
  const NPM = ['package.json', 'package-lock.json'];

  it('is whole where it has npm packages at its root only', () => {
    expect(skippedBy(['src/a.ts', ...NPM])).toBeNull();
  });

  it('names the files of package managers that are not updated, at most five', () => {
    expect(skippedBy([...NPM, 'web/package-lock.json', 'api/go.mod'])).toMatchObject({
      why: 'in part: only npm packages of its root are updated, api/go.mod, web/package-lock.json are not read',
    });
    const many = Array.from({ length: 7 }, (_, index) => `${index}/Cargo.toml`);
    expect(skippedBy(many)?.why).toMatch(/, 0\/Cargo\.toml, .*4\/Cargo\.toml and 2 more are not read$/);
    expect(skippedBy(['pyproject.toml'])).toEqual({
      why: 'only npm packages are updated: it has no package.json with a package-lock.json at its root, pyproject.toml is not read',
      fix: 'Update these packages with the tool of their package manager.',
    });
  });

  it('says what to commit where there is no package manager', () => {
    expect(skippedBy(['package.json'])).toEqual({
      why: 'only npm packages are updated, and it has no package.json with a package-lock.json at its root',
      fix: 'Commit a package.json with its package-lock.json at the root, if it has npm packages.',
    });
  });
});

describe('the line on updates', () => {
  const looked = (repository: string, skipped: string | null) => ({
    repository,
    skipped: skipped === null ? null : { why: skipped, fix: 'Fix it.' },
    groups: skipped === null ? groupUpdates(repository, [update('a', '1.0.0', '1.1.0')]) : [],
  });

  it('says what was skipped and why', () => {
    expect(summariseUpdates([looked('one', null)], 0)).toBe('1 group of updates');
    expect(summariseUpdates([looked('one', null), looked('two', null), looked('api', 'it has no lock file')], 1)).toBe(
      '2 groups of updates, 1 of them left for the next run; 1 of 3 repositories skipped: api (it has no lock file)',
    );
    const many = Array.from({ length: 11 }, (_, index) => looked(`r${index}`, 'x'));
    expect(summariseUpdates(many, 0)).toMatch(
      /^0 groups of updates; 11 of 11 repositories skipped: r0 \(x\), .*, and 1 more$/,
    );
  });
});
