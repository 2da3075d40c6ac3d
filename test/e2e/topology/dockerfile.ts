import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const FILE = resolve(import.meta.dirname, '../../../Dockerfile');

/** What an image says of the processes that run from it. */
export interface Image {
  readonly user: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly command: readonly string[];
}

/** Baton's own image, from the last stage of the Dockerfile. */
export function readDockerfile(): Image {
  const stages = readFileSync(FILE, 'utf8').split(/^FROM /m);
  const last = (instruction: string) => valuesOf(stages.at(-1)!, instruction).at(-1) ?? '';
  const pairs = valuesOf(stages.at(-1)!, 'ENV').flatMap((text) => text.split(/\s+/));
  return {
    user: last('USER'),
    environment: Object.fromEntries(pairs.map((pair) => pair.split('=') as [string, string])),
    command: JSON.parse(last('CMD')) as string[],
  };
}

const valuesOf = (stage: string, instruction: string): string[] =>
  stage
    .split('\n')
    .filter((line) => line.startsWith(`${instruction} `))
    .map((line) => line.slice(instruction.length).trim());
