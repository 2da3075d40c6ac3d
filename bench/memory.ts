import { absolute, type Measurement } from './measure.js';
import type { System } from './system.js';

const RUNS = 1_000;
const AT_ONCE = 20;
/** Garbage comes and goes; what stays is the smallest of a few looks. */
const LOOKS = 10;
const LOOK_EVERY_MS = 500;
const NOISE_MB = 20;

/** Resident memory of API and worker after many runs, and whether the second half of them made it grow. */
export async function memory(system: System): Promise<Measurement[]> {
  await runMany(system, RUNS / 2);
  const half = await settledMb(system);
  await runMany(system, RUNS / 2);
  const whole = await settledMb(system);
  return [
    absolute(`API and worker after ${RUNS} runs`, 'MB', whole, { text: 'under 700 MB', holds: (value) => value < 700 }),
    absolute(`growth over the last ${RUNS / 2} runs`, 'MB', whole - half, {
      text: `none (within ${NOISE_MB} MB)`,
      holds: (value) => value <= NOISE_MB,
    }),
  ];
}

async function runMany(system: System, runs: number): Promise<void> {
  let left = runs;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (left > 0) {
        left -= 1;
        await (await (await system.prepareRun('five-steps')).start()).result();
      }
    }),
  );
}

async function settledMb(system: System): Promise<number> {
  let least = Infinity;
  for (let look = 0; look < LOOKS; look += 1) {
    await new Promise((done) => setTimeout(done, LOOK_EVERY_MS));
    least = Math.min(least, system.residentMb());
  }
  return least;
}
