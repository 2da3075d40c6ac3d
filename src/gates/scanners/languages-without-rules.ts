import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';

/** Languages that static analysis has no rules for, by the endings of their files. */
const LANGUAGES: Readonly<Record<string, readonly string[]>> = {
  Go: ['.go'],
  Rust: ['.rs'],
  Ruby: ['.rb'],
  Java: ['.java'],
  Kotlin: ['.kt', '.kts'],
  Scala: ['.scala'],
  'C#': ['.cs'],
  PHP: ['.php'],
  Swift: ['.swift'],
  'C or C++': ['.c', '.cc', '.cpp', '.cxx', '.h', '.hpp'],
  Dart: ['.dart'],
  Elixir: ['.ex', '.exs'],
};
const BY_ENDING = new Map(Object.entries(LANGUAGES).flatMap(([name, endings]) => endings.map((one) => [one, name])));

/** Names of the languages in a checkout that there are no rules for, sorted. Links are not followed. */
export async function languagesWithoutRules(root: string): Promise<string[]> {
  const found = new Set<string>();
  const look = async (folder: string): Promise<void> => {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (entry.isDirectory() && entry.name !== '.git') await look(join(folder, entry.name));
      const language = entry.isFile() ? BY_ENDING.get(extname(entry.name).toLowerCase()) : undefined;
      if (language !== undefined) found.add(language);
    }
  };
  await look(root);
  return [...found].sort();
}
