import { parseDocument } from 'yaml';

interface Tried {
  readonly name: string;
  readonly status: string;
}

const PARTS: Readonly<Record<string, string>> = {
  setup: 'setup',
  tests: 'test',
  lint: 'lint',
  typecheck: 'typecheck',
  coverage: 'coverage',
};

export interface PassedParts {
  /** Null: no part passed. */
  readonly config: string | null;
  /** Parts of the file that did not pass. */
  readonly leftOut: string[];
}

/** The parts of a configuration that passed their trial, with their comments. After a failed set-up nothing has. */
export function keepPassed(text: string, phases: readonly Tried[]): PassedParts {
  const document = parseDocument(text);
  const bad = phases.filter(({ status }) => status !== 'pass').flatMap(({ name }) => PARTS[name] ?? []);
  const leftOut = bad.filter((part) => document.has(part));
  for (const part of leftOut) document.delete(part);
  const isLeft = Object.values(PARTS).some((part) => document.has(part));
  if (!isLeft || bad.includes('setup')) return { config: null, leftOut };
  // Where all of it passed the text stays as it is written.
  return { config: leftOut.length === 0 ? text : tidy(document.toString({ lineWidth: 0 })), leftOut };
}

const tidy = (text: string): string => text.replaceAll(/\n{3,}/g, '\n\n');
