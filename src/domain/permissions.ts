import type { Territory } from './territory.js';
import { cutText } from './text.js';
import { mayLieBelow, pathMatcher, wideMatcher } from './path-globs.js';

/** What an agent may do, and what not (R7.5). Globs are written as in `.gitignore`. */
export interface Permissions {
  readonly repositories: { readonly allowed: readonly string[]; readonly denied: readonly string[] };
  readonly may: {
    /** Whether its work may be the first on a branch. */
    readonly createBranch: boolean;
    readonly changeCi: boolean;
    /** No agent may: Baton does none of it in an agent's name, and hands out no secret. */
    readonly deleteBranch: false;
    readonly forcePush: false;
    readonly mergeToMain: false;
    readonly readSecrets: false;
  };
  /** Files that it never changes, and files whose change people approve before it lands. */
  readonly files: { readonly never: readonly string[]; readonly approval: readonly string[] };
  /** Null: as many as it takes. */
  readonly limits: { readonly tokensPerTask: number | null; readonly filesPerCommit: number | null };
}

/** What an agent's row says of it; the rest is as `DEFAULT_PERMISSIONS` has it. */
export type PermissionLayer = {
  readonly [G in keyof Permissions]?:
    { readonly [F in keyof Permissions[G]]?: Permissions[G][F] | undefined } | undefined;
};

export const DEFAULT_PERMISSIONS: Permissions = {
  repositories: { allowed: ['*'], denied: ['infrastructure', 'secrets'] },
  may: {
    createBranch: true,
    changeCi: false,
    deleteBranch: false,
    forcePush: false,
    mergeToMain: false,
    readSecrets: false,
  },
  files: { never: ['.env*', '*secret*', 'infrastructure/*'], approval: ['**/schema.sql', '**/migration*'] },
  limits: { tokensPerTask: null, filesPerCommit: null },
};

/** What says how a repository is built, proved and delivered, wherever it is hosted. */
export const CI_FILES = [
  '.github/workflows',
  '.github/actions',
  '.gitlab-ci.yml',
  '.gitlab/ci',
  '.gitea/workflows',
  '.forgejo/workflows',
  '.circleci',
  '.buildkite',
  '.woodpecker',
  '.woodpecker.{yml,yaml}',
  '.semaphore',
  '.teamcity',
  '.drone.{yml,yaml}',
  '.travis.yml',
  '{azure-pipelines,bitbucket-pipelines}*.{yml,yaml}',
  '.azure-pipelines',
  '{appveyor,.appveyor,cloudbuild,buildspec}.{yml,yaml}',
  'Jenkinsfile*',
] as const;

/** What is known of an agent when its work is checked. */
export interface Grant {
  readonly agent: string;
  readonly given: PermissionLayer;
  /** Where it may change files: in any of them; null: anywhere. */
  readonly territory: readonly Territory[] | null;
}

export const permissionsOf = (given: PermissionLayer): Permissions => ({
  repositories: layer(DEFAULT_PERMISSIONS.repositories, given.repositories),
  may: layer(DEFAULT_PERMISSIONS.may, given.may),
  files: layer(DEFAULT_PERMISSIONS.files, given.files),
  limits: layer(DEFAULT_PERMISSIONS.limits, given.limits),
});

function layer<T extends object>(usual: T, given: { readonly [K in keyof T]?: T[K] | undefined } = {}): T {
  const said = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...usual, ...Object.fromEntries(said) };
}

export type FileKind = 'file' | 'link' | 'submodule';

/** What became of one path; a rename is a deletion and an addition. */
export interface FileChange {
  readonly path: string;
  /** What stood there, and what stands there now; null: nothing. */
  readonly before: FileKind | null;
  readonly after: FileKind | null;
  /** Where a link points, as it says; null of anything else. */
  readonly target: string | null;
}

/** A change as it would leave the host of its worktree. */
export interface ChangeToLeave {
  readonly files: readonly FileChange[];
  readonly branch: { readonly name: string; readonly isNew: boolean; readonly isProtected: boolean };
}

/** What an agent was kept from: by which rule, and where that is written. */
export interface Denial {
  /** Such as `files.never`. */
  readonly rule: string;
  readonly glob: string | null;
  /** Whose rule it is. */
  readonly from: string;
  readonly files: readonly string[];
  readonly why: string;
  /** Whether the agent can do without it. */
  readonly mends: boolean;
}

const BATON = 'Baton, for every agent';

/** All of a change that the agent may not do; nothing where it may leave. */
export function denialsOf(grant: Grant, { files, branch }: ChangeToLeave): Denial[] {
  const { may, files: globs, limits } = permissionsOf(grant.given);
  return [
    ...onBranch(grant, branch, may),
    ...refuseLinks(files),
    ...refuse(
      {
        rule: 'submodules',
        glob: null,
        from: BATON,
        why: 'no agent changes submodules, they bring code that nobody has seen',
      },
      files.filter(({ path, before, after }) => before === 'submodule' || after === 'submodule' || isGitmodules(path)),
    ),
    ...byGlob(
      { rule: 'files.never', from: sourceOf(grant, 'files', 'never'), why: 'it never changes these' },
      globs.never,
      files,
    ),
    ...(may.changeCi
      ? []
      : byGlob(
          { rule: 'may.changeCi', from: sourceOf(grant, 'may', 'changeCi'), why: 'it may not change CI' },
          CI_FILES,
          files,
        )),
    ...outsideTerritory(grant.territory, files),
    ...(limits.filesPerCommit !== null && files.length > limits.filesPerCommit
      ? [
          {
            rule: 'limits.filesPerCommit',
            glob: null,
            from: sourceOf(grant, 'limits', 'filesPerCommit'),
            files: [],
            why: `a commit of it has at most ${limits.filesPerCommit} files, and this one has ${files.length}`,
            mends: true,
          },
        ]
      : []),
  ];
}

const isGitmodules = wideMatcher('/.gitmodules');

function onBranch(
  grant: Grant,
  { name, isNew, isProtected }: ChangeToLeave['branch'],
  may: Permissions['may'],
): Denial[] {
  const denial = { glob: null, files: [], mends: false };
  if (isProtected)
    return [
      { ...denial, rule: 'may.mergeToMain', from: BATON, why: `${name} is protected: a merge changes it, no agent` },
    ];
  if (!isNew || may.createBranch) return [];
  const from = sourceOf(grant, 'may', 'createBranch');
  return [
    { ...denial, rule: 'may.createBranch', from, why: `it may not create a branch, and ${name} is not there yet` },
  ];
}

type RuleOf = Pick<Denial, 'rule' | 'glob' | 'from' | 'why'>;

const refuse = (rule: RuleOf, files: readonly FileChange[]): Denial[] =>
  files.length === 0 ? [] : [{ ...rule, files: files.map(({ path }) => path), mends: true }];

/** Each file counts for the first glob that names it, or what it links to. */
function byGlob(rule: Omit<RuleOf, 'glob'>, globs: readonly string[], files: readonly FileChange[]): Denial[] {
  const left = new Set(files);
  return globs.flatMap((glob) => {
    const names = wideMatcher(glob);
    const isUnder = mayLieBelow(glob);
    const isNamed = (change: FileChange) =>
      touched(change).some(names) || (isNoFile(change) && touched(change).some(isUnder));
    const hit = [...left].filter(isNamed);
    for (const change of hit) left.delete(change);
    return refuse({ ...rule, glob }, hit);
  });
}

const isNoFile = ({ before, after }: FileChange): boolean =>
  [before, after].some((kind) => kind === 'link' || kind === 'submodule');

/** The path itself, and where its link points. */
const touched = ({ path, target }: FileChange): string[] => {
  const linked = target === null ? null : linkedPath(path, target);
  return linked === null ? [path] : [path, linked];
};

const refuseLinks = (files: readonly FileChange[]): Denial[] =>
  refuse(
    {
      rule: 'links',
      glob: null,
      from: BATON,
      why: 'a link points to a place in the repository, with `..` only at its beginning',
    },
    files.filter(({ path, target }) => target !== null && linkedPath(path, target) === null),
  );

/**
 * The path that a link stands for; null where it is none of the repository's, or could be another than it says: behind a
 * name that is a link itself, `..` leads elsewhere.
 */
export function linkedPath(path: string, target: string): string | null {
  if (target === '' || /^[/\\]|^[a-z]:|\\/i.test(target)) return null;
  const parts = target.split('/').filter((part) => part !== '' && part !== '.');
  const up = parts.findIndex((part) => part !== '..');
  const down = up === -1 ? [] : parts.slice(up);
  const from = path.split('/').slice(0, -1);
  const rise = parts.length - down.length;
  if (rise > from.length || down.includes('..')) return null;
  const linked = [...from.slice(0, from.length - rise), ...down].join('/');
  return isGitFolder(linked) ? null : linked;
}

const isGitFolder = wideMatcher('.git');

function outsideTerritory(territory: readonly Territory[] | null, files: readonly FileChange[]): Denial[] {
  if (territory === null) return [];
  const globs = territory.flatMap((one) => one.globs);
  const matchers = globs.map(pathMatcher);
  const isInside = (path: string) => matchers.some((names) => names(path));
  const roles = territory.map(({ role }) => role).join(', ');
  return refuse(
    { rule: 'territory', glob: globs.join(', '), from: `the territory of ${roles}`, why: 'it changes nothing outside' },
    files.filter((change) => !touched(change).every(isInside)),
  );
}

const sourceOf = <G extends keyof Permissions>(
  { agent, given }: Pick<Grant, 'agent' | 'given'>,
  group: G,
  field: keyof Permissions[G],
): string => (given[group]?.[field] === undefined ? 'Baton’s default' : `the permissions of ${agent}`);

/** A changed file that people approve before it lands, by which glob, and whose rule that is. */
export interface HeldFile {
  readonly file: string;
  readonly glob: string;
  readonly from: string;
}

/** The changed files that these agents may change only if people approve it. */
export function heldFiles(grants: readonly Omit<Grant, 'territory'>[], paths: readonly string[]): HeldFile[] {
  const rules = grants.flatMap((grant) =>
    permissionsOf(grant.given).files.approval.map((glob) => ({
      glob,
      from: sourceOf(grant, 'files', 'approval'),
      names: wideMatcher(glob),
    })),
  );
  return paths.flatMap((file) => {
    const rule = rules.find(({ names }) => names(file));
    return rule ? [{ file, glob: rule.glob, from: rule.from }] : [];
  });
}

/** Why an agent may not work in a repository; null where it may. */
export function repositoryDenial(grant: Omit<Grant, 'territory'>, repository: string): Denial | null {
  const { allowed, denied } = permissionsOf(grant.given).repositories;
  const glob = denied.find((one) => wideMatcher(one)(repository)) ?? null;
  const isOut = !allowed.some((one) => pathMatcher(one)(repository));
  if (glob === null && !isOut) return null;
  const field = glob === null ? 'allowed' : 'denied';
  return {
    rule: `repositories.${field}`,
    glob: glob ?? allowed.join(', '),
    from: sourceOf(grant, 'repositories', field),
    files: [],
    why: `it may not work in the repository ${repository}`,
    mends: false,
  };
}

/** Why an agent that has used so many tokens for a task may not go on with it; null where it may. */
export function tokenDenial(grant: Omit<Grant, 'territory'>, used: number): Denial | null {
  const { tokensPerTask } = permissionsOf(grant.given).limits;
  if (tokensPerTask === null || used < tokensPerTask) return null;
  return {
    rule: 'limits.tokensPerTask',
    glob: null,
    from: sourceOf(grant, 'limits', 'tokensPerTask'),
    files: [],
    why: `it may use ${tokensPerTask} tokens for a task, and has used ${used}`,
    mends: false,
  };
}

const MAX_LISTED = 20;
const MAX_PATH_BYTES = 300;

/** Such as `.env, a/.env: it never changes these (files.never ".env*", Baton’s default)`. */
export function tellDenial({ rule, glob, from, files, why }: Denial): string {
  const place = `${rule}${glob === null ? '' : ` ${JSON.stringify(glob)}`}, ${from}`;
  return `${files.length === 0 ? '' : `${tellPaths(files)}: `}${why} (${place})`;
}

/** The first of some paths, as people read them, and how many more there are. */
export function tellPaths(paths: readonly string[]): string {
  const more = paths.length > MAX_LISTED ? ` and ${paths.length - MAX_LISTED} more` : '';
  return `${paths.slice(0, MAX_LISTED).map(tellPath).join(', ')}${more}`;
}

/** A path whose every character can be seen, cut where it is too long. */
export const tellPath = (path: string): string =>
  cutText(path, MAX_PATH_BYTES).replace(
    /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu,
    (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
