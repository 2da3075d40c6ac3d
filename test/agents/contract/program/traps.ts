import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Bench } from '../bench.js';
import type { Played } from './real-program.js';

/** What no program may run of a repository that is not trusted. */
export const TRAP = ['touch', '/workspace/trapped'] as const;

/** The repository is full of them while every other clause is tried. */
export function trapClauses(bench: Bench, { traps = {} }: Played): void {
  beforeAll(() => {
    for (const [file, content] of Object.entries(traps)) {
      mkdirSync(dirname(join(bench.room.workspace, file)), { recursive: true });
      writeFileSync(join(bench.room.workspace, file), content);
    }
  });
  afterAll(() => {
    expect(existsSync(join(bench.room.workspace, 'trapped'))).toBe(false);
  });
}
