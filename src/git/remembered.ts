import type { Clone } from './clone.js';

const MAX_CHARACTERS = 16 * 1024 * 1024;
/** Longer answers are asked for again. */
const MAX_ANSWER_CHARACTERS = 512 * 1024;

/** What never changes for an object that is named by its whole id: its parent and its tree come with it. */
const NAMED_BY_ID = /^[0-9a-f]{40}(?:\^|\^\{(?:tree|commit)\})?$/;

const answers = new Map<string, string>();
let characters = 0;

/**
 * Asks a clone once for what never changes, because it is about objects that are named by their ids. Where one is named
 * in another way, by a branch or `HEAD`, it is asked each time; so is what was answered by null: it may be fetched later.
 */
export async function remembered<T extends string | null>(
  clone: Pick<Clone, 'gitDir'>,
  question: string,
  objects: readonly string[],
  ask: () => Promise<T>,
): Promise<T> {
  const known = answers.get(keyOf(clone, question, objects));
  const answer = known === undefined ? await ask() : (known as T);
  if (answer !== null) remember(clone, question, objects, answer);
  return answer;
}

/** What somebody knows who made the objects. */
export function remember(
  clone: Pick<Clone, 'gitDir'>,
  question: string,
  objects: readonly string[],
  answer: string,
): void {
  if (objects.every((name) => NAMED_BY_ID.test(name))) keep(keyOf(clone, question, objects), answer);
}

/** The clone is made anew: what was known of the one before is worth nothing. */
export function forgetClone(gitDir: string): void {
  for (const key of answers.keys()) if (key.startsWith(`${gitDir}\0`)) drop(key);
}

/** As the newest; the answers that nobody has asked for the longest make room. */
function keep(key: string, answer: string): void {
  drop(key);
  if (answer.length > MAX_ANSWER_CHARACTERS) return;
  answers.set(key, answer);
  characters += sizeOf(key, answer);
  for (const oldest of answers.keys()) {
    if (characters <= MAX_CHARACTERS) return;
    drop(oldest);
  }
}

function drop(key: string): void {
  const answer = answers.get(key);
  if (answer === undefined) return;
  answers.delete(key);
  characters -= sizeOf(key, answer);
}

const keyOf = ({ gitDir }: Pick<Clone, 'gitDir'>, question: string, objects: readonly string[]): string =>
  [gitDir, question, ...objects].join('\0');

const sizeOf = (key: string, answer: string): number => key.length + answer.length;
