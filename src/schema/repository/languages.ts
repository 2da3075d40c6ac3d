import type { RepositoryFiles } from './repository-files.js';

export interface Language {
  readonly name: string;
  readonly files: number;
}

const EXTENSIONS: Readonly<Record<string, readonly string[]>> = {
  TypeScript: ['ts', 'tsx', 'mts', 'cts'],
  JavaScript: ['js', 'jsx', 'mjs', 'cjs'],
  Python: ['py', 'pyi'],
  Go: ['go'],
  Rust: ['rs'],
  Java: ['java'],
  Kotlin: ['kt', 'kts'],
  Scala: ['scala'],
  Groovy: ['groovy'],
  C: ['c', 'h'],
  'C++': ['cc', 'cpp', 'cxx', 'hpp', 'hh'],
  'C#': ['cs'],
  Ruby: ['rb'],
  PHP: ['php'],
  Swift: ['swift'],
  Elixir: ['ex', 'exs'],
  Shell: ['sh', 'bash'],
  Vue: ['vue'],
  Svelte: ['svelte'],
};
const BY_EXTENSION = new Map(
  Object.entries(EXTENSIONS).flatMap(([name, ends]) => ends.map((end) => [end, name] as const)),
);
const NOT_OWN = /(^|\/)(node_modules|vendor|third_party|dist|build)\//;

/** Languages by number of files, most first; vendored and built files left out. */
export function languagesOf({ paths }: RepositoryFiles): Language[] {
  const counts = new Map<string, number>();
  for (const path of paths) {
    const name = BY_EXTENSION.get(/\.(\w+)$/.exec(path)?.[1] ?? '');
    if (name !== undefined && !NOT_OWN.test(path)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts]
    .map(([name, files]) => ({ name, files }))
    .sort((a, b) => b.files - a.files || (a.name < b.name ? -1 : 1));
}
