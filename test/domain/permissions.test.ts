import fc from 'fast-check';
import {
  DEFAULT_PERMISSIONS,
  denialsOf,
  heldFiles,
  linkedPath,
  permissionsOf,
  repositoryDenial,
  tellDenial,
  tellPath,
  tokenDenial,
  type FileChange,
  type FileKind,
  type PermissionLayer,
} from '../../src/domain/permissions.js';
import type { Territory } from '../../src/domain/territory.js';

const file = (path: string, before: FileKind | null = 'file', after: FileKind | null = 'file'): FileChange => ({
  path,
  before,
  after,
  target: null,
});
const link = (path: string, target: string): FileChange => ({ path, before: null, after: 'link', target });
const branch = { name: 'work', isNew: false, isProtected: false };
const WEB: Territory = { role: 'frontend-developer', globs: ['web/**'] };

const denied = (
  files: readonly FileChange[],
  given: PermissionLayer = {},
  territory: readonly Territory[] | null = null,
): string[] => denialsOf({ agent: 'devon', given, territory }, { files, branch }).map(tellDenial);

describe('permissionsOf', () => {
  it('has the defaults of R7.5', () => {
    expect(permissionsOf({})).toEqual(DEFAULT_PERMISSIONS);
    expect(DEFAULT_PERMISSIONS).toMatchObject({
      repositories: { denied: ['infrastructure', 'secrets'] },
      may: { forcePush: false, mergeToMain: false, changeCi: false, readSecrets: false },
      files: { never: ['.env*', '*secret*', 'infrastructure/*'], approval: ['**/schema.sql', '**/migration*'] },
    });
  });

  it('takes what an agent’s row says, field by field', () => {
    expect(permissionsOf({ files: { never: ['a'], approval: undefined } }).files).toEqual({
      never: ['a'],
      approval: ['**/schema.sql', '**/migration*'],
    });
  });
});

describe('a change', () => {
  it('of plain files may leave, whatever became of them', () => {
    expect(denied([file('src/a.js'), file('src/b.js', null), file('src/c.js', 'file', null)])).toEqual([]);
  });

  it('names each file that is never changed once, with the glob and where it is written', () => {
    expect(denied([file('.env'), file('a/secret.env', 'file', null), file('.env.secret')])).toEqual([
      '.env, .env.secret: it never changes these (files.never ".env*", Baton’s default)',
      'a/secret.env: it never changes these (files.never "*secret*", Baton’s default)',
    ]);
    expect(denied([file('.env'), file('docs/a.md')], { files: { never: ['docs'] } })).toEqual([
      'docs/a.md: it never changes these (files.never "docs", the permissions of devon)',
    ]);
  });

  it.each([
    '.github/workflows/ci.yml',
    '.GitHub/Workflows/ci.yml',
    '.github/actions/setup/action.yml',
    '.gitlab-ci.yml',
    'Jenkinsfile',
    'deploy/Jenkinsfile.prod',
    '.circleci/config.yml',
    'azure-pipelines.yml',
    'azure-pipelines-release.yaml',
    'bitbucket-pipelines.yml',
    '.travis.yml',
    '.drone.yml',
    'buildspec.yml',
  ])('of CI is denied, such as %s', (path) => {
    expect(denied([file(path)])).toEqual([expect.stringMatching(/it may not change CI \(may.changeCi/)]);
    expect(denied([file(path)], { may: { changeCi: true } })).toEqual([]);
  });

  it('of what only looks like CI is not', () => {
    expect(denied([file('.github/CODEOWNERS'), file('docs/jenkins.md'), file('src/pipelines.yml')])).toEqual([]);
  });

  it('of a submodule is denied, in whatever way', () => {
    for (const change of [
      file('lib', null, 'submodule'),
      file('lib', 'submodule', 'submodule'),
      file('lib', 'submodule', null),
      file('lib', 'submodule', 'file'),
      file('.gitModules'),
    ])
      expect(denied([change])).toEqual([
        `${change.path}: no agent changes submodules, they bring code that nobody has seen (submodules, Baton, for every agent)`,
      ]);
    expect(denied([file('docs/.gitmodules')])).toEqual([]);
  });

  it('may bring links within the repository, and none out of it', () => {
    expect(denied([link('web/a', '../src/a.js'), link('web/here', '.'), link('b', './/src/')])).toEqual([]);
    expect(denied([link('web/a', '../../x'), link('b', '/etc/passwd')])).toEqual([
      'web/a, b: a link points to a place in the repository, with `..` only at its beginning (links, Baton, for every agent)',
    ]);
  });

  it('counts a link as what it points to, and as all that lies in the place that it takes', () => {
    expect(denied([link('a', '.env')])).toEqual([expect.stringContaining('files.never ".env*"')]);
    expect(denied([link('web/i', '../infrastructure')])).toEqual([expect.stringContaining('"infrastructure/*"')]);
    expect(denied([link('infrastructure', 'web')])).toEqual([expect.stringContaining('"infrastructure/*"')]);
    expect(denied([link('.github', 'web')])).toEqual([expect.stringContaining('may.changeCi')]);
    expect(denied([link('web/a', '../src/a.js')], {}, [WEB])).toEqual([expect.stringContaining('territory')]);
    // A file takes no other's place.
    expect(denied([file('infrastructure', null)])).toEqual([]);
  });

  it('stays in the territory, one of several', () => {
    const files = [file('web/a.js'), file('src/a.js', 'file', null), file('Web/a.js', null)];
    expect(denied(files, {}, [WEB])).toEqual([
      'src/a.js, Web/a.js: it changes nothing outside (territory "web/**", the territory of frontend-developer)',
    ]);
    expect(denied(files, {}, [WEB, { role: 'developer', globs: ['src', 'Web'] }])).toEqual([]);
  });

  it('has at most so many files', () => {
    const files = [file('a'), file('b')];
    expect(denied(files, { limits: { filesPerCommit: 2 } })).toEqual([]);
    expect(denied(files, { limits: { filesPerCommit: 1 } })).toEqual([
      'a commit of it has at most 1 files, and this one has 2 (limits.filesPerCommit, the permissions of devon)',
    ]);
  });

  it('goes to no protected branch, and makes one only where the agent may', () => {
    const on = (more: object, given: PermissionLayer = {}) =>
      denialsOf({ agent: 'devon', given, territory: null }, { files: [], branch: { ...branch, ...more } });
    expect(on({ isNew: true })).toEqual([]);
    expect(on({ isNew: true }, { may: { createBranch: false } })).toMatchObject([
      { rule: 'may.createBranch', from: 'the permissions of devon', mends: false },
    ]);
    expect(on({}, { may: { createBranch: false } })).toEqual([]);
    expect(on({ isProtected: true })).toMatchObject([{ rule: 'may.mergeToMain', mends: false }]);
  });

  it('that touches a file of a rule is denied, whatever else it touches, and one that touches none is not', () => {
    const harmless = fc.constantFrom('src/a.js', 'README.md', 'web/x/y.ts', 'environment.ts', 'docs/ci.md');
    const bad = fc.constantFrom('.env', 'x/.ENV', 'my-secret.txt', 'infrastructure/a/b', 'INFRASTRUCTURE/a');
    const kinds = fc.constantFrom<[FileKind | null, FileKind | null]>(['file', 'file'], [null, 'file'], ['file', null]);
    const changes = fc.array(fc.tuple(harmless, kinds).map(([path, [before, after]]) => file(path, before, after)));
    fc.assert(
      fc.property(changes, fc.array(fc.tuple(bad, kinds)), (fine, wrong) => {
        const files = [...fine, ...wrong.map(([path, [before, after]]) => file(path, before, after))];
        const found = denialsOf({ agent: 'devon', given: {}, territory: null }, { files, branch });
        expect(found.flatMap((denial) => denial.files).sort()).toEqual(wrong.map(([path]) => path).sort());
      }),
    );
  });
});

describe('linkedPath', () => {
  it.each([
    ['a/b/c', '../x', 'a/x'],
    ['a/b/c', '../../x/./y', 'x/y'],
    ['a', '.', ''],
    ['a/b', '..', ''],
    ['a', '..', null],
    ['a/b', 'c/../d', null],
    ['a', '', null],
    ['a', '/x', null],
    ['a', 'C:/x', null],
    ['a', '\\\\host\\x', null],
    ['a', 'b\\..\\..\\c', null],
    ['a', '.git/config', null],
    ['a/b', '../.GIT/hooks', null],
  ])('of %s to %s is %s', (path, target, linked) => {
    expect(linkedPath(path, target)).toBe(linked);
  });

  it('never leaves the repository', () => {
    const part = fc.constantFrom('..', '.', 'a', 'b', '');
    fc.assert(
      fc.property(fc.array(fc.constantFrom('x', 'y'), { minLength: 1 }), fc.array(part), (at, to) => {
        const linked = linkedPath(at.join('/'), to.join('/'));
        if (linked !== null) expect(linked.split('/')).not.toContain('..');
      }),
    );
  });
});

describe('heldFiles', () => {
  it('are those that people approve, each by the first rule of any of the agents', () => {
    const devon = { agent: 'devon', given: {} };
    const tara = { agent: 'tara', given: { files: { approval: ['api'] } } };
    expect(heldFiles([devon, tara], ['db/schema.sql', 'a.js', 'db/Migrations/1.sql', 'api/x.ts'])).toEqual([
      { file: 'db/schema.sql', glob: '**/schema.sql', from: 'Baton’s default' },
      { file: 'db/Migrations/1.sql', glob: '**/migration*', from: 'Baton’s default' },
      { file: 'api/x.ts', glob: 'api', from: 'the permissions of tara' },
    ]);
    expect(heldFiles([tara], ['db/schema.sql'])).toEqual([]);
  });
});

describe('repositoryDenial', () => {
  const told = (repository: string, given: PermissionLayer = {}): string | null => {
    const denial = repositoryDenial({ agent: 'devon', given }, repository);
    return denial && tellDenial(denial);
  };

  it('keeps agents out of what is denied, however it is written, and of what is not allowed', () => {
    expect(told('demo')).toBeNull();
    expect(told('Secrets')).toBe(
      'it may not work in the repository Secrets (repositories.denied "secrets", Baton’s default)',
    );
    expect(told('demo', { repositories: { allowed: ['shop-*', 'blog'] } })).toBe(
      'it may not work in the repository demo (repositories.allowed "shop-*, blog", the permissions of devon)',
    );
    expect(told('secrets', { repositories: { denied: [] } })).toBeNull();
  });
});

describe('tokenDenial', () => {
  it('lets an agent go on until it has used what it may', () => {
    const grant = { agent: 'devon', given: { limits: { tokensPerTask: 100 } } };
    expect(tokenDenial(grant, 99)).toBeNull();
    expect(tokenDenial({ ...grant, given: {} }, 1e9)).toBeNull();
    expect(tellDenial(tokenDenial(grant, 100)!)).toBe(
      'it may use 100 tokens for a task, and has used 100 (limits.tokensPerTask, the permissions of devon)',
    );
  });
});

describe('tellDenial', () => {
  it('names twenty files, and how many more there are', () => {
    const files = Array.from({ length: 22 }, (_, index) => file(`.env${index}`));
    expect(denied(files)[0]).toContain('.env19 and 2 more: it never changes these');
  });

  it('shows what cannot be seen in a path, and cuts one that is too long', () => {
    expect(denied([file('.e\u00adnv\n\u001b[31m')])[0]).toMatch(/^\.e\\u\{ad\}nv\\u\{a\}\\u\{1b\}\[31m: /);
    expect(tellPath('é'.repeat(200))).toMatch(/^é{148}…$/);
  });
});
