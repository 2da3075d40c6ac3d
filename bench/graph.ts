import { compare, median, type Measurement } from './measure.js';
import type { System } from './system.js';

const RUNS = 60;
const WARM_UP = 10;
const AT_ONCE = 50;
const THROUGHPUT_RUNS = 300;

const PIPELINE = `workflow: five-steps
steps:
${[1, 2, 3, 4, 5].map((step) => `  - name: Step ${step}\n    action: flow.noop\n`).join('')}`;

/** Five steps in a row that do nothing: what the engine adds to the SDK, alone and at 50 at once. */
export async function graph(system: System): Promise<Measurement[]> {
  await system.activate(PIPELINE);
  const batonMs: number[] = [];
  const bareMs: number[] = [];
  for (let run = -WARM_UP; run < RUNS; run += 1) {
    const ours = await system.prepareRun('five-steps');
    // In turn, so that a slow moment of the machine meets both.
    const baton = await timed(async () => (await ours.start()).result());
    const bare = await timed(async () => (await system.startBare()).result());
    if (run < 0) continue;
    batonMs.push(baton);
    bareMs.push(bare);
  }

  const prepared = [];
  for (let run = 0; run < THROUGHPUT_RUNS; run += 1) prepared.push(await system.prepareRun('five-steps'));
  const batonPerSecond = await throughput(prepared.map(({ start }) => start));
  const barePerSecond = await throughput(Array.from({ length: THROUGHPUT_RUNS }, () => () => system.startBare()));
  return [
    compare('5-step graph, median', 'ms', median(batonMs), median(bareMs), {
      text: 'at most 1.5 times',
      holds: (ratio) => ratio <= 1.5,
    }),
    compare(`5-step graphs, ${AT_ONCE} at once`, 'runs/s', batonPerSecond, barePerSecond, {
      text: 'at least 0.6 times',
      holds: (ratio) => ratio >= 0.6,
    }),
  ];
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** Runs a second, with `AT_ONCE` of them open all the time. */
async function throughput(starts: readonly (() => Promise<{ result: () => Promise<unknown> }>)[]): Promise<number> {
  const queue = [...starts];
  const tookMs = await timed(() =>
    Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (let start = queue.shift(); start; start = queue.shift()) await (await start()).result();
      }),
    ),
  );
  return (starts.length / tookMs) * 1000;
}
