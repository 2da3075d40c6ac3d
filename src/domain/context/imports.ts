/** The folders and endings that a relative import of JavaScript or TypeScript may leave out. */
const SCRIPT_ENDINGS = ['', '.ts', '.tsx', '.js', '.jsx', '.mjs', '.cjs', '.mts', '.vue', '.svelte'];

type Importing = (path: string, content: string, paths: ReadonlySet<string>) => readonly string[];

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
const all = (content: string, pattern: RegExp): readonly string[] =>
  [...content.matchAll(pattern)].map((match) => match.slice(1).join(''));

/** Joins a folder and a relative path, without a leading slash. */
function joined(folder: string, relative: string): string {
  const parts: string[] = [];
  for (const part of `${folder}/${relative}`.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

const ofScript: Importing = (path, content, paths) =>
  all(content, /(?:from|import|require)\s*\(?\s*['"](\.{1,2}\/[^'"]+)['"]/g).flatMap((name) => {
    const base = joined(folderOf(path), name);
    const bare = base.replace(/\.[mc]?jsx?$/, '');
    const candidates = [base, bare].flatMap((stem) => [
      ...SCRIPT_ENDINGS.map((ending) => `${stem}${ending}`),
      ...SCRIPT_ENDINGS.slice(1).map((ending) => `${stem}/index${ending}`),
    ]);
    return candidates.filter((candidate) => paths.has(candidate)).slice(0, 1);
  });

const ofPython: Importing = (path, content, paths) =>
  all(content, /^[ \t]*(?:from[ \t]+(\.*[\w.]*)[ \t]+import|import[ \t]+([\w.]+))/gm).flatMap((module) => {
    const dots = /^\.*/.exec(module)![0];
    const below = module.slice(dots.length).replaceAll('.', '/');
    const relative = joined(folderOf(path), `${'../'.repeat(Math.max(0, dots.length - 1))}${below}`);
    const roots = dots === '' ? ['', 'src/', 'lib/'].map((root) => `${root}${below}`) : [relative];
    return roots.flatMap((root) => [`${root}.py`, `${root}/__init__.py`]).filter((candidate) => paths.has(candidate));
  });

/** A Go import names a folder: its files but the tests. */
const ofGo: Importing = (_path, content, paths) => {
  const named = all(content, /^(?:import)?[ \t]*(?:[\w.]+[ \t]+)?"([^"\s]+\/[^"\s]+)"/gm);
  return [...paths].filter((candidate) => {
    const folder = folderOf(candidate);
    const isSource = candidate.endsWith('.go') && !candidate.endsWith('_test.go');
    return isSource && folder !== '' && named.some((name) => name.endsWith(`/${folder}`));
  });
};

const ofRust: Importing = (path, content, paths) => {
  const here = /(^|\/)(mod|lib|main)\.rs$/.test(path) ? folderOf(path) : path.replace(/\.rs$/, '');
  const modules = all(content, /^[ \t]*(?:pub(?:\([^)]*\))?[ \t]+)?mod[ \t]+(\w+);/gm).map((name) => `${here}/${name}`);
  const root = path.startsWith('src/') ? 'src' : path.replace(/\/src\/.*$/, '/src');
  const used = all(content, /\buse[ \t]+crate::([\w:]+)/g).flatMap((name) => {
    const parts = name.split('::').filter((part) => part !== '');
    return parts.map((_, index) => [root, ...parts.slice(0, index + 1)].join('/'));
  });
  return [...modules, ...used]
    .flatMap((module) => [`${module}.rs`, `${module}/mod.rs`])
    .filter((candidate) => paths.has(candidate));
};

const ofJava: Importing = (_path, content, paths) => {
  const named = all(content, /^import[ \t]+(?:static[ \t]+)?([\w.]+)/gm).map((name) => name.replaceAll('.', '/'));
  return [...paths].filter((candidate) => {
    const [, stem] = /^(.*)\.(?:java|kt)$/.exec(candidate) ?? [];
    return stem !== undefined && named.some((name) => stem === name || stem.endsWith(`/${name}`));
  });
};

const LANGUAGES: readonly (readonly [RegExp, Importing])[] = [
  [/\.([mc]?[jt]sx?|vue|svelte)$/, ofScript],
  [/\.pyi?$/, ofPython],
  [/\.go$/, ofGo],
  [/\.rs$/, ofRust],
  [/\.(java|kt)$/, ofJava],
];

/** The files of a repository that a source file imports, by the rules of its language; others than the repository's are left out. */
export function importedFiles(path: string, content: string, paths: ReadonlySet<string>): readonly string[] {
  const found = LANGUAGES.find(([pattern]) => pattern.test(path));
  return found ? [...new Set(found[1](path, content, paths))].filter((imported) => imported !== path) : [];
}

/** What an import of a file has in its line, whatever its language: the file's own name, or its folder's. */
export function importMark(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.\w+$/, '');
  const folder = folderOf(path).split('/').at(-1)!;
  return /^(index|__init__|mod|lib|main)$/.test(name) || path.endsWith('.go') ? folder || name : name;
}
