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

export interface KeptPart {
  /** Null: nothing passed. */
  readonly text: string | null;
  /** Parts of the file that are left out, as they did not pass. */
  readonly leftOut: readonly string[];
}

/** The parts of a configuration that passed their trial, with their comments. After a failed set-up nothing has. */
export function keepPassed(text: string, phases: readonly Tried[]): KeptPart {
  const document = parseDocument(text);
  const bad = phases.filter(({ status }) => status !== 'pass').flatMap(({ name }) => PARTS[name] ?? []);
  const leftOut = bad.filter((part) => document.has(part));
  for (const part of leftOut) document.delete(part);
  const isLeft = Object.values(PARTS).some((part) => document.has(part));
  return { text: isLeft && !bad.includes('setup') ? tidy(document.toString({ lineWidth: 0 })) : null, leftOut };
}

const tidy = (text: string): string => text.replaceAll(/\n{3,}/g, '\n\n');
