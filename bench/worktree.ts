import { bareStep, batonStep, withAgentRepository } from './agent-repository.js';
import { compare, median, type Measurement } from './measure.js';
import type { System } from './system.js';

const FILES = 10_000;
const ROUNDS = 7;

const PROGRAM = `import { writeFileSync } from 'node:fs';
writeFileSync('edited.txt', String(process.pid) + process.hrtime.bigint());
console.log(JSON.stringify({ type: 'result', summary: 'edited' }));
`;

/** One agent's step in a repository of 10,000 files, against the git commands and the program by themselves. */
export const worktree = (system: System): Promise<Measurement[]> =>
  withAgentRepository(system, { name: 'large', files: FILES, program: PROGRAM }, async (repository) => {
    const batonMs: number[] = [];
    const bareMs: number[] = [];
    // The first round makes the clone on either side.
    for (let round = -1; round < ROUNDS; round += 1) {
      const bare = bareStep(repository, round);
      const baton = await batonStep(system, repository);
      if (round < 0) continue;
      bareMs.push(bare);
      batonMs.push(baton);
    }
    const aim = {
      text: 'at most 2 times, under 2 s',
      holds: (ratio: number, value: number) => ratio <= 2 && value < 2_000,
    };
    return [compare('agent step on 10,000 files, median', 'ms', median(batonMs), median(bareMs), aim)];
  });
